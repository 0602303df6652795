"""What SQLite's error codes mean in the user's world."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from attendance_app.domain.errors import StoreError

PRIMARY_CODE = 0xFF
"""Extended result codes keep the primary one in their lowest byte."""


def store_error(error: sqlite3.Error, path: Path) -> StoreError | None:  # noqa: PLR0911 - one line a cause
    """Return the known error that ``error`` stands for, or None when it is a bug of ours."""
    match getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                "Another program is writing to the register {path}, and it did not finish in time.",
                remedy="Close other windows of this program and programs that copy or open this file, then try again.",
                path=path,
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                "The register {path} can't be changed: the file or its folder is read-only.",
                remedy="Allow writing to the folder, or choose another one with --home or ATTENDANCE_HOME.",
                path=path,
            )
        case sqlite3.SQLITE_FULL:
            return StoreError(
                "The disk is full: {path} could not be written. Everything recorded before is kept.",
                remedy="Free some space on the disk and try again.",
                path=path,
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError(
                "The register {path} is damaged or is not a register of this program.",
                remedy="Put a backup copy of the file in its place, or move it away to start with an empty register.",
                path=path,
            )
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError(
                "The register {path} can't be opened.",
                remedy="Check that the folder exists and that you may write there, or choose another one with --home.",
                path=path,
            )
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                "The disk did not read or write {path} properly.",
                remedy="Check the disk and its connection, keep a copy of the file, and start the program again.",
                path=path,
            )
    return None


@contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's environment errors inside the block into StoreError; let all others through."""
    try:
        yield
    except DBAPIError as error:
        known = store_error(error.orig, path) if isinstance(error.orig, sqlite3.Error) else None
        if known is None:
            raise
        raise known from error
    except sqlite3.Error as error:
        known = store_error(error, path)
        if known is None:
            raise
        raise known from error
