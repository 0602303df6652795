"""Holidays and weekly times from an iCalendar file (RFC 5545), as schools and calendar programs write them.

Whole days are days without lessons; times that recur by the week are lessons. The rest is left out and named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attendance_app.domain.sessions import YEARS
from attendance_app.domain.timetable import Period, WeeklyLesson
from attendance_app.services.timetable import errors
from attendance_app.services.timetable.calendar_lines import SHOWN, Line, content_lines, read_text

if TYPE_CHECKING:
    from icalendar.cal import Component

MOST_EVENTS: Final = 5000
MOST_DAYS: Final = 400
"""So often a holiday that recurs is taken."""
AHEAD: Final = timedelta(days=3 * 366)
"""So far ahead holidays are taken that recur without an end."""
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class EventReason(Enum):
    """Why an event is left out."""

    ONCE = "takes place once; weekly times are taken"
    OTHER_RHYTHM = "recurs, but not by the week"
    CANCELLED = "is cancelled"
    MOVED = "is a single day of a series"
    NO_START = "has no start"
    NO_LENGTH = "has no end, or ends when it starts"
    OTHER_NAME = "has another name"


@dataclass(frozen=True, slots=True)
class LeftOutEvent:
    """An event that is not taken; ``line`` is where it begins in the file."""

    line: int
    name: str
    reason: EventReason


@dataclass(frozen=True, slots=True)
class CalendarContent:
    """What a calendar file says."""

    holidays: tuple[Period, ...] = ()
    lessons: tuple[WeeklyLesson, ...] = ()
    left_out: tuple[LeftOutEvent, ...] = ()


def read_calendar(
    path: Path, *, today: date, matching: str = "", lessons: bool = True, zone: tzinfo | None = None
) -> CalendarContent:
    """Read a file whole, or raise what is wrong with it.

    ``matching``: only lessons whose name has this text are taken, since a teacher's calendar has every course;
    ``lessons`` False: none. ``zone`` of the clock on the wall, None: this machine's. ``today`` limits holidays that
    recur for ever. Raises the kinds of ``errors`` about calendars.
    """
    text = read_text(path)
    lines = content_lines(path, text)
    found: list[Period | WeeklyLesson | LeftOutEvent] = []
    for event, of_event in _events(path, text, lines):
        try:
            found += _taken(event, of_event[0].number, matching if lessons else None, today=today, zone=zone)
        except (ValueError, OverflowError, TypeError, AttributeError, KeyError) as error:
            # The library reads a property's value when it is asked for.
            raise _broken(path, of_event, "DTSTART") from error
    return CalendarContent(
        tuple(dict.fromkeys(one for one in found if isinstance(one, Period))),
        tuple(dict.fromkeys(one for one in found if isinstance(one, WeeklyLesson))),
        tuple(one for one in found if isinstance(one, LeftOutEvent)),
    )


def _events(path: Path, text: str, lines: tuple[Line, ...]) -> Iterator[tuple["Component", tuple[Line, ...]]]:
    """Yield each event with its lines. Raises CalendarBroken for a property that the library can't read."""
    from icalendar import Calendar

    parts = _lines_of_events(lines)
    if len(parts) > MOST_EVENTS:
        raise errors.CalendarTooLarge(path=path, most=MOST_EVENTS)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise errors.CalendarBroken(path=path, line=lines[0].number, text=str(error)[:SHOWN]) from error
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    for event, of_event in zip(events, parts, strict=True):
        wrong = [name for name, _ in event.errors if name in {"DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE"}]
        if wrong:
            raise _broken(path, of_event, wrong[0])
        yield event, of_event


