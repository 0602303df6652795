"""Attendance that was kept elsewhere, as a table (a line a student, a column a session), comes into the register.

Read, preview, apply, as a class list. A mark that is in the register already is never changed, so that the same table
again changes nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Final

from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import YEARS, Session, Status
from attendance_app.services.columns import ColumnMapping, header_of
from attendance_app.services.roster_rows import SkipReason, read_rows
from attendance_app.services.status_words import WORDS, status_key
from attendance_app.services.tables import errors
from attendance_app.services.tables.table import Problem, Table

if TYPE_CHECKING:
    from attendance_app.store.database import Store
    from attendance_app.store.unit import Transaction

FIRST_LESSON: Final = time(8, 0)
"""When a session began of which the table has the day only."""

_BLANK: Final = frozenset(("", "-", "–", "—", "·", ".", "?"))
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2})?([+-]\d{2}:\d{2}|Z)?)?")
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,?\s+(\d{1,2}):(\d{2}))?")


class PastReason(Enum):
    """Why a line, a column or a cell is left out."""

    NOT_ON_ROSTER = "not on this course's list"
    UNKNOWN_WORD = "no status that is known"
    SEVERAL_SESSIONS = "several sessions on that day"
    IN_THE_FUTURE = "a day that has not come yet"
    SAME_TIME = "the same time as a column before"


@dataclass(frozen=True, slots=True)
class PastSession:
    """A column: when it began (UTC), the session of that time if the register has it, the marks that would be new."""

    column: int
    started_at: datetime
    known: Session | None
    marks: tuple[tuple[Student, Status], ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not taken over; ``row`` and ``column`` count from 1 in the file, None: the whole line or column."""

    row: int | None
    column: int | None
    text: str
    reason: PastReason | SkipReason | Problem


