"""Excuses: days on which a student is excused."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.excuses import Excuse
from attendance_app.domain.people import tidy
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.store.changes import Topic
from attendance_app.store.errors import NoSuchExcuse
from attendance_app.store.inverses import PutExcuse, RemoveExcuse
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import ExcuseRow
from attendance_app.store.student_rows import student_row, students_of_course


class ExcuseReads(Reads):
    """Who is excused when."""

    def of_student(self, student_id: int) -> tuple[Excuse, ...]:
        """Return a student's excuses, in the order of their days."""
        query = select(ExcuseRow).where(ExcuseRow.student_id == student_id).order_by(ExcuseRow.first, ExcuseRow.id)
        with self._read() as session:
            return tuple(_excuse_of(row) for row in session.scalars(query))


class ExcuseWrites(ExcuseReads, Writes):
    """Excuses inside a transaction."""

    def add(self, student_id: int, first: date, last: date, reason: str, at: datetime) -> Excuse:
        """Add an excuse. Raises NotFoundError."""
        student_row(self._session, student_id)
        row = ExcuseRow(student_id=student_id, first=first, last=last, reason=tidy(reason), made_at=at)
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)  # times as they are stored: in UTC
        self._log.note(Topic.STUDENTS, RemoveExcuse(student_id, row.id))
        return _excuse_of(row)

    def remove(self, excuse_id: int) -> Excuse:
        """Remove an excuse; marks that were made by it stay. Raises NoSuchExcuse."""
        row = self._session.get(ExcuseRow, excuse_id)
        if row is None:
            raise NoSuchExcuse(number=excuse_id)
        excuse = _excuse_of(row)
        self._log.note(
            Topic.STUDENTS,
            PutExcuse(excuse.student_id, excuse.first, excuse.last, excuse.reason, excuse.made_at),
        )
        self._session.delete(row)
        self._session.flush()
        return excuse


def excused_marks(session: OrmSession, course_id: int, session_id: int, day: date, at: datetime) -> Sequence[Mark]:
    """Return the marks with which a session of that day begins: its students who are excused then, by hand."""
    here = {student.id for student in students_of_course(session, course_id)}
    query = select(ExcuseRow).where(ExcuseRow.first <= day, ExcuseRow.last >= day).order_by(ExcuseRow.id)
    # The last one that was entered, where there are several.
    reasons = {row.student_id: row.reason for row in session.scalars(query) if row.student_id in here}
    return [
        Mark(session_id, student_id, Status.EXCUSED, MarkedBy.TEACHER, at, remark=reason)
        for student_id, reason in reasons.items()
    ]


def _excuse_of(row: ExcuseRow) -> Excuse:
    return Excuse(row.id, row.student_id, row.first, row.last, row.reason, row.made_at)
