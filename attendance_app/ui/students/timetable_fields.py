"""The fields by which a line is added to a timetable."""

from datetime import date, time

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from attendance_app.domain.timetable import Period, Timetable
from attendance_app.services.timetable.typed import period, weekly_lesson
from attendance_app.ui.controls import Button, ChoiceBox
from attendance_app.ui.i18n import tr
from attendance_app.ui.students.timetable_words import weekday_word
from attendance_app.ui.time_fields import beside, clock_of, day_field, day_of, time_field

LESSON, TERM, HOLIDAY = "lesson", "term", "holiday"


class TimetableFields(QWidget):
    """What is added: a weekly time, a term or holidays; each with its own fields."""

    add_wanted = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.kind = ChoiceBox()
        for key, words in ((LESSON, tr("Weekly time")), (TERM, tr("Term")), (HOLIDAY, tr("Holidays"))):
            self.kind.addItem(words, key)
        self.weekday = ChoiceBox()
        for number in range(7):
            self.weekday.addItem(weekday_word(number), number)
        self.weekday.setCurrentIndex(today.weekday())
        self.starts, self.ends = time_field(time(8)), time_field(time(8, 50))
        self.first, self.last = day_field(today), day_field(today)
        self.first.dateChanged.connect(self._follow_first)
        self.name_field = QLineEdit()
        self.add_button = Button("plain", "plus").with_text("Add to the timetable").on_click(self.add_wanted.emit)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(8)
        self._hours, self._days = beside(self.starts, self.ends), beside(self.first, self.last)
        self._add_row(tr("Add"), self.kind, self.kind)
        self._add_row(tr("Day of the week"), self.weekday, self.weekday)
        self._add_row(tr("From, to"), self._hours, self.starts, self.ends)
        self._add_row(tr("First and last day"), self._days, self.first, self.last)
        self._add_row(tr("Name or topic (optional)"), self.name_field, self.name_field)
        self._form.addRow("", self.add_button)
        self.kind.currentIndexChanged.connect(self._show_kind)
        self._show_kind()

    def _add_row(self, caption: str, row: QWidget, *fields: QWidget) -> None:
        self._form.addRow(caption, row)
        for field in fields:
            field.setAccessibleName(caption)

    def _show_kind(self) -> None:
        lesson = self.kind.currentData() == LESSON
        self._form.setRowVisible(self.weekday, lesson)
        self._form.setRowVisible(self._hours, lesson)
        self._form.setRowVisible(self._days, not lesson)

    def _follow_first(self, first: QDate) -> None:
        if self.last.date() < first:
            self.last.setDate(first)

    def added_to(self, timetable: Timetable) -> Timetable:
        """Return a timetable with what the fields say. Raises PeriodBackwards, LessonWithoutLength."""
        name, kind = self.name_field.text(), self.kind.currentData()
        if kind == LESSON:
            starts, ends = clock_of(self.starts), clock_of(self.ends)
            return timetable.with_added(lessons=[weekly_lesson(self.weekday.currentData(), starts, ends, name)])
        days: list[Period] = [period(day_of(self.first), day_of(self.last), name)]
        return timetable.with_added(terms=days) if kind == TERM else timetable.with_added(holidays=days)
