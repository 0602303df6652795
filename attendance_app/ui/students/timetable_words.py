"""A timetable's lines as the window says them."""

from datetime import date, time

from PySide6.QtCore import QDate, QLocale, QTime

from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.services.timetable.calendar_file import EventReason
from attendance_app.ui.i18n import tr


def weekday_word(weekday: int) -> str:
    """Return the name of a day of the week, 0 for Monday."""
    return QLocale().standaloneDayName(weekday + 1)


def day_words(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def clock_words(clock: time) -> str:
    return QLocale().toString(QTime(clock.hour, clock.minute), QLocale.FormatType.ShortFormat)


def kind_words(line: Period | WeeklyLesson, timetable: Timetable) -> str:
    """Return what a line of a timetable is."""
    if isinstance(line, WeeklyLesson):
        return tr("Weekly time")
    return tr("Term") if line in timetable.terms else tr("Holiday")


def when_words(line: Period | WeeklyLesson) -> str:
    """Return the days, or the time of the week."""
    if isinstance(line, Period):
        return day_words(line.first) if line.first == line.last else f"{day_words(line.first)} – {day_words(line.last)}"
    words = f"{weekday_word(line.weekday)}, {clock_words(line.starts)} – {clock_words(line.ends)}"
    if line.every > 1:
        words += ", " + tr("every {count} weeks").format(count=line.every)
    if line.last is not None:
        words += ", " + tr("until {day}").format(day=day_words(line.last))
    return words


def name_words(line: Period | WeeklyLesson) -> str:
    return line.topic if isinstance(line, WeeklyLesson) else line.name


def reason_words(reason: EventReason) -> str:
    """Return why an event of a calendar file is left out."""
    return {
        EventReason.ONCE: tr("takes place once"),
        EventReason.OTHER_RHYTHM: tr("recurs, but not by the week"),
        EventReason.CANCELLED: tr("is cancelled"),
        EventReason.MOVED: tr("is a single day of a series"),
        EventReason.NO_START: tr("has no start"),
        EventReason.NO_LENGTH: tr("has no end"),
        EventReason.OTHER_NAME: tr("has another name"),
    }[reason]
