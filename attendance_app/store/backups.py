"""Makes backups of a register, keeps a few of each age, and forgets in them whom the register has forgotten."""

import logging
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from attendance_app.config.settings_file import read_settings
from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.store import key_store
from attendance_app.store.backup_files import FOLDER, Backup, Reason, backups_in, new_backup, outdated
from attendance_app.store.contents import digest, is_whole, row_counts
from attendance_app.store.copying import PART, copy_database, copy_file, in_one_step
from attendance_app.store.driver import connect, key_name_of
from attendance_app.store.encryption import OLD, erase_leftover, recode
from attendance_app.store.errors import BackupDamaged, BackupNotWritten, RegisterDamaged, SecondPlaceMissing
from attendance_app.store.forgotten import Forgotten, forget, forgotten_in
from attendance_app.store.keys import Key
from attendance_app.store.recording_lock import backup_lock
from attendance_app.store.sqlite_errors import known_errors

_log = logging.getLogger(__name__)

REGISTER_KEY: Final = "store.register"
LOCK_NAME: Final = "backup.lock"
SECOND_FOLDER: Final = "attendance-backups"
"""In the place that the user names."""
SCRATCH: Final = "restoring"
"""A folder in the data folder while a restore prepares a file."""
APART: Final = timedelta(hours=1)
"""Between two backups that the program makes by itself on one day."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The newest backup, whether it is ``new``, and why it is not in the second place too, if it should be."""

    backup: Backup
    new: bool
    second_problem: KnownError | None = None


def register_id(path: Path) -> str:
    """Return the name of a register among others, made when it is first asked for. Raises StoreError."""
    asked = "SELECT value FROM setting WHERE key = ?"
    with known_errors(path), closing(connect(path)) as connection:
        row = connection.execute(asked, (REGISTER_KEY,)).fetchone()
        if row is None:
            # Ignored where another process has been faster.
            connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (REGISTER_KEY, uuid4().hex[:8]))
            row = connection.execute(asked, (REGISTER_KEY,)).fetchone()
    return str(row[0])


def local_backups(home: Path) -> tuple[Backup, ...]:
    """Return the backups in the data folder, newest first."""
    return backups_in(home / FOLDER)


def second_place(home: Path) -> Path | None:
    """Return the folder that the settings name for a second copy, None without one."""
    named = read_settings(home).settings.backup_folder
    return Path(named) if named else None


def second_place_missing(home: Path) -> Path | None:
    """Return the second place if there is one and it can't be reached now."""
    place = second_place(home)
    return place if place is not None and not place.is_dir() else None


def make_backup(register: Path, reason: Reason, at: datetime) -> BackedUp:
    """Back a register up, here and in the second place, and drop the backups that this one makes superfluous.

    One that the program makes by itself is dropped again if nothing has changed since the newest. Raises
    BackupRunning, BackupNotWritten, StoreError; a second place that can't be reached is part of the answer.
    """
    home = register.parent
    with backup_lock(home / LOCK_NAME):
        sweep(home / FOLDER)
        shutil.rmtree(home / SCRATCH, ignore_errors=True)
        return write_backup(register, reason, at)


def write_backup(register: Path, reason: Reason, at: datetime) -> BackedUp:
    """The same for whoever holds the lock of the backups."""
    home, folder = register.parent, register.parent / FOLDER
    name = register_id(register)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        backup, new = _copied(register, new_backup(folder, name, reason, at))
        _drop_outdated(folder, None)
        align_backups(register)
    except OSError as error:
        raise BackupNotWritten(folder=folder, reason=error.strerror or str(error)) from error
    return BackedUp(backup, new, _to_second_place(home, name))


def _copied(register: Path, wanted: Backup) -> tuple[Backup, bool]:
    newest = next(iter(backups_in(wanted.path.parent, wanted.register)), None)
    copy_database(register, wanted.path)
    if wanted.reason is not Reason.DAY or newest is None or _digest(newest.path) != _digest(wanted.path):
        return wanted, True
    wanted.path.unlink()
    return newest, False


def _digest(path: Path) -> str:
    """Return the digest of a backup's rows, "" of one that can't be read."""
    try:
        with known_errors(path), closing(connect(path)) as connection:
            return digest(connection)
    except StoreError:
        return ""


def keep_daily(register: Path, at: datetime, *, apart: timedelta = APART) -> BackedUp | None:
    """Back up by itself: the first time on a day, then once ``apart`` has passed, and only when something has changed.

    Never raises a KnownError: a backup that fails must not stop the work. It is logged, and its age is shown.
    """
    try:
        newest = next(iter(local_backups(register.parent)), None)
        if newest is not None:
            same_day = newest.made_at.astimezone().date() == at.astimezone().date()
            if (same_day and at - newest.made_at < apart) or not _touched_since(register, newest.made_at):
                return None
        return make_backup(register, Reason.DAY, at)
    except KnownError as error:
        _log.warning("no backup was made: %s", error)
        return None


