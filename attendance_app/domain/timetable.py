"""When a course meets: terms, weekly times, days without lessons; which lesson is due. No clock, no I/O.

Days and times of day are those of the clock on the wall; moments are UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, TypeVar

from attendance_app.domain.sessions import Session

EARLY: Final = timedelta(minutes=15)
"""So long before its start a lesson is due."""

DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``first`` up to and with ``last``: a term, or days without lessons."""

    first: date
    last: date
    name: str = ""

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class WeeklyLesson:
    """A time of the week at which the course meets; ``weekday`` 0 is Monday.

    One that ends at an earlier time of day than it starts goes on after midnight. ``every``: 2 for every other week,
    counted from the week of ``first``. ``first`` and ``last``: the days between which it is held; None: no limit.
    """

    weekday: int
    starts: time
    ends: time
    topic: str = ""
    every: int = 1
    first: date | None = None
    last: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether it is held on that day, terms and holidays aside."""
        if day.weekday() != self.weekday or (self.last is not None and day > self.last):
            return False
        if self.first is None:
            return True
        weeks = (_monday(day) - _monday(self.first)).days // DAYS_A_WEEK
        return day >= self.first and weeks % self.every == 0

    def on(self, day: date, zone: tzinfo | None) -> "Lesson":
        """Return the lesson of that day; ``zone`` of the clock on the wall, None: this machine's."""
        ends_on = day if self.ends > self.starts else day + timedelta(days=1)
        return Lesson(_utc(day, self.starts, zone), _utc(ends_on, self.ends, zone), self.topic)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One meeting as planned."""

    starts_at: datetime
    ends_at: datetime
    topic: str = ""

    def is_of(self, session: Session) -> bool:
        """Whether the session is the roll of this lesson."""
        if session.lesson_at is not None:
            return session.lesson_at == self.starts_at
        return self.starts_at <= session.started_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a course meets. Without terms it meets all year round."""

    terms: tuple[Period, ...] = ()
    lessons: tuple[WeeklyLesson, ...] = ()
    holidays: tuple[Period, ...] = ()

    def lessons_on(self, day: date, zone: tzinfo | None = None) -> tuple[Lesson, ...]:
        """Return the lessons that start on a day, in their order."""
        in_term = not self.terms or any(term.covers(day) for term in self.terms)
        if not in_term or any(holiday.covers(day) for holiday in self.holidays):
            return ()
        held = (lesson.on(day, zone) for lesson in self.lessons if lesson.held_on(day))
        return tuple(sorted(held, key=lambda lesson: lesson.starts_at))

    def holiday_on(self, day: date) -> Period | None:
        """Return the holiday that a day belongs to."""
        return next((holiday for holiday in self.holidays if holiday.covers(day)), None)

    def term_on(self, day: date) -> Period | None:
        """Return the term that a day belongs to."""
        return next((term for term in self.terms if term.covers(day)), None)

    def with_added(
        self,
        *,
        terms: Iterable[Period] = (),
        lessons: Iterable[WeeklyLesson] = (),
        holidays: Iterable[Period] = (),
    ) -> "Timetable":
        """Return it with more; what it has already is not added again."""
        return Timetable((*self.terms, *terms), (*self.lessons, *lessons), (*self.holidays, *holidays)).in_order()

    def in_order(self) -> "Timetable":
        """Return it with everything once, in the order of time."""
        lessons = sorted(_once(self.lessons), key=lambda one: (one.weekday, one.starts, one.ends, one.topic))
        return replace(
            self,
            terms=tuple(sorted(_once(self.terms))),
            lessons=tuple(lessons),
            holidays=tuple(sorted(_once(self.holidays))),
        )


def due_lesson(
    timetable: Timetable, now: datetime, *, sessions: Iterable[Session] = (), zone: tzinfo | None = None
) -> Lesson | None:
    """Return the lesson whose roll is due: the one that goes on, else the one that begins within ``EARLY``.

    ``sessions``: of the course; a lesson that has one is no longer due.
    """
    taken = [session for session in sessions if session.counts]
    open_lessons = [
        lesson
        for lesson in _around(timetable, now.astimezone(zone).date(), zone)
        if lesson.starts_at - EARLY <= now < lesson.ends_at and not any(lesson.is_of(session) for session in taken)
    ]
    # The one that began last: where two overlap, the earlier one is nearly over.
    begun = [lesson for lesson in open_lessons if lesson.starts_at <= now]
    return begun[-1] if begun else next(iter(open_lessons), None)


def _around(timetable: Timetable, day: date, zone: tzinfo | None) -> Iterator[Lesson]:
    # A lesson of yesterday may go on after midnight; one of tomorrow may be near.
    for shift in (-1, 0, 1):
        yield from timetable.lessons_on(day + timedelta(days=shift), zone)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _utc(day: date, clock: time, zone: tzinfo | None) -> datetime:
    wall = datetime.combine(day, clock)
    return (wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)


_T = TypeVar("_T")


def _once(values: Iterable[_T]) -> list[_T]:
    return list(dict.fromkeys(values))
