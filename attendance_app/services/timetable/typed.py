"""A timetable as it is typed: days, times of day, days of the week."""

import re
from datetime import date, time

from attendance_app.domain.sessions import YEARS
from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.services.timetable import errors

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})")


def read_day(text: str) -> date:
    """Return the day of a text such as 2026-09-01. Raises DayUnreadable."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise errors.DayUnreadable(text=text) from error
    if day.year not in YEARS:
        raise errors.DayUnreadable(text=text)
    return day


def read_clock(text: str) -> time:
    """Return the time of a text such as 8:00. Raises ClockUnreadable."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise errors.ClockUnreadable(text=text)
    return time(int(found[1]), int(found[2]))


def read_weekday(text: str) -> int:
    """Return the number of a day of the week, 0 for Monday; its first letters are enough. Raises WeekdayUnreadable."""
    typed = text.strip().lower()
    found = [number for number, name in enumerate(WEEKDAYS) if len(typed) > 1 and name.startswith(typed)]
    if len(found) != 1:
        raise errors.WeekdayUnreadable(text=text)
    return found[0]


def period(first: date, last: date | None, name: str) -> Period:
    """Return a term or holiday; ``last`` None: one day. Raises PeriodBackwards."""
    last = first if last is None else last
    if last < first:
        raise errors.PeriodBackwards(first=first.isoformat(), last=last.isoformat())
    return Period(first, last, name.strip())


def weekly_lesson(weekday: int, starts: time, ends: time, topic: str = "") -> WeeklyLesson:
    """Return a time of the week. Raises LessonWithoutLength."""
    if starts == ends:
        raise errors.LessonWithoutLength(starts=f"{starts:%H:%M}")
    return WeeklyLesson(weekday, starts, ends, topic.strip())


def lines_of(timetable: Timetable) -> tuple[Period | WeeklyLesson, ...]:
    """Return everything in a timetable as it is listed and numbered: terms, weekly times, holidays."""
    return (*timetable.terms, *timetable.lessons, *timetable.holidays)


def without_line(timetable: Timetable, number: int) -> Timetable:
    """Return it without the line of that number, from 1. Raises NoSuchTimetableLine."""
    lines = lines_of(timetable)
    if not 1 <= number <= len(lines):
        raise errors.NoSuchTimetableLine(number=number, lines=len(lines))
    terms, lessons = len(timetable.terms), len(timetable.lessons)
    place = number - 1
    return Timetable(
        tuple(one for at, one in enumerate(timetable.terms) if at != place),
        tuple(one for at, one in enumerate(timetable.lessons) if at + terms != place),
        tuple(one for at, one in enumerate(timetable.holidays) if at + terms + lessons != place),
    )