def _touched_since(register: Path, moment: datetime) -> bool:
    """Whether register or log were written after ``moment``; what was written is compared only then."""
    files = (register, register.with_name(register.name + "-wal"))
    times = []
    for file in files:
        with suppress(OSError):
            times.append(file.stat().st_mtime)
    # Names of backups have whole seconds.
    return max(times, default=0.0) >= moment.timestamp()


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a backup holds."""

    courses: int
    students: int
    sessions: int
    marks: int


def contents_of(backup: Path) -> Contents:
    """Open a backup, check every page of it and count. Raises BackupDamaged."""
    try:
        with known_errors(backup), closing(connect(backup)) as connection:
            if not is_whole(connection):
                raise BackupDamaged(path=backup)
            count = row_counts(connection)
    except StoreError as error:
        raise BackupDamaged(path=backup) from error
    return Contents(count["course"], count["student"], count["session"], count["mark"])


def copy_backup(backup: Backup, folder: Path) -> Path:
    """Copy a backup into a folder of the user's and return the copy. Raises BackupNotWritten."""
    target = folder / backup.path.name
    try:
        copy_file(backup.path, target)
    except OSError as error:
        raise BackupNotWritten(folder=folder, reason=error.strerror or str(error)) from error
    return target


def sweep(folder: Path) -> None:
    """Remove what a killed backup has left. Called under the lock."""
    for rest in folder.glob(f"*{PART}*"):
        with suppress(OSError):
            rest.unlink(missing_ok=True)
    for old in folder.glob(f"*{OLD}"):
        with suppress(StoreError):
            erase_leftover(old.with_suffix(""))


def _drop_outdated(folder: Path, register: str | None) -> None:
    for old in outdated(backups_in(folder, register)):
        old.path.unlink(missing_ok=True)


def _to_second_place(home: Path, name: str) -> KnownError | None:
    """Copy what the second place lacks; return why not."""
    place = second_place(home)
    if place is None:
        return None
    if second_place_missing(home) is not None:
        return SecondPlaceMissing(folder=place)
    folder = place / SECOND_FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        sweep(folder)
        here = {one.path.name: one.path for one in backups_in(home / FOLDER, name)}
        for missing in here.keys() - {one.path.name for one in backups_in(folder, name)}:
            copy_file(here[missing], folder / missing)
        _drop_outdated(folder, name)
    except OSError as error:
        return BackupNotWritten(folder=folder, reason=error.strerror or str(error))
    return None


def align_backups(register: Path) -> bool:
    """Give every backup of the register, here and in the second place, the register's key, or none.

    Called under the lock of the backups. Whether all have it now: a second place may not be connected.
    """
    name, home = key_name_of(register), register.parent
    key = None if name is None else key_store.key_named(name, register)
    done = _align(home / FOLDER, register_id(register), key)
    place = second_place(home)
    if place is None:
        return done
    return second_place_missing(home) is None and _align(place / SECOND_FOLDER, register_id(register), key) and done


def _align(folder: Path, register: str, key: Key | None) -> bool:
    done = True
    for backup in backups_in(folder, register):
        try:
            erase_leftover(backup.path)
            if key_name_of(backup.path) != (None if key is None else key.name):
                recode(backup.path, key)
        except StoreError as error:
            _log.warning("a backup keeps its key: %s", error)
            done = False
    return done


def forget_in_backups(register: Path, folder: Path) -> None:
    """Rewrite the backups in ``folder`` without those whom the register has forgotten.

    One that can't be read is deleted, and so is one of another register, since its students can't be told apart.
    Raises StoreError, OSError.
    """
    with known_errors(register), closing(connect(register)) as connection:
        forgotten = forgotten_in(connection)
    with backup_lock(register.parent / LOCK_NAME):
        name = register_id(register)
        sweep(folder)
        for backup in backups_in(folder):
            if backup.register == name:
                _rewrite_without(backup.path, forgotten)
            elif folder == register.parent / FOLDER:
                backup.path.unlink(missing_ok=True)


def _rewrite_without(path: Path, forgotten: Forgotten) -> None:
    try:
        with in_one_step(path) as partial, known_errors(path):
            shutil.copyfile(path, partial)
            with closing(connect(partial)) as copy:
                forget(copy, forgotten)
                copy.execute("VACUUM")
                if not is_whole(copy):
                    raise RegisterDamaged(path=path)
    except RegisterDamaged as error:
        _log.warning("a backup can't be rewritten and is deleted: %s", error)
        path.unlink(missing_ok=True)
