"""Sessions: one meeting of a course each."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import tidy
from attendance_app.domain.roll_sources import KnownSource
from attendance_app.domain.session_edits import SessionChange, SessionEdit
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.store.changes import Topic
from attendance_app.store.courses import course_row
from attendance_app.store.errors import (
    NoSessionAtAll,
    NoSuchSession,
    SessionEndsBefore,
    SessionInUse,
    SessionStillOpen,
    SessionUnfinished,
)
from attendance_app.store.excuses import excused_marks
from attendance_app.store.inverses import NameSession, RemoveSession, ReopenSession, VoidSession
from attendance_app.store.mark_rows import marked_students, put_marks, take_away_absences
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import MarkRow, SessionChangeRow, SessionRow
from attendance_app.store.student_rows import students_of_course


def session_of(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        course_id=row.course_id,
        started_at=row.started_at,
        late_after=timedelta(seconds=row.late_after_s),
        ended_at=row.ended_at,
        unknown_people=row.unknown_people,
        note=row.note,
        sources=tuple(map(KnownSource, row.sources.splitlines())),
        topic=row.topic,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
        lesson_at=row.lesson_at,
        deleted_at=row.deleted_at,
        confirmed_at=row.confirmed_at,
    )


class SessionReads(Reads):
    """Sessions, at most one unfinished per course."""

    def get(self, session_id: int) -> Session:
        """Return one session. Raises NotFoundError that names the newest ones."""
        with self._read() as session:
            return session_of(session_row(session, session_id))

    def all(self, course_id: int | None = None, *, deleted: bool = False) -> tuple[Session, ...]:
        """Return sessions, newest first; of one course or of all. ``deleted``: those that are put away instead."""
        query = select(SessionRow).order_by(SessionRow.started_at.desc(), SessionRow.id.desc())
        query = query.where(SessionRow.deleted_at.is_not(None) if deleted else SessionRow.deleted_at.is_(None))
        if course_id is not None:
            query = query.where(SessionRow.course_id == course_id)
        with self._read() as session:
            return tuple(session_of(row) for row in session.scalars(query))

    def changes(self, session_id: int) -> tuple[SessionChange, ...]:
        """Return what was done to a session as a whole, oldest first."""
        query = select(SessionChangeRow).where(SessionChangeRow.session_id == session_id).order_by(SessionChangeRow.id)
        with self._read() as session:
            return tuple(
                SessionChange(row.session_id, row.changed_at, row.edit, row.before, row.after)
                for row in session.scalars(query)
            )

    def unfinished(self) -> tuple[Session, ...]:
        """Return the sessions that were never closed, newest first: running now, or cut off."""
        return tuple(session for session in self.all() if session.ended_at is None)


class SessionWrites(SessionReads, Writes):
    """Sessions inside a transaction."""

    def open(
        self,
        course_id: int,
        started_at: datetime,
        late_after: timedelta,
        *,
        lesson_at: datetime | None = None,
        topic: str = "",
    ) -> Session:
        """Start a session; ``lesson_at``: when its lesson begins by the timetable. Whoever is excused on that day is
        marked so.

        Raises KnownError while an earlier one of the course is unfinished, NotFoundError.
        """
        course = course_row(self._session, course_id)
        # The index refuses a second one as well, but its error names no session.
        self._require_none_unfinished(course_id, course.code)
        row = SessionRow(
            course_id=course_id,
            started_at=started_at,
            late_after_s=late_after.total_seconds(),
            lesson_at=lesson_at,
            topic=tidy(topic),
        )
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)  # times as they are stored: in UTC
        self._log.note_final(Topic.SESSIONS)
        self._excuse(row, at=started_at)
        return session_of(row)

    def _excuse(self, row: SessionRow, *, at: datetime) -> None:
        """Mark whoever is excused on the session's day, by the clock on this machine's wall."""
        marks = excused_marks(self._session, row.course_id, row.id, row.started_at.astimezone().date(), at)
        if marks:
            put_marks(self._session, marks)
            self._log.note(Topic.MARKS)

    def _require_none_unfinished(self, course_id: int, code: str) -> None:
        unfinished = self._session.scalar(
            select(SessionRow.id).where(SessionRow.course_id == course_id, SessionRow.ended_at.is_(None))
        )
        if unfinished is not None:
            raise SessionUnfinished(session=unfinished, course=code)

    def add_past(
        self,
        course_id: int,
        started_at: datetime,
        statuses: Mapping[int, Status],
        *,
        late_after: timedelta,
        marked_at: datetime,
        note: str = "",
        ended_at: datetime | None = None,
        topic: str = "",
    ) -> Session:
        """Add a closed session whose roll was kept elsewhere, with a mark by hand for each student by id.

        ``ended_at`` None: it is not known, and the session ends when it began. Nobody else is marked absent.
        Without any ``statuses`` whoever is excused on that day is marked so. ``marked_at``: now. Raises NotFoundError.
        """
        course_row(self._session, course_id)
        if ended_at is not None and ended_at < started_at:
            raise SessionEndsBefore()
        row = SessionRow(
            course_id=course_id,
            started_at=started_at,
            ended_at=ended_at or started_at,
            late_after_s=late_after.total_seconds(),
            note=tidy(note),
            topic=tidy(topic),
        )
        self._session.add(row)
        self._session.flush()
        marks = [Mark(row.id, one, status, MarkedBy.TEACHER, marked_at) for one, status in statuses.items()]
        put_marks(self._session, marks)
        self._session.flush()
        self._session.refresh(row)
        if not statuses:
            self._excuse(row, at=marked_at)
        log_edit(self._session, row.id, SessionEdit.ADDED, marked_at)
        self._log.note(Topic.SESSIONS, RemoveSession(row.id, marked_at))
        self._log.note(Topic.MARKS)
        return session_of(row)

    def remove(self, session_id: int, marked_at: datetime) -> None:
        """Remove a session as if it had never been added. Raises SessionInUse where a mark is not of ``marked_at``."""
        row = session_row(self._session, session_id)
        others = select(MarkRow.id).where(MarkRow.session_id == session_id, MarkRow.marked_at != marked_at)
        if row.ended_at is None or self._session.scalar(others.limit(1)) is not None:
            raise SessionInUse(name=str(session_id))
        self.delete(session_id)

    def close(self, session_id: int, ended_at: datetime, unknown_people: int = 0) -> Session:
        """End a session and mark every student absent who has no mark.

        Closing a closed session changes nothing. Raises NotFoundError.
        """
        row = session_row(self._session, session_id)
        if row.ended_at is None:
            self._log.note(Topic.SESSIONS, ReopenSession(session_id, row.unknown_people))
            # No inverse: reopening the session takes its absences away.
            self._log.note(Topic.MARKS)
            row.ended_at = ended_at
            row.unknown_people = unknown_people
            _mark_absent(self._session, row, ended_at)
            self._session.flush()
            self._session.refresh(row)
        return session_of(row)

    def reopen(self, session_id: int, unknown_people: int, at: datetime) -> Session:
        """Undo closing a session: the absences that closing has written are removed.

        Raises KnownError while a later session of the course is unfinished, NotFoundError.
        """
        row = session_row(self._session, session_id)
        if row.ended_at is not None:
            self._require_none_unfinished(row.course_id, course_row(self._session, row.course_id).code)
            row.ended_at = None
            row.unknown_people = unknown_people
            take_away_absences(self._session, session_id, at)
            self._log.note_final(Topic.SESSIONS, Topic.MARKS)
        return session_of(row)

    def count_unknown(self, session_id: int, unknown_people: int) -> None:
        """Store the number of unknown people so far, because the session may be cut off."""
        row = session_row(self._session, session_id)
        # A closed session has its final number; one that is noted late must not replace it.
        if row.ended_at is None:
            row.unknown_people = unknown_people
            self._log.note(Topic.SESSIONS)

    def note_source(self, session_id: int, source: KnownSource) -> None:
        """Add a source to those that the session's roll was taken from, once."""
        row = session_row(self._session, session_id)
        known = row.sources.splitlines()
        if source.text not in known:
            row.sources = "\n".join([*known, source.text])
            self._log.note(Topic.SESSIONS)

    def name(self, session_id: int, topic: str, at: datetime) -> Session:
        """Set what the lesson was about; empty: nothing. Raises NotFoundError."""
        row = session_row(self._session, session_id)
        topic = tidy(topic)
        if topic != row.topic:
            log_edit(self._session, session_id, SessionEdit.TOPIC, at, before=row.topic, after=topic)
            self._log.note(Topic.SESSIONS, NameSession(session_id, row.topic))
            row.topic = topic
        return session_of(row)

    def void(self, session_id: int, voided_at: datetime | None, reason: str = "", *, at: datetime) -> Session:
        """Let a closed session count nowhere from ``voided_at`` on, or with None count again; its marks stay.

        ``at``: now. Raises SessionStillOpen, NotFoundError.
        """
        row = session_row(self._session, session_id)
        if row.ended_at is None:
            raise SessionStillOpen(session=session_id)
        reason = tidy(reason) if voided_at is not None else ""
        if (row.voided_at is None) != (voided_at is None) or row.void_reason != reason:
            edit = SessionEdit.COUNTS if voided_at is None else SessionEdit.VOID
            log_edit(self._session, session_id, edit, at, before=row.void_reason, after=reason)
            self._log.note(Topic.SESSIONS, VoidSession(session_id, row.voided_at, row.void_reason))
            # Reports count other marks now, though no mark has changed.
            self._log.note(Topic.MARKS)
            row.voided_at, row.void_reason = voided_at, reason
            self._session.flush()
            self._session.refresh(row)  # times as they are stored: in UTC
        return session_of(row)

    def delete(self, session_id: int) -> None:
        """Delete a session started by mistake, with its marks and their history."""
        self._session.execute(delete(SessionRow).where(SessionRow.id == session_id))
        self._log.note_final(Topic.SESSIONS, Topic.MARKS)


def log_edit(
    session: OrmSession, session_id: int, edit: SessionEdit, at: datetime, *, before: str = "", after: str = ""
) -> None:
    """Add a line to a session's own history."""
    session.add(SessionChangeRow(session_id=session_id, changed_at=at, edit=edit, before=before, after=after))


def _mark_absent(session: OrmSession, row: SessionRow, at: datetime) -> None:
    marked = marked_students(session, row.id)
    # Archived students are off the roster, so they are not absent.
    blank = [student for student in students_of_course(session, row.course_id) if student.id not in marked]
    put_marks(session, [Mark(row.id, student.id, Status.ABSENT, MarkedBy.CLOSE, at) for student in blank])


def session_row(session: OrmSession, session_id: int) -> SessionRow:
    """Return one row. Raises NotFoundError that names the newest sessions."""
    row = session.get(SessionRow, session_id)
    if row is not None:
        return row
    newest = session.scalars(select(SessionRow.id).order_by(SessionRow.id.desc()).limit(10)).all()
    if not newest:
        raise NoSessionAtAll(session=session_id)
    raise NoSuchSession(session=session_id, newest=tuple(newest))
