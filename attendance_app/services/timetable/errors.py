"""Why a timetable, or a calendar file, is refused."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, NotFoundError


class DayUnreadable(KnownError):
    """It is no day."""

    text: str


class ClockUnreadable(KnownError):
    """It is no time of day."""

    text: str


class WeekdayUnreadable(KnownError):
    """It is no day of the week."""

    text: str


class PeriodBackwards(KnownError):
    """The last day is before the first."""

    first: str
    last: str


class LessonWithoutLength(KnownError):
    """A lesson ends when it starts."""

    starts: str


class NoSuchTimetableLine(NotFoundError):
    """The timetable has no line of that number."""

    number: int
    lines: int


class CalendarNotThere(NotFoundError):
    """There is no such file."""

    path: Path


class CalendarUnreadable(KnownError):
    """The system refused to read the file."""

    path: Path
    reason: str


class CalendarTooLarge(KnownError):
    """More bytes, or events, than a school's calendar has."""

    path: Path
    most: int


class NotACalendar(KnownError):
    """The file does not begin as an iCalendar file does."""

    path: Path


class CalendarBroken(KnownError):
    """A line of the file is not as iCalendar wants it; ``text`` is its beginning."""

    path: Path
    line: int
    text: str


class CalendarCutOff(KnownError):
    """The file ends before what was begun in ``line`` is ended."""

    path: Path
    line: int
    text: str
