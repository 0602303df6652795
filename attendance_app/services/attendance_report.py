"""Attendance of a course over a span of days in figures: rates, lates, minutes, streaks, trends, unusual days.

Sessions that do not count, void ones among them, are left out everywhere. Excused students and students without a mark
are left out of rates and streaks.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Final

from attendance_app.domain.excuses import minutes_late
from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import CAME, Mark, Session, Status
from attendance_app.services.course_matrix import matrix_with_marks
from attendance_app.services.errors import NotInCourse
from attendance_app.services.reports import COUNTED, share_of

if TYPE_CHECKING:
    from attendance_app.store.database import Store

LEAST_FOR_TREND: Final = 6
"""Counted sessions of a student from which there is a trend."""
UNUSUAL: Final = 3.0
"""A day is unusual where the number of students who came is so many standard deviations from what their rates in the
other sessions make likely."""
LEAST_FOR_UNUSUAL: Final = 5
"""Sessions of the course, and students of a session, from which a day can be unusual."""


@dataclass(frozen=True, slots=True)
class StudentFigures:
    """A student over the span. ``rate`` None: nothing to count.

    ``absences_now``: how many of the newest counted sessions in a row the student missed. ``trend``: the rate in the
    newer half of the counted sessions minus that in the older, None: too few. ``below_since``: the session from which
    on the rate so far has been below the limit, None: it is not. ``shares``: the rate so far after each session.
    """

    student: Student
    counts: Mapping[Status, int]
    rate: float | None
    minutes_late: int
    absences_now: int
    longest_absence: int
    longest_presence: int
    trend: float | None
    below_since: Session | None
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A session to which far fewer or more students came than their own rates make likely."""

    session: Session
    came: int
    expected: float
    counted: int


@dataclass(frozen=True, slots=True)
class CourseReport:
    """``shares``: of each session, those who came of those who are counted. ``limit``: from 0 to 1."""

    course: Course
    first: date | None
    last: date | None
    limit: float
    sessions: tuple[Session, ...]
    shares: tuple[float | None, ...]
    students: tuple[StudentFigures, ...]
    unusual: tuple[UnusualDay, ...]

    @property
    def rate(self) -> float | None:
        """The share of all counted marks of those who came; None: nothing to count."""
        came = sum(line.counts[status] for line in self.students for status in CAME)
        counted = sum(line.counts[status] for line in self.students for status in COUNTED)
        return came / counted if counted else None

    @property
    def below(self) -> tuple[StudentFigures, ...]:
        """Who is below the limit, the lowest rate first."""
        return tuple(sorted((one for one in self.students if one.below_since), key=lambda one: one.rate or 0.0))


def course_report(
    store: "Store",
    course_id: int,
    *,
    limit: float,
    first: date | None = None,
    last: date | None = None,
    zone: tzinfo | None = None,
) -> CourseReport:
    """Report on the sessions from ``first`` to ``last``, both included, days of ``zone`` (None: this machine's).

    ``limit`` is from 0 to 1; exactly at it is not below. Raises NotFoundError.
    """
    matrix, marks = matrix_with_marks(store, course_id)
    kept = [place for place, one in enumerate(matrix.sessions) if _within(one, first, last, zone)]
    sessions = tuple(matrix.sessions[place] for place in kept)
    rows = [(row.student, tuple(row.statuses[place] for place in kept)) for row in matrix.rows]
    students = tuple(_figures(student, statuses, sessions, marks, limit) for student, statuses in rows)
    shares = tuple(share_of(statuses[place] for _, statuses in rows) for place in range(len(sessions)))
    unusual = _unusual_days(sessions, [statuses for _, statuses in rows])
    return CourseReport(matrix.course, first, last, limit, sessions, shares, students, unusual)


def only_student(report: CourseReport, student: Student) -> CourseReport:
    """Return the report of one student: their figures, the course's sessions. Raises NotInCourse."""
    lines = tuple(line for line in report.students if line.student.id == student.id)
    if not lines:
        raise NotInCourse(name=student.name, course=report.course.code)
    return replace(report, students=lines, shares=lines[0].shares, unusual=())


def _within(session: Session, first: date | None, last: date | None, zone: tzinfo | None) -> bool:
    day = session.started_at.astimezone(zone).date()
    return (first is None or first <= day) and (last is None or day <= last)


def _figures(
    student: Student,
    statuses: Sequence[Status | None],
    sessions: Sequence[Session],
    marks: Mapping[tuple[int, int], Mark],
    limit: float,
) -> StudentFigures:
    counted = [
        (session, status in CAME) for session, status in zip(sessions, statuses, strict=True) if status in COUNTED
    ]
    came = [here for _, here in counted]
    half = len(came) // 2
    return StudentFigures(
        student=student,
        counts={status: sum(one is status for one in statuses) for status in Status},
        rate=sum(came) / len(came) if came else None,
        minutes_late=sum(_minutes(marks.get((session.id, student.id)), session) for session in sessions),
        absences_now=_run(came[::-1], here=False),
        longest_absence=_longest(came, here=False),
        longest_presence=_longest(came, here=True),
        trend=sum(came[-half:]) / half - sum(came[:half]) / half if len(came) >= LEAST_FOR_TREND else None,
        below_since=_below_since(counted, limit),
        shares=_running(statuses),
    )


def _minutes(mark: Mark | None, session: Session) -> int:
    return 0 if mark is None else minutes_late(mark, session) or 0


def _running(statuses: Sequence[Status | None]) -> tuple[float | None, ...]:
    shares: list[float | None] = []
    came = counted = 0
    for status in statuses:
        came += status in CAME
        counted += status in COUNTED
        shares.append(came / counted if counted else None)
    return tuple(shares)


def _run(came: Sequence[bool], *, here: bool) -> int:
    return next((place for place, one in enumerate(came) if one is not here), len(came))


def _longest(came: Sequence[bool], *, here: bool) -> int:
    longest = run = 0
    for one in came:
        run = run + 1 if one is here else 0
        longest = max(longest, run)
    return longest


def _below_since(counted: Sequence[tuple[Session, bool]], limit: float) -> Session | None:
    """Return the first session of the newest run of sessions after which the rate so far was below the limit."""
    since: Session | None = None
    here = 0
    for place, (session, came) in enumerate(counted, start=1):
        here += came
        below = here / place < limit
        since = (since or session) if below else None
    return since


def _unusual_days(sessions: Sequence[Session], rows: Sequence[Sequence[Status | None]]) -> tuple[UnusualDay, ...]:
    if len(sessions) < LEAST_FOR_UNUSUAL:
        return ()
    came = [sum(status in CAME for status in row) for row in rows]
    counted = [sum(status in COUNTED for status in row) for row in rows]
    found = []
    for place, session in enumerate(sessions):
        expected = variance = 0.0
        here = total = 0
        for row, all_came, all_counted in zip(rows, came, counted, strict=True):
            status = row[place]
            if status not in COUNTED:
                continue
            # Without this session, and never quite 0 or 1 (Laplace), so that one absence of a regular is no wonder.
            rate = (all_came - (status in CAME) + 1) / (all_counted - 1 + 2)
            expected += rate
            variance += rate * (1 - rate)
            here += status in CAME
            total += 1
        if total >= LEAST_FOR_UNUSUAL and abs(here - expected) > UNUSUAL * math.sqrt(variance):
            found.append(UnusualDay(session, here, expected, total))
    return tuple(found)
