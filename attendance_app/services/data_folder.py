"""Changing the data folder: whether a folder can be used, and copying the data into it."""

import shutil
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from attendance_app.config.data_folder import pointer_file
from attendance_app.config.paths import PACKAGE, bundled
from attendance_app.config.settings_file import SETTINGS_FILE
from attendance_app.networks.files import OWN_NETWORKS
from attendance_app.services.errors import (
    DataNotCopied,
    FolderHasRegister,
    FolderHeld,
    FolderInUse,
    FolderNotWritable,
    OldDataNotDeleted,
)
from attendance_app.services.jobs import JobContext
from attendance_app.store.backup_files import FOLDER as BACKUPS
from attendance_app.store.backups import LOCK_NAME as BACKUP_LOCK
from attendance_app.store.copying import copy_database
from attendance_app.store.database import FILE_NAME, LOCK_NAME, WINDOW_LOCK_NAME, Store
from attendance_app.store.recording_lock import is_held
from attendance_app.store.scrub import UNFINISHED

SUBFOLDER: Final = "attendance"
# The register is not among them: it is copied by SQLite's own backup, with what is still in its log.
_COPIED: Final = (
    SETTINGS_FILE,
    "window.ini",
    "attendance.log*",
    f"{FILE_NAME}.before-*",
    f"{FILE_NAME}.damaged-*",
    f"{BACKUPS}/attendance-*.sqlite3",
    "demo/**/*",
    f"{OWN_NETWORKS}/**/*",
)
# Removed from the old folder besides: the register, which has a copy of its own, its log, and the locks.
_ALSO_OURS: Final = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", LOCK_NAME, WINDOW_LOCK_NAME, BACKUP_LOCK)
# Beside a register, also under names that the program will need (its log, a copy in progress).
_NEVER_WRITTEN_OVER: Final = (
    f"{FILE_NAME}*",
    f"{SETTINGS_FILE}*",
    "window.ini*",
    "attendance.log*",
    "*.lock",
    "*.part",
)


def has_data(folder: Path) -> bool:
    """Say whether the folder holds a register of this program."""
    return (folder / FILE_NAME).is_file()


def enclosing_data_folder(path: Path) -> Path | None:
    """Return the data folder that ``path`` (resolved) is or lies in, None if it is elsewhere."""
    return next((folder for folder in (path, *path.parents) if has_data(folder)), None)


def is_own_file(path: Path) -> bool:
    """Say whether ``path`` (resolved) is a file of the program, existing or future: data, choice, networks, code.

    Names are compared without regard to case, as the file systems of Windows and macOS do.
    """
    if any(root in path.parents for root in (PACKAGE, bundled("models"), bundled("resources"))):
        return True
    name = path.name.casefold()
    ours = any(fnmatch(name, pattern) for pattern in _NEVER_WRITTEN_OVER)
    return (ours and has_data(path.parent)) or path == pointer_file().resolve()


def fitting_folder(picked: Path) -> Path:
    """Return the folder to use: the picked one if it holds a register or nothing, else a new one inside it."""
    try:
        free = has_data(picked) or not picked.is_dir() or not any(picked.iterdir())
    except OSError:
        return picked  # unreadable: ``check_folder`` says why
    return picked if free else picked / SUBFOLDER


def check_folder(folder: Path, current: Path | None = None) -> None:
    """Raise StoreError for a folder that can't replace ``current``; leaves no file behind."""
    if current is not None and _overlap(folder.resolve(), current.resolve()):
        raise FolderInUse(folder=folder)
    place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    try:
        # Trying is the only sure test: rights, read-only disks and quotas differ by system.
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"attendance")
    except OSError as error:
        raise FolderNotWritable(folder=folder, reason=error.strerror or str(error)) from error
    # Only lock files that exist: asking makes the file.
    if any(is_held(folder / name) for name in (LOCK_NAME, WINDOW_LOCK_NAME) if (folder / name).is_file()):
        raise FolderHeld(folder=folder)


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def copy_data(store: Store, folder: Path, job: JobContext) -> None:
    """Copy everything to ``folder``, the register last: once the register is there, the copy is complete.

    Raises StoreError when a session is being recorded, there is data already, or the copy can't be written, Cancelled.
    """
    if has_data(folder):
        raise FolderHasRegister(folder=folder)
    # A mark that is written during the copy would be missing in it.
    with store.recording():
        files = list(_files(store.home, _COPIED))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for done, file in enumerate(files, start=1):
                job.raise_if_cancelled()
                target = folder / file.relative_to(store.home)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target)
                job.report(done, len(files) + 1)
            # Last: a folder counts as a data folder from the moment it has the register.
            copy_database(store.home / FILE_NAME, folder / FILE_NAME)
        except OSError as error:
            raise DataNotCopied(folder=folder, reason=error.strerror or str(error)) from error
        job.report(len(files) + 1, len(files) + 1)


def remove_data(folder: Path) -> None:
    """Delete the copied data from the old folder; other files in it stay. Raises StoreError."""
    try:
        for file in _files(folder, (*_COPIED, *_ALSO_OURS)):
            file.unlink()
        # An unfinished training is not copied: it holds faces, and is soon begun again.
        for part in ("demo", OWN_NETWORKS, BACKUPS, UNFINISHED):
            if (folder / part).is_dir():
                shutil.rmtree(folder / part)
        # The folder may be one of the user's, with other files.
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise OldDataNotDeleted(folder=folder, reason=error.strerror or str(error)) from error


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from (path for path in folder.glob(pattern) if path.is_file())
