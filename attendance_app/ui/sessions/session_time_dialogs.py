"""Dialogs about when a session was: add one of a past day, give one another time, split one."""

from datetime import datetime, time, timedelta

from PySide6.QtWidgets import QWidget

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.time_fields import beside, clock_of, day_field, day_of, time_field

LESSON = timedelta(minutes=50)
"""How long a session is that is added, until another end is chosen."""


class _TimeDialog(ActingDialog):
    """Has fields for a day, and the time of day at which a session begins and ends."""

    def add_times(self, started_at: datetime, ended_at: datetime) -> None:
        start, end = started_at.astimezone(), ended_at.astimezone()
        self.day_field = day_field(start.date())
        self.starts_field, self.ends_field = time_field(start.time()), time_field(end.time())
        self._seconds = start.time(), end.time()
        self.form.addRow(tr("Day"), self.day_field)
        self.form.addRow(tr("From, to"), beside(self.starts_field, self.ends_field))
        self.day_field.setAccessibleName(tr("Day"))
        for field in (self.starts_field, self.ends_field):
            field.setAccessibleName(tr("From, to"))

    def times(self) -> tuple[datetime, datetime]:
        """Return both moments; an end before the start is of the next day."""
        day = day_of(self.day_field)
        starts, ends = (
            self._exact(clock_of(field), before)
            for field, before in zip((self.starts_field, self.ends_field), self._seconds, strict=True)
        )
        ends_on = day if ends >= starts else day + timedelta(days=1)
        return datetime.combine(day, starts).astimezone(), datetime.combine(ends_on, ends).astimezone()

    @staticmethod
    def _exact(clock: time, before: time) -> time:
        """Keep the seconds of a time that was not changed: the fields show minutes."""
        return before if (clock.hour, clock.minute) == (before.hour, before.minute) else clock


class AddSessionDialog(_TimeDialog):
    """Adds a session of a past day, to be marked by hand."""

    def __init__(self, context: AppContext, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Add a session"), parent)
        self._course = course
        self.explain(tr("For a lesson whose roll was not taken here. Nobody is marked yet; mark them in its register."))
        now = context.clock().replace(second=0, microsecond=0)
        self.add_times(now - LESSON, now)
        self.topic_field = self.field(tr("Topic"))
        self.set_primary(tr("Add the session"))

    def action(self) -> Action:
        course_id, topic, now = self._course.id, self.topic_field.text(), self.context.clock()
        started, ended = self.times()
        late_after = timedelta(minutes=self.context.settings.late_after_minutes)
        return lambda tx: tx.sessions.add_past(
            course_id, started, {}, late_after=late_after, marked_at=now, ended_at=ended, topic=topic
        )

    def message(self, result: Session) -> str:
        return tr("The session was added")


class MoveSessionDialog(_TimeDialog):
    """Gives a session another day or time."""

    def __init__(self, context: AppContext, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Day and time of the session"), parent)
        self._session = session
        self.explain(tr("Marks stay as they are, and so do the times at which the camera has seen somebody."))
        self.add_times(session.started_at, session.ended_at or session.started_at)
        self.set_primary(tr("Save"))

    def action(self) -> Action:
        session_id, now = self._session.id, self.context.clock()
        started, ended = self.times()
        return lambda tx: tx.sessions.move(session_id, started, ended, at=now)

    def message(self, result: Session) -> str:
        return tr("The session has another time")


class SplitDialog(ActingDialog):
    """Makes two sessions of one that went on over two lessons."""

    def __init__(self, context: AppContext, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Split the session in two"), parent)
        self._session = session
        self.explain(tr("Whoever was seen in a part is marked in that part; marks by hand hold for both."))
        middle = session.started_at + ((session.ended_at or session.started_at) - session.started_at) / 2
        self.at_field = time_field(middle.astimezone().time())
        self.at_field.setAccessibleName(tr("The second begins at"))
        self.form.addRow(tr("The second begins at"), self.at_field)
        self.set_primary(tr("Split"))

    def action(self) -> Action:
        session_id, now = self._session.id, self.context.clock()
        started = self._session.started_at.astimezone()
        moment = datetime.combine(started.date(), clock_of(self.at_field)).astimezone()
        if moment < started:
            moment = datetime.combine(started.date() + timedelta(days=1), clock_of(self.at_field)).astimezone()
        return lambda tx: tx.sessions.split(session_id, moment, at=now)

    def message(self, result: object) -> str:
        return tr("There are two sessions now")