@dataclass(frozen=True, slots=True)
class PastPlan:
    """A preview. ``unchanged``: marks that the register has already."""

    course: Course
    sessions: tuple[PastSession, ...]
    left_out: tuple[LeftOut, ...]
    unchanged: int

    @property
    def new_marks(self) -> int:
        return sum(len(session.marks) for session in self.sessions)

    @property
    def new_sessions(self) -> int:
        return sum(session.known is None for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the table is read: ``zone`` of its times (None: this machine's), ``at`` for days without a time.

    ``month_first``: 3/4/2026 is in March. ``words`` are the user's own for statuses.
    """

    zone: tzinfo | None = None
    at: time = FIRST_LESSON
    month_first: bool = False
    words: Mapping[str, Status] | None = None


def plan_past(
    store: "Store", course: Course, table: Table, mapping: ColumnMapping, *, reading: Reading, now: datetime
) -> PastPlan:
    """Return what the table would bring, without doing it.

    Raises NoNumberColumn, and NoSessionColumn where no header is a day.
    """
    header = header_of(table, mapping)
    if mapping.number is None:
        raise errors.NoNumberColumn(columns=tuple(filter(None, header)))
    moments = _moments(header, reading)
    if not moments:
        raise errors.NoSessionColumn(columns=tuple(filter(None, header)))
    with store.read() as then:
        roster = {student.number: student for student in then.students.of_course(course.id, archived=None)}
        sessions = then.sessions.all(course.id)
        marked = frozenset((mark.session_id, mark.student_id) for mark in then.marks.of_course(course.id))
    lines, left_out = _lines_of(table, mapping, roster)
    own = {status_key(text): status for text, status in (reading.words or {}).items()}
    words = {**WORDS, **_meaning_of_a(line.cells[column] for line in lines for column in moments), **own}
    found: list[PastSession] = []
    unchanged = 0
    for column, moment in moments.items():
        place = _place(moment, sessions, reading, now=now, taken={session.started_at for session in found})
        if isinstance(place, PastReason):
            left_out.append(LeftOut(None, column + 1, header[column], place))
            continue
        started_at, known = place
        marks: list[tuple[Student, Status]] = []
        for line in lines:
            word = status_key(line.cells[column])
            if word in words and known is not None and (known.id, line.student.id) in marked:
                unchanged += 1
            elif word in words:
                marks.append((line.student, words[word]))
            elif word not in _BLANK:
                left_out.append(LeftOut(line.row, column + 1, line.cells[column], PastReason.UNKNOWN_WORD))
        found.append(PastSession(column + 1, started_at, known, tuple(marks)))
    return PastPlan(course, tuple(session for session in found if session.marks), tuple(left_out), unchanged)


@dataclass(frozen=True, slots=True)
class _Line:
    """A student of the course in the table; ``row`` counts from 1 in the file."""

    row: int
    student: Student
    cells: tuple[str, ...]


def _lines_of(table: Table, mapping: ColumnMapping, roster: Mapping[str, Student]) -> tuple[list[_Line], list[LeftOut]]:
    cells = dict(zip(table.lines, table.rows, strict=True))
    lines: list[_Line] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    for read in read_rows(table, mapping):
        number = read.entry.number
        reason = read.reason or (SkipReason.DUPLICATE if number in seen else None)
        if reason is None and number in roster:
            lines.append(_Line(read.line, roster[number], cells[read.line]))
        else:
            who = " ".join(filter(None, (number, read.entry.name)))
            left_out.append(LeftOut(read.line, None, who, reason or PastReason.NOT_ON_ROSTER))
        seen.add(number)
    return lines, left_out


def _place(
    moment: tuple[date, time | None],
    sessions: Iterable[Session],
    reading: Reading,
    *,
    now: datetime,
    taken: Set[datetime],
) -> tuple[datetime, Session | None] | PastReason:
    """Return when a column's session began, with the register's session of that time, or why it is left out."""
    day, start = moment
    here = _sessions_at(sessions, day, start, reading.zone)
    if len(here) > 1:
        return PastReason.SEVERAL_SESSIONS
    started_at = here[0].started_at if here else _utc(day, start or reading.at, reading.zone)
    if started_at > now:
        return PastReason.IN_THE_FUTURE
    return PastReason.SAME_TIME if started_at in taken else (started_at, here[0] if here else None)


def apply_past(tx: "Transaction", plan: PastPlan, *, at: datetime, late_after: timedelta, note: str) -> int:
    """Write the preview's sessions and marks, as the teacher's, and return how many marks; ``note``: of new sessions.

    Raises KnownError. Students without a word in the table stay without a mark.
    """
    for session in plan.sessions:
        if session.known is None:
            marks = {student.id: status for student, status in session.marks}
            tx.sessions.add_past(
                plan.course.id, session.started_at, marks, late_after=late_after, marked_at=at, note=note
            )
        else:
            for student, status in session.marks:
                tx.marks.set(session.known.id, student.id, status, at)
    return plan.new_marks


def _meaning_of_a(cells: Iterable[str]) -> dict[str, Status]:
    """A is absent where P stands beside it and no Spanish letter; else somebody has to say what it means."""
    letters = Counter(map(status_key, cells))
    english = letters["p"] and not (letters["f"] or letters["j"] or letters["r"])
    return {"a": Status.ABSENT} if english else {}


def _moments(header: tuple[str, ...], reading: Reading) -> dict[int, tuple[date, time | None]]:
    """Return the columns whose header is a day, with its time if it has one, in the zone of the table."""
    numbers = [found for text in header if (found := _NUMBERS.fullmatch(text.strip()))]
    # A day beyond 12 in any header settles the order of all of them.
    month_first = any(int(found[2]) > 12 for found in numbers) or (
        reading.month_first and not any(int(found[1]) > 12 for found in numbers)
    )
    moments = ((column, _moment(text.strip(), month_first, reading.zone)) for column, text in enumerate(header))
    return {column: moment for column, moment in moments if moment is not None}


def _moment(text: str, month_first: bool, zone: tzinfo | None) -> tuple[date, time | None] | None:
    iso, numbers = _ISO.fullmatch(text), _NUMBERS.fullmatch(text)
    try:
        if iso and iso[6]:
            there = datetime.fromisoformat(text).astimezone(zone)
            return _within(there.date()), there.time().replace(second=0, microsecond=0)
        if iso:
            return _within(date(int(iso[1]), int(iso[2]), int(iso[3]))), _time(iso[4], iso[5])
        if numbers:
            day, month = (numbers[2], numbers[1]) if month_first else (numbers[1], numbers[2])
            return _within(date(int(numbers[3]), int(month), int(day))), _time(numbers[4], numbers[5])
    except (ValueError, OverflowError):  # 31/2/2026, 25:00
        return None
    return None


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"no session was in {day.year}")
    return day


def _time(hour: str | None, minute: str | None) -> time | None:
    return None if hour is None or minute is None else time(int(hour), int(minute))


def _utc(day: date, start: time, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, start)
    return (local.astimezone() if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)


def _sessions_at(
    sessions: Iterable[Session], day: date, start: time | None, zone: tzinfo | None
) -> tuple[Session, ...]:
    """Return the register's sessions of that minute, or of that day where there is no time."""
    found = []
    for session in sessions:
        local = session.started_at.astimezone(zone)
        same_time = start is None or (local.hour, local.minute) == (start.hour, start.minute)
        if local.date() == day and same_time:
            found.append(session)
    return tuple(found)
