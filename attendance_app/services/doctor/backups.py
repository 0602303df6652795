"""The check of the backups: whether there is one, how old it is, whether it can be read, where its second copy is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from attendance_app.domain.errors import KnownError
from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.errors import BackupOld, NoBackupYet
from attendance_app.store.backups import contents_of, local_backups, second_place, second_place_missing
from attendance_app.store.database import FILE_NAME
from attendance_app.store.errors import SecondPlaceMissing

OLD: Final = timedelta(days=7)


def check_backups(home: Path, now: datetime | None = None) -> CheckResult:
    """Open the newest backup and count what is in it."""
    name = "Backups"
    register, backups = home / FILE_NAME, local_backups(home)
    if not backups:
        return warning(name, NoBackupYet()) if register.is_file() else fine(name, "no register yet")
    newest = backups[0]
    detail = f"{newest.made_at.astimezone():%Y-%m-%d %H:%M}, {len(backups)} kept"
    try:
        found = contents_of(newest.path)
    except KnownError as error:
        return failed(name, error, detail)
    detail += f"; verified: {found.students} students, {found.sessions} sessions"
    missing, place = second_place_missing(home), second_place(home)
    if missing is not None:
        return warning(name, SecondPlaceMissing(folder=missing), f"{detail}; not there: {missing}")
    age = (now or datetime.now(UTC)) - newest.made_at
    if age > OLD and register.is_file() and register.stat().st_mtime > (newest.made_at + OLD).timestamp():
        return warning(name, BackupOld(days=age.days), detail)
    return fine(name, f"{detail}; also in {place}" if place else detail)
