"""Maps SQLite's error codes to known errors."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from attendance_app.config.disk import MEGABYTE, free_bytes, is_full
from attendance_app.domain.errors import StoreError
from attendance_app.store import driver
from attendance_app.store.driver import dbapi
from attendance_app.store.errors import (
    DiskFailed,
    DiskFull,
    RegisterBusy,
    RegisterDamaged,
    RegisterNotOpened,
    RegisterReadOnly,
)

JOURNAL_MB = 10
PRIMARY_CODE = 0xFF
"""Extended result codes keep the primary one in their lowest byte."""


def store_error(error: driver.Error, path: Path) -> StoreError | None:  # noqa: PLR0911 - one line a cause
    """Return the known error that ``error`` stands for, or None when it is a bug of ours."""
    match getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE:
        case dbapi.SQLITE_BUSY | dbapi.SQLITE_LOCKED:
            return RegisterBusy(path=path)
        case dbapi.SQLITE_READONLY | dbapi.SQLITE_PERM | dbapi.SQLITE_AUTH:
            return RegisterReadOnly(path=path)
        case dbapi.SQLITE_FULL:
            return disk_full(path)
        case dbapi.SQLITE_CORRUPT | dbapi.SQLITE_NOTADB:
            return RegisterDamaged(path=path)
        # Without room for the log's index SQLite speaks of opening, or of input and output; the disk says why.
        case dbapi.SQLITE_CANTOPEN | dbapi.SQLITE_IOERR if is_full(path):
            return disk_full(path)
        case dbapi.SQLITE_CANTOPEN:
            return RegisterNotOpened(path=path)
        case dbapi.SQLITE_IOERR:
            return DiskFailed(path=path)
    return None


def disk_full(path: Path) -> DiskFull:
    """Say how much room there is and how much the register needs: its journal's, and a copy of itself for rewriting."""
    size = path.stat().st_size if path.exists() else 0
    needed = JOURNAL_MB + math.ceil(size / MEGABYTE)
    # SQLite can call a disk full that has room, as under a quota: the message must not name more than is needed.
    return DiskFull(path=path, free_mb=round(min(free_bytes(path) / MEGABYTE, needed - 1), 1), needed_mb=needed)


@contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Convert SQLite's environment errors inside the block to StoreError; other exceptions pass through."""
    try:
        yield
    except DBAPIError as error:
        known = store_error(error.orig, path) if isinstance(error.orig, driver.Error) else None
        if known is None:
            raise
        raise known from error
    except driver.Error as error:
        known = store_error(error, path)
        if known is None:
            raise
        raise known from error
