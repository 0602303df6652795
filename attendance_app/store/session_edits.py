"""Sessions that are corrected as a whole: moved, put away, confirmed, split, merged."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import select

from attendance_app.domain.session_edits import SessionEdit, joined_mark, split_mark
from attendance_app.domain.sessions import Mark, Session
from attendance_app.store.changes import Topic
from attendance_app.store.errors import SessionEndsBefore, SessionsApart, SessionStillOpen, SplitOutside
from attendance_app.store.inverses import ConfirmSession, DescribeSession, MoveSession, PutAwaySession
from attendance_app.store.mark_rows import mark_of
from attendance_app.store.marks import MarkWrites
from attendance_app.store.rows import MarkRow, SessionRow
from attendance_app.store.sessions import SessionWrites, log_edit, session_of, session_row

MERGED_WITHIN: Final = timedelta(hours=12)
"""Two sessions that begin further apart are of two lessons."""


class SessionEdits(SessionWrites):
    """Corrections of closed sessions; each keeps a line in the session's own history."""

    def move(
        self,
        session_id: int,
        started_at: datetime,
        ended_at: datetime | None = None,
        *,
        at: datetime,
        lesson_at: datetime | None = None,
        arrivals: bool = True,
        zone: tzinfo | None = None,
    ) -> Session:
        """Give a session another time; ``ended_at`` None: it lasts as long as before.

        What was seen keeps its true time, and no status changes. An arrival that was typed keeps its time of day and
        moves to the new day, by the clock on the wall in ``zone`` (None: this machine's), unless ``arrivals`` is False.
        Raises SessionStillOpen, SessionEndsBefore, NotFoundError.
        """
        row = self._closed(session_id)
        assert row.ended_at is not None
        before = row.started_at
        ended_at = started_at + (row.ended_at - before) if ended_at is None else ended_at
        if ended_at < started_at:
            raise SessionEndsBefore()
        if (row.started_at, row.ended_at, row.lesson_at) == (started_at, ended_at, lesson_at):
            return session_of(row)
        self._log.note(Topic.SESSIONS, MoveSession(session_id, before, row.ended_at, row.lesson_at, arrivals))
        self._log.note(Topic.MARKS)
        utc = started_at.astimezone(UTC)
        log_edit(self._session, session_id, SessionEdit.MOVED, at, before=before.isoformat(), after=utc.isoformat())
        row.started_at, row.ended_at, row.lesson_at = started_at, ended_at, lesson_at
        days = (started_at.astimezone(zone).date() - before.astimezone(zone).date()).days
        query = select(MarkRow).where(MarkRow.session_id == session_id, MarkRow.arrived_at.is_not(None))
        for mark in self._session.scalars(query) if days and arrivals else ():
            assert mark.arrived_at is not None
            mark.arrived_at = _days_later(mark.arrived_at, days, zone)
        return self._stored(row)

    def put_away(self, session_id: int, at: datetime) -> Session:
        """Delete a closed session: it is in no list and counts nowhere, and can be brought back.

        Raises SessionStillOpen, NotFoundError.
        """
        row = self._closed(session_id)
        if row.deleted_at is None:
            self._put(row, at, SessionEdit.DELETED, at)
        return self._stored(row)

    def bring_back(self, session_id: int, at: datetime) -> Session:
        """Bring a deleted session back. Raises NotFoundError."""
        row = self._closed(session_id)
        if row.deleted_at is not None:
            self._put(row, None, SessionEdit.BROUGHT_BACK, at)
        return self._stored(row)

    def _put(self, row: SessionRow, deleted_at: datetime | None, edit: SessionEdit, at: datetime) -> None:
        self._log.note(Topic.SESSIONS, PutAwaySession(row.id, back=deleted_at is not None))
        self._log.note(Topic.MARKS)
        log_edit(self._session, row.id, edit, at)
        row.deleted_at = deleted_at

    def confirm(self, session_id: int, confirmed_at: datetime | None, *, at: datetime) -> Session:
        """Note that a session counts though it looks begun by mistake; None: nobody has said so.

        Raises NotFoundError.
        """
        row = session_row(self._session, session_id)
        if (row.confirmed_at is None) != (confirmed_at is None):
            self._log.note(Topic.SESSIONS, ConfirmSession(session_id, row.confirmed_at))
            self._log.note(Topic.MARKS)
            if confirmed_at is not None:
                log_edit(self._session, session_id, SessionEdit.COUNTS, at)
            row.confirmed_at = confirmed_at
        return self._stored(row)

    def describe(self, was: DescribeSession) -> None:
        """Give a session back the figures and words that it had."""
        row = session_row(self._session, was.session_id)
        self._log.note(Topic.SESSIONS)
        row.unknown_people, row.sources = was.unknown_people, was.sources
        row.topic, row.note = was.topic, was.note

    def split(self, session_id: int, moment: datetime, *, at: datetime) -> tuple[Session, Session]:
        """Make two sessions of one that has lasted over two lessons; ``moment``: when the second one begins.

        Marks by ``domain.session_edits.split_mark``. Raises SplitOutside, SessionStillOpen, NotFoundError.
        """
        row = self._closed(session_id)
        assert row.ended_at is not None
        if not row.started_at < moment < row.ended_at:
            raise SplitOutside(session=session_id)
        later = SessionRow(
            course_id=row.course_id,
            started_at=moment,
            ended_at=row.ended_at,
            late_after_s=row.late_after_s,
            sources=row.sources,
            note=row.note,
        )
        self._session.add(later)
        self._session.flush()
        self._log.note(Topic.SESSIONS, PutAwaySession(later.id, back=False))
        second = self._stored(later)
        for mark in self._marks(session_id):
            before, since = split_mark(mark, moment, second)
            self._marks_writes.put_back(mark, before, at)
            self._marks_writes.put_back(None, since, at)
        log_edit(self._session, session_id, SessionEdit.SPLIT, at, after=str(later.id))
        log_edit(self._session, later.id, SessionEdit.SPLIT, at, before=str(session_id))
        first = self.move(session_id, row.started_at, moment, at=at, lesson_at=row.lesson_at)
        return first, second

    def merge(self, session_id: int, other_id: int, *, at: datetime) -> Session:
        """Take another session of the course into this one, as if it had been one; the other is put away.

        Marks by ``domain.session_edits.joined_mark``; unknown people are added up. Raises SessionsApart,
        SessionStillOpen, NotFoundError.
        """
        row, other = self._closed(session_id), self._closed(other_id)
        apart = abs(row.started_at - other.started_at) > MERGED_WITHIN
        if row.course_id != other.course_id or session_id == other_id or apart:
            raise SessionsApart(session=session_id, other=other_id)
        assert row.ended_at is not None
        assert other.ended_at is not None
        self._log.note(
            Topic.SESSIONS, DescribeSession(session_id, row.unknown_people, row.sources, row.topic, row.note)
        )
        row.unknown_people += other.unknown_people
        row.sources = "\n".join(dict.fromkeys([*row.sources.splitlines(), *other.sources.splitlines()]))
        row.topic, row.note = row.topic or other.topic, row.note or other.note
        lessons = [lesson for lesson in (row.lesson_at, other.lesson_at) if lesson is not None]
        started, ended = min(row.started_at, other.started_at), max(row.ended_at, other.ended_at)
        self.move(session_id, started, ended, at=at, lesson_at=min(lessons, default=None), arrivals=False)
        whole = self._stored(row)
        mine = {mark.student_id: mark for mark in self._marks(session_id)}
        theirs = {mark.student_id: mark for mark in self._marks(other_id)}
        for student_id in mine | theirs:
            was = mine.get(student_id)
            self._marks_writes.put_back(was, joined_mark(was, theirs.get(student_id), whole), at)
        log_edit(self._session, session_id, SessionEdit.MERGED, at, after=str(other_id))
        log_edit(self._session, other_id, SessionEdit.MERGED, at, before=str(session_id))
        self.put_away(other_id, at)
        return self._stored(row)

    def _marks(self, session_id: int) -> list[Mark]:
        query = select(MarkRow).where(MarkRow.session_id == session_id).order_by(MarkRow.id)
        return [mark_of(row) for row in self._session.scalars(query)]

    @property
    def _marks_writes(self) -> MarkWrites:
        return MarkWrites(self._session, self._log)

    def _closed(self, session_id: int) -> SessionRow:
        row = session_row(self._session, session_id)
        if row.ended_at is None:
            raise SessionStillOpen(session=session_id)
        return row

    def _stored(self, row: SessionRow) -> Session:
        self._session.flush()
        self._session.refresh(row)  # times as they are stored: in UTC
        return session_of(row)


def _days_later(moment: datetime, days: int, zone: tzinfo | None) -> datetime:
    """Return the same time of day, so many days later."""
    wall = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return (wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)
