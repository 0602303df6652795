"""The check of the audit trail: that it is kept, and until when.

Whether anything was changed past the program is what ``attendance audit verify`` says: with 200,000 marks it takes 13 s
on a machine with two cores, too long for the doctor.
"""

from pathlib import Path

from attendance_app.domain.errors import KnownError
from attendance_app.services.doctor.check_result import CheckResult, failed, fine
from attendance_app.store.audit import summary_of
from attendance_app.store.database import FILE_NAME


def check_audit(home: Path) -> CheckResult:
    """Count the records and say when the last one was written."""
    name, register = "Audit trail", home / FILE_NAME
    if not register.is_file():
        return fine(name, "no register yet")
    try:
        found = summary_of(register)
    except KnownError as error:
        return failed(name, error)
    if found.last_at is None:
        return fine(name, "no record yet: it begins when the program opens the register")
    last = f"{found.last_at.astimezone():%Y-%m-%d %H:%M}"
    return fine(
        name, f"{found.records} records of {found.rows} changes, the last of {last}; check it: attendance audit verify"
    )
