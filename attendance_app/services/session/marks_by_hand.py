"""The teacher's word about students in a session: one action, one transaction, one undo.

The roll call and the page of past sessions mark through the same two functions.
"""

from collections.abc import Sequence
from datetime import datetime

from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.store.unit import Transaction


def set_status(
    tx: Transaction, session_id: int, students: Sequence[int], status: Status, *, at: datetime, text: str
) -> tuple[Mark, ...]:
    """Give students a mark; no camera overrules it. ``text`` says so to whoever may undo it. Raises NotFoundError."""
    marks = tuple(tx.marks.set(session_id, student_id, status, at) for student_id in students)
    tx.offer_undo(text, at)
    return marks


def fill_blanks(tx: Transaction, session_id: int, status: Status, *, at: datetime, text: str) -> tuple[Mark, ...]:
    """Mark everybody on the roster who has no mark; return the new marks. Raises NotFoundError."""
    marks = tx.marks.fill(session_id, status, at)
    tx.offer_undo(text, at)
    return marks


def waiting_marks(session_id: int, students: Sequence[int], status: Status, at: datetime) -> tuple[Mark, ...]:
    """Return the marks that ``set_status`` would make, for a register that can't be written."""
    return tuple(Mark(session_id, student_id, status, MarkedBy.TEACHER, at) for student_id in students)
