"""Verified copies of database files."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from attendance_app.store.contents import is_whole, row_counts
from attendance_app.store.driver import connect, key_name_of
from attendance_app.store.errors import RegisterDamaged
from attendance_app.store.key_store import key_named
from attendance_app.store.sqlite_errors import known_errors

PART = ".part"


def copy_database(source: Path, target: Path) -> None:
    """Copy a database with the contents of its write-ahead log; ``target`` is complete and verified or not there.

    The copy is encrypted with the source's key, or plain like it. Verified: opened again, every page and reference in
    order, as many rows in each table as the source had at that moment. Raises StoreError.
    """
    with in_one_step(target) as partial:
        name = key_name_of(source)
        key = None if name is None else key_named(name, source).for_new_file()
        with known_errors(source), closing(connect(source)) as old, closing(connect(partial, key=key)) as new:
            # One snapshot for counting and copying, whoever writes meanwhile. Unlike a copy of the file, SQLite's own
            # backup has what is still in the write-ahead log.
            old.execute("BEGIN")
            counts = row_counts(old)
            old.backup(new)
            old.execute("COMMIT")
            # One file, without a log beside it, that opens from a read-only place too.
            new.execute("PRAGMA journal_mode = DELETE")
        with known_errors(source), closing(connect(partial)) as copy:
            if not is_whole(copy) or row_counts(copy) != counts:
                raise RegisterDamaged(path=source)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file and compare what has arrived; ``target`` is complete or not there. Raises OSError."""
    with in_one_step(target) as partial:
        shutil.copyfile(source, partial)
        if file_digest(partial) != file_digest(source):
            raise OSError(f"{target} was not written as it was read")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def in_one_step(target: Path) -> Iterator[Path]:
    """Give a new file beside ``target``, for the owner only, that takes its place at the end of the block.

    On any exception it is removed, and what was there stays.
    """
    partial = target.with_name(target.name + PART)
    try:
        partial.unlink(missing_ok=True)  # left by a crash
        # Its rights before it has content.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        _sync_folder(target.parent)
    finally:
        for rest in (partial, *(partial.with_name(partial.name + end) for end in ("-journal", "-wal", "-shm"))):
            with suppress(OSError):
                rest.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk, where the system can be asked to (Windows can't)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
