"""Fields for days and times of day."""

from datetime import date, time

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QTimeEdit, QWidget

from attendance_app.domain.sessions import YEARS


def time_field(clock: time) -> QTimeEdit:
    """Return a field for a time of day, to the minute."""
    # With its arrows: without them Qt's style sheets leave the text no room, and the field looks empty.
    field = QTimeEdit(QTime(clock.hour, clock.minute))
    field.lineEdit().setTextMargins(8, 0, 0, 0)
    return field


def day_field(day: date) -> QDateEdit:
    """Return a field for a day, with a calendar to choose from."""
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setDateRange(QDate(YEARS.start, 1, 1), QDate(YEARS.stop - 1, 12, 31))
    field.setCalendarPopup(True)
    return field


def clock_of(field: QTimeEdit) -> time:
    return time(field.time().hour(), field.time().minute())


def day_of(field: QDateEdit) -> date:
    return date(field.date().year(), field.date().month(), field.date().day())


def beside(left: QWidget, right: QWidget) -> QWidget:
    """Return both in one row."""
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    return around
