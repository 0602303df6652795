"""Locks: one recording session and one window per data folder. The system releases a lock when its process dies."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from attendance_app.store.errors import BackupRunning, LockNotWritable, OpenElsewhere, SessionRecordedElsewhere

PATIENCE_SECONDS = 0.5
"""How long a lock is tried for. ``is_held`` takes the lock for an instant to see whether it is free, and whoever asks
for the lock in that instant must not be told that another program records."""

RETRY_SECONDS = 0.01


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        # One byte stands for the file; it need not exist.
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        # flock, not lockf: its lock belongs to this open file, so a second attempt in this process fails as well.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def recording_lock(path: Path) -> Iterator[None]:
    """Hold the lock file for the block. Raises SessionRecordedElsewhere while another process or window records."""
    with held_lock(path, SessionRecordedElsewhere()):
        yield


@contextmanager
def window_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while a window is open. Raises OpenElsewhere while another one is."""
    with held_lock(path, OpenElsewhere()):
        yield


@contextmanager
def backup_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while backups are written. Raises BackupRunning while another process does so."""
    with held_lock(path, BackupRunning()):
        yield


@contextmanager
def held_lock(path: Path, busy: Exception, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold a lock file for the block. Raises ``busy`` if it is not free within ``patience`` seconds."""
    try:
        # "ab" makes the file if needed and leaves its content alone; the lock is on the open file, not on its
        # existence, so a file left by a crash does no harm.
        file = open(path, "ab", opener=for_owner)  # noqa: SIM115 - Path.open has no opener
    except OSError as error:
        raise LockNotWritable(path=path, reason=error.strerror or str(error)) from error
    with file:
        _lock_in_time(file, busy, patience)
        yield


def for_owner(path: str, flags: int) -> int:
    """Open a file that, if it is made now, its owner alone may read."""
    return os.open(path, flags, 0o600)


def _lock_in_time(file: BinaryIO, busy: Exception, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            _lock(file)
        except OSError as error:
            if time.monotonic() >= end:
                raise busy from error
            time.sleep(RETRY_SECONDS)
        else:
            return


def is_held(path: Path) -> bool:
    """Say whether another process holds the lock now; its session is then not cut off.

    Takes the lock for an instant; while it is held, the answer takes ``PATIENCE_SECONDS``.
    """
    try:
        with recording_lock(path):
            return False
    # Unknown counts as held: a session that runs must not be closed as if it had been cut off.
    except (SessionRecordedElsewhere, LockNotWritable):
        return True
