"""Begins, resumes and ends sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session
from attendance_app.domain.timetable import Lesson
from attendance_app.store.database import Store
from attendance_app.store.unit import Transaction

RESUME_WITHIN = timedelta(hours=3)
"""A session that was cut off can be resumed for this long after its start; an older one is closed."""


@dataclass(frozen=True, slots=True)
class StartedSession:
    """An open session. ``offset``: how long ago it began; ``resumed``: it had been cut off.

    ``closed`` is an older unfinished session that was closed when this one began.
    """

    session: Session
    offset: timedelta
    resumed: bool
    closed: Session | None = None


class SessionLifecycle:
    """Opens and closes sessions in the register; ``LiveRoll`` takes the roll between the two."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def cut_off(self, course: Course) -> Session | None:
        """Return the course's session that was never closed, if there is one."""
        return next((session for session in self._store.sessions.unfinished() if session.course_id == course.id), None)

    def begin(
        self,
        course: Course,
        late_after: timedelta,
        *,
        resume: bool = True,
        at: datetime | None = None,
        lesson: Lesson | None = None,
    ) -> StartedSession:
        """Open a session, or resume one that was cut off less than three hours ago.

        ``lesson``: the planned one, from whose start late is counted and whose topic a new session gets; one that is
        resumed keeps its own. ``resume`` False closes an unfinished session whatever its age. The caller must hold
        ``Store.recording()``.
        """
        now = at or self._clock()
        unfinished = self.cut_off(course)
        # In either direction: photographs may have been taken before the open session was begun.
        if unfinished is not None and resume and abs(now - unfinished.started_at) <= RESUME_WITHIN:
            return StartedSession(unfinished, now - unfinished.started_at, resumed=True)
        with self._store.write() as tx:
            # In one transaction, because the database allows one unfinished session a course.
            closed = None if unfinished is None else _close_cut_off(tx, unfinished)
            opened = tx.sessions.open(
                course.id,
                now,
                late_after,
                lesson_at=None if lesson is None else lesson.starts_at,
                topic="" if lesson is None else lesson.topic,
            )
        return StartedSession(opened, timedelta(0), resumed=False, closed=closed)

    def close_cut_off(self, session: Session) -> Session:
        """Close a session at the last moment that it has recorded."""
        with self._store.write() as tx:
            return _close_cut_off(tx, session)


def _close_cut_off(tx: Transaction, session: Session) -> Session:
    # Nobody knows when the lesson ended: the last moment on record is certain, "now" may be another day.
    moments = [session.started_at]
    for mark in tx.marks.of_session(session.id):
        moments += [mark.marked_at] if mark.last_seen_at is None else [mark.marked_at, mark.last_seen_at]
    return tx.sessions.close(session.id, max(moments), session.unknown_people)
