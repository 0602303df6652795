"""The check of the encryption: whether register and backups are encrypted, and whether they can be opened again."""

from pathlib import Path

from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.errors import NotEncrypted, PlainBackups, RecoveryKeyUnconfirmed
from attendance_app.store.database import FILE_NAME
from attendance_app.store.errors import RegisterLocked
from attendance_app.store.key_store import Place
from attendance_app.store.protection import protection_of


def check_encryption(home: Path) -> CheckResult:
    """Look at register, backups and key."""
    name, register = "Encryption", home / FILE_NAME
    if not register.is_file():
        return fine(name, "no register yet")
    found = protection_of(register)
    if not found.encrypted:
        return warning(name, NotEncrypted())
    if found.place is None:
        return failed(name, RegisterLocked(path=register))
    place = {
        Place.KEYRING: "key in the system's keyring",
        Place.FILE: f"key in {found.key_file}, on the same disk",
        Place.ENVIRONMENT: "key from the environment",
    }[found.place]
    if found.plain_backups:
        return warning(name, PlainBackups(count=found.plain_backups), place)
    if not found.confirmed:
        return warning(name, RecoveryKeyUnconfirmed(), place)
    return fine(name, place)
