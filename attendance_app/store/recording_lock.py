"""One recording session and one window a data folder; the system frees a lock when its process dies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from attendance_app.domain.errors import KnownError, StoreError


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def recording_lock(path: Path) -> Iterator[None]:
    """Hold the lock file for the block. Raises KnownError while another process or window records."""
    busy = KnownError(
        "A session is being recorded by another window or command on the same data.",
        remedy="End that session first, or use another data folder with --home.",
    )
    with _held(path, busy):
        yield


@contextmanager
def window_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while a window is open. Raises OpenElsewhereError while another one is."""
    busy = OpenElsewhereError(
        "The program is open on these data already.", remedy="Use the window that is open, or close it first."
    )
    with _held(path, busy):
        yield


class OpenElsewhereError(KnownError):
    """Another window is open on the same data."""


@contextmanager
def _held(path: Path, busy: KnownError) -> Iterator[None]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise StoreError(
            "{path} can't be written: {reason}.",
            remedy="Allow writing to the data folder, or choose another one with --home.",
            path=path,
            reason=error.strerror or error,
        ) from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise busy from error
        yield


def is_held(path: Path) -> bool:
    """Say whether another process holds the lock right now, so that its session is not taken for one cut off."""
    try:
        with recording_lock(path):
            return False
    except KnownError:
        return True