def _lines_of_events(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    starts = [at for at, line in enumerate(lines) if (line.name, line.text[-6:].upper()) == ("BEGIN", "VEVENT")]
    return [
        tuple(takewhile(lambda line: (line.name, line.text[-6:].upper()) != ("END", "VEVENT"), lines[at:]))
        for at in starts
    ]


def _broken(path: Path, of_event: tuple[Line, ...], name: str) -> errors.CalendarBroken:
    line = next((one for one in of_event if one.name == name), of_event[0])
    return errors.CalendarBroken(path=path, line=line.number, text=line.text[:SHOWN])


def _taken(
    event: "Component", line: int, matching: str | None, *, today: date, zone: tzinfo | None
) -> list[Period | WeeklyLesson | LeftOutEvent]:
    """Return what an event becomes; ``matching`` None: no lesson is taken."""
    name = " ".join(str(event.get("SUMMARY", "")).split())
    reason = _why_no_event(event)
    start: Any = None if reason else event.decoded("DTSTART")
    if reason is None and not isinstance(start, datetime):
        return [*_holidays(event, start, name, today)]
    if reason is None and (matching is None or matching.casefold() not in name.casefold()):
        reason = EventReason.OTHER_NAME
    reason = reason or _why_no_lesson(event, start)
    if reason is not None:
        return [LeftOutEvent(line, name, reason)]
    return [*_lessons(event.get("RRULE"), _wall(start, zone), _wall(_end(event, start), zone), name, zone)]


def _why_no_event(event: "Component") -> EventReason | None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return EventReason.CANCELLED
    if event.get("RECURRENCE-ID") is not None:
        return EventReason.MOVED
    return EventReason.NO_START if event.get("DTSTART") is None else None


def _why_no_lesson(event: "Component", start: Any) -> EventReason | None:
    rule = event.get("RRULE")
    if rule is None:
        return EventReason.ONCE
    if isinstance(rule, list) or _words(rule, "FREQ") != ["WEEKLY"] or set(rule) - _KNOWN_PARTS:
        return EventReason.OTHER_RHYTHM
    end = _end(event, start)
    if not isinstance(end, datetime) or not timedelta(0) < end - start < timedelta(days=1):
        return EventReason.NO_LENGTH
    return None


_KNOWN_PARTS: Final = frozenset({"FREQ", "BYDAY", "UNTIL", "COUNT", "INTERVAL", "WKST"})


def _words(rule: Any, part: str) -> list[str]:
    return [str(word).upper() for word in rule.get(part, [])]


def _end(event: "Component", start: Any) -> Any:
    if event.get("DTEND") is not None:
        return event.decoded("DTEND")
    if event.get("DURATION") is not None:
        return start + event.decoded("DURATION")
    return None


def _wall(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a moment as the clock on the wall shows it; one without a zone is that already."""
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def _holidays(event: "Component", start: date, name: str, today: date) -> Iterator[Period]:
    end = _end(event, start)
    # The end of whole days is the day after the last one.
    length = max((end - start).days if isinstance(end, date) and not isinstance(end, datetime) else 1, 1)
    days = [start] if event.get("RRULE") is None else _recurring(event, start, today)
    for first in days:
        last = first + timedelta(days=length - 1)
        if first.year in YEARS and last.year in YEARS:
            yield Period(first, last, name)


def _recurring(event: "Component", start: date, today: date) -> list[date]:
    """Return the days on which a holiday begins that recurs, up to ``AHEAD`` of today."""
    from dateutil.rrule import rrulestr

    rules = event.get("RRULE")
    rule = rules[0] if isinstance(rules, list) else rules
    begin = datetime.combine(start, time())
    # A rule of days must not end at a moment of a zone.
    plain = {part: [_day(one) if part == "UNTIL" else one for one in values] for part, values in rule.items()}
    text = ";".join(f"{part}={','.join(map(_written, values))}" for part, values in plain.items())
    latest = datetime.combine(today + AHEAD, time())
    days: list[date] = []
    for moment in rrulestr(text, dtstart=begin):
        if moment > latest or len(days) == MOST_DAYS:
            break
        days.append(moment.date())
    skipped = _skipped(event)
    return [day for day in days if day not in skipped]


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _written(value: object) -> str:
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)


def _skipped(event: "Component") -> set[date]:
    lists = event.get("EXDATE", [])
    return {_day(one.dt) for each in (lists if isinstance(lists, list) else [lists]) for one in each.dts}


def _lessons(rule: Any, start: datetime, end: datetime, name: str, zone: tzinfo | None) -> Iterator[WeeklyLesson]:
    every = int(rule.get("INTERVAL", [1])[0])
    days = [_WEEKDAYS.index(word[-2:]) for word in _words(rule, "BYDAY")] or [start.weekday()]
    last = _last(rule, start.date(), days, every, zone)
    for weekday in dict.fromkeys(days):
        yield WeeklyLesson(weekday, start.time(), end.time(), name, every, start.date(), last)


def _last(rule: Any, first: date, days: list[int], every: int, zone: tzinfo | None) -> date | None:
    """Return the last day of a rule, None: it has none."""
    if "UNTIL" in rule:
        until = rule["UNTIL"][0]
        if not isinstance(until, datetime):
            return _day(until)
        return _wall(until.replace(tzinfo=until.tzinfo or UTC), zone).date()
    if "COUNT" not in rule:
        return None
    monday = first - timedelta(days=first.weekday())
    wanted, held = int(rule["COUNT"][0]), 0
    for week in range(0, 60 * 52 * every, every):
        for weekday in sorted(set(days)):
            day = monday + timedelta(weeks=week, days=weekday)
            held += day >= first
            if held == wanted:
                return day
    return None
