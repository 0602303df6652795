"""Marks: one a student and session, with their history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import tidy
from attendance_app.domain.sessions import Mark, MarkChange, MarkedBy, Status
from attendance_app.store.connection import Database
from attendance_app.store.mark_rules import fill, log_change, mark_of, mark_row, marked_students, put_marks
from attendance_app.store.rows import MarkHistoryRow, MarkRow, SessionRow, StudentRow
from attendance_app.store.sessions import session_row
from attendance_app.store.students import roster, student_row


class MarkRepository:
    """The register's lines. When a call returns, what it returns is on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, mark: Mark) -> Mark:
        """Merge one mark into the register (see ``mark_rules.merged``) and return what stands.

        Raises NotFoundError.
        """
        with self._database.write() as session:
            _check(session, mark.session_id, mark.student_id)
            return put_marks(session, [mark])[0]

    def record_many(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """Merge marks in one transaction and return what stands, without students erased in the meantime.

        Raises NotFoundError for a session that is not there.
        """
        with self._database.write() as session:
            for session_id in {mark.session_id for mark in marks}:
                session_row(session, session_id)
            ids = {mark.student_id for mark in marks}
            known = set(session.scalars(select(StudentRow.id).where(StudentRow.id.in_(ids))))
            return put_marks(session, [mark for mark in marks if mark.student_id in known])

    def set_by_teacher(
        self, session_id: int, student_id: int, status: Status, at: datetime, remark: str | None = None
    ) -> Mark:
        """Set a mark by hand; no camera overrules it. ``remark`` None keeps the one there is."""
        with self._database.write() as session:
            _check(session, session_id, student_id)
            if remark is None:
                row = mark_row(session, session_id, student_id)
                remark = "" if row is None else row.remark
            mark = Mark(session_id, student_id, status, MarkedBy.TEACHER, at, remark=tidy(remark))
            return put_marks(session, [mark])[0]

    def fill_blanks(self, session_id: int, status: Status, at: datetime) -> tuple[Mark, ...]:
        """Mark, by hand, every student of the roster who has no mark yet; return the new marks only."""
        with self._database.write() as session:
            course_id = session_row(session, session_id).course_id
            marked = marked_students(session, session_id)
            blank = [student for student in roster(session, course_id) if student.id not in marked]
            return put_marks(session, [Mark(session_id, student.id, status, MarkedBy.TEACHER, at) for student in blank])

    def clear(self, session_id: int, student_id: int, at: datetime) -> None:
        """Take a mark away (undo of the first mark); the history keeps a line."""
        self.restore(session_id, student_id, None, at)

    def restore(self, session_id: int, student_id: int, mark: Mark | None, at: datetime) -> Mark | None:
        """Put a mark back exactly as it was, None: no mark (undo); the history keeps a line by the teacher."""
        with self._database.write() as session:
            _check(session, session_id, student_id)
            row = mark_row(session, session_id, student_id)
            old = None if row is None else row.status
            by_hand = Mark(session_id, student_id, mark.status if mark else Status.ABSENT, MarkedBy.TEACHER, at)
            if row is not None or mark is not None:
                log_change(session, by_hand, old=old, new=None if mark is None else mark.status, at=at)
            if mark is None:
                if row is not None:
                    session.delete(row)
                return None
            if row is None:
                row = MarkRow(session_id=session_id, student_id=student_id)
                session.add(row)
            fill(row, mark)
            return mark

    def get(self, session_id: int, student_id: int) -> Mark | None:
        """Return a student's mark in a session, if there is one."""
        with self._database.read() as session:
            row = mark_row(session, session_id, student_id)
            return None if row is None else mark_of(row)

    def of_session(self, session_id: int) -> tuple[Mark, ...]:
        """Return a session's marks in the order they were first made."""
        query = select(MarkRow).where(MarkRow.session_id == session_id).order_by(MarkRow.id)
        with self._database.read() as session:
            return tuple(mark_of(row) for row in session.scalars(query))

    def of_course(self, course_id: int) -> tuple[Mark, ...]:
        """Return all marks of a course's sessions, oldest session first."""
        query = select(MarkRow).join(SessionRow).where(SessionRow.course_id == course_id)
        with self._database.read() as session:
            ordered = query.order_by(SessionRow.started_at, SessionRow.id, MarkRow.id)
            return tuple(mark_of(row) for row in session.scalars(ordered))

    def of_student(self, student_id: int) -> tuple[Mark, ...]:
        """Return all marks of a student, oldest session first."""
        query = select(MarkRow).join(SessionRow).where(MarkRow.student_id == student_id)
        with self._database.read() as session:
            ordered = query.order_by(SessionRow.started_at, SessionRow.id)
            return tuple(mark_of(row) for row in session.scalars(ordered))

    def history(self, session_id: int, student_id: int | None = None) -> tuple[MarkChange, ...]:
        """Return who changed what and when, oldest first; of one student or of the whole session."""
        query = select(MarkHistoryRow).where(MarkHistoryRow.session_id == session_id).order_by(MarkHistoryRow.id)
        if student_id is not None:
            query = query.where(MarkHistoryRow.student_id == student_id)
        with self._database.read() as session:
            return tuple(_change_of(row) for row in session.scalars(query))


def _check(session: OrmSession, session_id: int, student_id: int) -> None:
    session_row(session, session_id)
    student_row(session, student_id)


def _change_of(row: MarkHistoryRow) -> MarkChange:
    return MarkChange(
        session_id=row.session_id,
        student_id=row.student_id,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        old=row.old_status,
        new=row.new_status,
        remark=row.remark,
    )
