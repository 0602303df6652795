"""Sessions: one meeting of a course each."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.errors import KnownError, NotFoundError
from attendance_app.domain.people import tidy
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.store.connection import Database
from attendance_app.store.courses import course_row
from attendance_app.store.mark_rules import marked_students, put_marks
from attendance_app.store.rows import SessionRow
from attendance_app.store.students import roster


def session_of(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        course_id=row.course_id,
        started_at=row.started_at,
        late_after=timedelta(seconds=row.late_after_s),
        ended_at=row.ended_at,
        unknown_people=row.unknown_people,
        note=row.note,
    )


class SessionRepository:
    """Sessions, at most one unfinished a course."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, course_id: int, started_at: datetime, late_after: timedelta) -> Session:
        """Start a session. Raises KnownError while an earlier one of the course is unfinished, NotFoundError."""
        with self._database.write() as session:
            course = course_row(session, course_id)
            unfinished = session.scalar(
                select(SessionRow.id).where(SessionRow.course_id == course_id, SessionRow.ended_at.is_(None))
            )
            if unfinished is not None:
                raise KnownError(
                    "Session {id} of course {code} was not finished.",
                    remedy="Resume it or close it first.",
                    id=unfinished,
                    code=course.code,
                )
            row = SessionRow(course_id=course_id, started_at=started_at, late_after_s=late_after.total_seconds())
            session.add(row)
            session.flush()
            session.refresh(row)
            return session_of(row)

    def get(self, session_id: int) -> Session:
        """Return one session. Raises NotFoundError that names the newest ones."""
        with self._database.read() as session:
            return session_of(session_row(session, session_id))

    def all(self, course_id: int | None = None) -> tuple[Session, ...]:
        """Return sessions, newest first; of one course or of all."""
        query = select(SessionRow).order_by(SessionRow.started_at.desc(), SessionRow.id.desc())
        if course_id is not None:
            query = query.where(SessionRow.course_id == course_id)
        with self._database.read() as session:
            return tuple(session_of(row) for row in session.scalars(query))

    def unfinished(self) -> tuple[Session, ...]:
        """Return the sessions that were never closed, newest first: running now, or cut off."""
        return tuple(session for session in self.all() if session.ended_at is None)

    def close(self, session_id: int, ended_at: datetime, unknown_people: int = 0) -> Session:
        """End a session and, in the same transaction, mark every student absent who has no mark.

        Closing a closed session changes nothing. Raises NotFoundError.
        """
        with self._database.write() as session:
            row = session_row(session, session_id)
            if row.ended_at is None:
                row.ended_at = ended_at
                row.unknown_people = unknown_people
                _mark_absent(session, row, ended_at)
                session.flush()
                session.refresh(row)
            return session_of(row)

    def count_unknown(self, session_id: int, unknown_people: int) -> None:
        """Note how many unknown people there are so far, for the case that the session is cut off."""
        with self._database.write() as session:
            row = session_row(session, session_id)
            if row.ended_at is None:
                row.unknown_people = unknown_people

    def reopen(self, session_id: int) -> Session:
        """Go on with a closed session; who was marked absent by its end can still be seen. Raises NotFoundError."""
        with self._database.write() as session:
            row = session_row(session, session_id)
            row.ended_at = None
            return session_of(row)

    def annotate(self, session_id: int, note: str) -> Session:
        """Set the session's note. Raises NotFoundError."""
        with self._database.write() as session:
            row = session_row(session, session_id)
            row.note = tidy(note)
            return session_of(row)

    def delete(self, session_id: int) -> None:
        """Delete a session started by mistake, with its marks and their history."""
        with self._database.write() as session:
            session.execute(delete(SessionRow).where(SessionRow.id == session_id))


def _mark_absent(session: OrmSession, row: SessionRow, at: datetime) -> None:
    marked = marked_students(session, row.id)
    blank = [student for student in roster(session, row.course_id) if student.id not in marked]
    put_marks(session, [Mark(row.id, student.id, Status.ABSENT, MarkedBy.CLOSE, at) for student in blank])


def session_row(session: OrmSession, session_id: int) -> SessionRow:
    """Return one row. Raises NotFoundError that names the newest sessions."""
    row = session.get(SessionRow, session_id)
    if row is not None:
        return row
    newest = session.scalars(select(SessionRow.id).order_by(SessionRow.id.desc()).limit(10)).all()
    if not newest:
        raise NotFoundError(
            "There is no session {id}, and none at all yet.",
            remedy="Run one: attendance session run --course CODE --source SOURCE",
            id=session_id,
        )
    raise NotFoundError(
        "There is no session {id}.",
        remedy="The newest sessions are: {newest}.",
        id=session_id,
        newest=", ".join(map(str, newest)),
    )
