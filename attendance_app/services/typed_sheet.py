"""A paper sheet typed back into a session's register: one letter a student, in the order of the list."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from attendance_app.domain.sessions import Status
from attendance_app.services.errors import LettersDontFit, LetterUnknown
from attendance_app.services.registers import Register, RegisterLine

if TYPE_CHECKING:
    from attendance_app.store.unit import Transaction

LETTERS: Final[Mapping[str, Status | None]] = {
    **dict.fromkeys("pP", Status.PRESENT),
    **dict.fromkeys("lLrR", Status.LATE),
    **dict.fromkeys("aAfF", Status.ABSENT),
    **dict.fromkeys("eEjJ", Status.EXCUSED),
    **dict.fromkeys("-.", None),
}
"""P L A E, the Spanish R F J, and a dash or a point for a student whom the sheet says nothing of."""


def read_letters(text: str, register: Register) -> dict[int, Status]:
    """Return statuses by the students' ids; spaces do not matter. Raises LetterUnknown, LettersDontFit."""
    letters = "".join(text.split())
    for place, letter in enumerate(letters, start=1):
        if letter not in LETTERS:
            raise LetterUnknown(letter=letter, place=place)
    if len(letters) != len(register.lines):
        raise LettersDontFit(letters=len(letters), students=len(register.lines))
    found = ((line.student.id, LETTERS[letter]) for line, letter in zip(register.lines, letters, strict=True))
    return {student_id: status for student_id, status in found if status is not None}


def typed_changes(register: Register, statuses: Mapping[int, Status]) -> tuple[RegisterLine, ...]:
    """Return the lines whose mark is another one than was typed, or is missing."""
    return tuple(
        line
        for line in register.lines
        if line.student.id in statuses and (line.mark is None or line.mark.status is not statuses[line.student.id])
    )


def apply_typed(tx: "Transaction", register: Register, statuses: Mapping[int, Status], *, at: datetime) -> int:
    """Mark, by hand, every student of whom another status was typed; return how many. Raises NotFoundError."""
    changes = typed_changes(register, statuses)
    for line in changes:
        tx.marks.set(register.session.id, line.student.id, statuses[line.student.id], at)
    return len(changes)
