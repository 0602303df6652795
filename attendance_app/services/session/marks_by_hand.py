"""Marks set by the teacher. The roll call, the page Sessions and the command line mark through these functions."""

from collections.abc import Sequence
from datetime import datetime

from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store.unit import Transaction


def set_status(
    tx: Transaction,
    session_id: int,
    students: Sequence[int],
    status: Status,
    *,
    at: datetime,
    remark: str | None = None,
    confirms: Evidence | None = None,
    arrived_at: datetime | None = None,
) -> tuple[Mark, ...]:
    """Mark students; the camera doesn't override these marks. Raises NotFoundError.

    ``remark`` None keeps the present one. ``confirms``: the evidence of the camera's doubt about the one student.
    ``arrived_at``: when they came; None: as before, and in an open session now for somebody who is late.
    """
    return tuple(
        tx.marks.set(session_id, student_id, status, at, remark, confirms=confirms, arrived_at=arrived_at)
        for student_id in students
    )


def fill_blanks(tx: Transaction, session_id: int, status: Status, *, at: datetime) -> tuple[Mark, ...]:
    """Mark everybody on the roster who has no mark; return the new marks. Raises NotFoundError."""
    return tx.marks.fill(session_id, status, at)


def waiting_marks(
    session_id: int, students: Sequence[int], status: Status, at: datetime, *, confirms: Evidence | None = None
) -> tuple[Mark, ...]:
    """Return the marks that ``set_status`` would make in an open session, for a register that can't be written."""
    arrived_at = at if status is Status.LATE else None
    return tuple(
        Mark(session_id, student_id, status, MarkedBy.TEACHER, at, evidence=confirms, arrived_at=arrived_at)
        for student_id in students
    )
