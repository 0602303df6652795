"""A session's marks as the file that Moodle's plugin Attendance imports ("Upload attendance" in a session).

Its rules: a header; the first column identifies the user and is called as the field of Moodle's user that it is
compared with, without regard to case; the other column is ``status``, an acronym of the activity's own set to the
letter, or ``scantime``, from which Moodle itself finds the status. A user who comes twice is refused the second time,
and a row without a known status is refused too.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from typing import Final

from attendance_app.domain.people import Student
from attendance_app.domain.sessions import Status
from attendance_app.services.errors import NobodyForMoodle
from attendance_app.services.output.files import OutputFile
from attendance_app.services.registers import Register, RegisterLine
from attendance_app.services.tables.safe_text import safe_cell

ACRONYMS: Final[Mapping[str, Mapping[Status, str]]] = {
    "en": {Status.PRESENT: "P", Status.LATE: "L", Status.ABSENT: "A", Status.EXCUSED: "E"},
    "es": {Status.PRESENT: "P", Status.LATE: "R", Status.ABSENT: "FI", Status.EXCUSED: "FJ"},
}
"""The set that an activity begins with, by the language of the Moodle in which it was made."""


class UserField(Enum):
    """The field of Moodle's user with which students are found."""

    IDNUMBER = "idnumber"
    USERNAME = "username"
    EMAIL = "email"


class MoodleColumn(Enum):
    """What the file says of each student."""

    STATUS = "status"
    SCANTIME = "scantime"


class MoodleReason(Enum):
    """Why a student is left out."""

    NO_MARK = "no mark"
    NO_ID = "no e-mail"
    SAME_ID = "the same id as another student"
    RISKY = "a spreadsheet would run the id as a formula"
    NO_TIME = "no time of arrival"


@dataclass(frozen=True, slots=True)
class MoodleMarks:
    """The file, how many students it has, and who is left out."""

    content: bytes
    students: int
    left_out: tuple[tuple[Student, MoodleReason], ...]


def moodle_marks(
    register: Register,
    *,
    user: UserField,
    column: MoodleColumn = MoodleColumn.STATUS,
    acronyms: Mapping[Status, str] = ACRONYMS["en"],
    zone: tzinfo | None = None,
) -> MoodleMarks:
    """Return a session's marks for Moodle; times are of ``zone``, None: this machine's. Raises NobodyForMoodle."""
    ids = {line.student.id: _id_of(line.student, user) for line in register.lines}
    # Moodle compares in small letters.
    known = Counter(one.lower() for one in ids.values())
    rows: list[tuple[str, str]] = []
    left_out: list[tuple[Student, MoodleReason]] = []
    for line in register.lines:
        who = ids[line.student.id]
        reason = _why_not(line, who, column, twice=known[who.lower()] > 1)
        if reason is not None:
            left_out.append((line.student, reason))
        else:
            rows.append((who, _cell(line, column, acronyms, zone)))
    if not rows:
        raise NobodyForMoodle(session=register.session.id)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([(user.value, column.value), *rows])
    return MoodleMarks(text.getvalue().encode(), len(rows), tuple(left_out))


def export_moodle(marks: MoodleMarks, out: OutputFile) -> None:
    """Write the file, whole or not at all. Raises KnownError."""
    out.write(marks.content)


def _id_of(student: Student, user: UserField) -> str:
    return student.email.strip() if user is UserField.EMAIL else student.number


def _why_not(line: RegisterLine, who: str, column: MoodleColumn, *, twice: bool) -> MoodleReason | None:
    if line.mark is None:
        return MoodleReason.NO_MARK
    if not who:
        return MoodleReason.NO_ID
    if twice:
        return MoodleReason.SAME_ID
    # An apostrophe before it, as in other files, would be another id for Moodle.
    if safe_cell(who) != who:
        return MoodleReason.RISKY
    return MoodleReason.NO_TIME if column is MoodleColumn.SCANTIME and line.mark.arrival is None else None


def _cell(line: RegisterLine, column: MoodleColumn, acronyms: Mapping[Status, str], zone: tzinfo | None) -> str:
    mark = line.mark
    assert mark is not None
    if column is MoodleColumn.STATUS:
        return acronyms[mark.status]
    assert mark.arrival is not None
    return f"{mark.arrival.astimezone(zone):%Y-%m-%d %H:%M:%S}"
