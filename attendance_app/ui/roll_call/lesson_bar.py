"""Says which lesson is due and from when late is counted; hidden where the timetable has nothing to say."""

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from attendance_app.domain.timetable import Lesson, Timetable, due_lesson
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.roll_call_data import RollCallData
from attendance_app.ui.translated_widget import TranslatedWidget

LOOK_MS = 20_000
"""How often the clock is compared with the timetable."""


class LessonBar(TranslatedWidget):
    """Before a session. The teacher may have late counted from Start instead."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._data: RollCallData | None = None
        self._running = False
        self.from_start: datetime | None = None
        """Start of the lesson for which the teacher has chosen that late is counted from the session's start."""
        self.words = label(wrap=True)
        self.count_button = Button("quiet").on_click(self._count_otherwise)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.count_button)
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self.retranslate)
        self.hide()

    def show_data(self, data: RollCallData | None) -> None:
        """Take the course's timetable."""
        self._data = data
        self.retranslate()

    def show_running(self, running: bool) -> None:
        """Hide it while a session is open: it began with what was said."""
        self._running = running
        self.retranslate()

    def due(self, at: datetime | None = None) -> Lesson | None:
        """Return the lesson that is due now, or at another time."""
        if self._data is None:
            return None
        return due_lesson(self._data.timetable, at or self._context.clock(), sessions=self._data.sessions)

    def chosen(self, at: datetime | None = None) -> Lesson | None:
        """Return the lesson from which a session that begins now counts who is late; None: from its own start."""
        lesson = self.due(at)
        return None if lesson is None or lesson.starts_at == self.from_start else lesson

    def _count_otherwise(self) -> None:
        lesson = self.due()
        self.from_start = lesson.starts_at if lesson is not None and self.chosen() is not None else None
        self.retranslate()

    def retranslate(self) -> None:
        shown = self._data is not None and not self._running
        lesson = self.due() if shown else None
        holiday = self._holiday(self._data.timetable) if self._data is not None and shown and lesson is None else ""
        self.words.setText(self._lesson_words(lesson) if lesson is not None else holiday)
        self.count_button.setVisible(lesson is not None)
        self.count_button.show_text(
            tr("Count from Start") if self.chosen() is not None else tr("Count from the lesson")
        )
        self.setVisible(bool(self.words.text()))
        # A course without a timetable has nothing to wait for.
        if shown and self._data is not None and self._data.timetable.lessons:
            self._looks.start()
        else:
            self._looks.stop()

    def _lesson_words(self, lesson: Lesson) -> str:
        when = f"{dates.time(lesson.starts_at)}–{dates.time(lesson.ends_at)}"
        words = tr("Lesson {when}").format(when=when) + (f" · {lesson.topic}" if lesson.topic else "") + " · "
        if self.chosen() is None:
            return words + tr("late is counted from Start")
        limit = lesson.starts_at + timedelta(minutes=self._context.settings.late_after_minutes)
        if self._context.clock() > limit:
            return words + tr("late since {time}: whoever is seen first now is late").format(time=dates.time(limit))
        return words + tr("late from {time} on").format(time=dates.time(limit))

    def _holiday(self, timetable: Timetable) -> str:
        holiday = timetable.holiday_on(self._context.clock().astimezone().date())
        if holiday is None or not timetable.lessons:
            return ""
        return tr("No lesson today: {holiday}").format(holiday=holiday.name or tr("holiday"))
