"""Calendar files as schools and programs write them, whole and broken."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from single_writes import each

from attendance_app.domain.errors import KnownError
from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.services.timetable import errors
from attendance_app.services.timetable.calendar_file import CalendarContent, EventReason, read_calendar
from attendance_app.services.timetable.calendar_plan import add_calendar
from attendance_app.store.database import open_store

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 9, 1)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
HEAD, TAIL = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//School//EN\n", "END:VCALENDAR\n"
HOLIDAY = "DTSTART;VALUE=DATE:20261116\nDTEND;VALUE=DATE:20261121\nSUMMARY:Semana de\n  la Revolución\n"
LESSON = (
    "DTSTART;TZID=America/Mexico_City:20260907T080000\nDTEND;TZID=America/Mexico_City:20260907T085000\n"
    "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261218T235959Z\nSUMMARY:Algebra 3B\n"
)


def events(*bodies: str) -> str:
    return HEAD + "".join(f"BEGIN:VEVENT\nUID:{at}\n{body}END:VEVENT\n" for at, body in enumerate(bodies)) + TAIL


def read(tmp_path: Path, text: str | bytes, **options: str | bool) -> CalendarContent:
    file = tmp_path / "school.ics"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_calendar(file, today=TODAY, zone=MEXICO, **options)  # type: ignore[arg-type]


def test_whole_days_are_holidays_and_weekly_times_are_lessons(tmp_path: Path) -> None:
    content = read(tmp_path, events(HOLIDAY, LESSON))
    assert content.holidays == (Period(date(2026, 11, 16), date(2026, 11, 20), "Semana de la Revolución"),)
    lesson = WeeklyLesson(0, time(8), time(8, 50), "Algebra 3B", 1, date(2026, 9, 7), date(2026, 12, 18))
    assert content.lessons == (lesson, WeeklyLesson(2, *list(_values(lesson))[1:]))
    assert content.left_out == ()


def _values(lesson: WeeklyLesson) -> list[object]:
    return [getattr(lesson, name) for name in WeeklyLesson.__slots__]


def test_times_of_another_zone_are_shown_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    body = "DTSTART:20260907T140000Z\nDURATION:PT50M\nRRULE:FREQ=WEEKLY\nSUMMARY:x\n"
    (lesson,) = read(tmp_path, events(body)).lessons
    assert (lesson.weekday, lesson.starts, lesson.ends) == (0, time(8), time(8, 50))
    floating = body.replace("000Z", "000")
    (lesson,) = read(tmp_path, events(floating)).lessons
    assert lesson.starts == time(14)


def test_every_other_week_and_a_number_of_times(tmp_path: Path) -> None:
    body = "DTSTART:20260909T080000\nDTEND:20260909T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=MO,WE\n"
    monday, wednesday = read(tmp_path, events(body)).lessons
    # Wednesday the 9th, then Monday and Wednesday two weeks later.
    assert (monday.every, monday.last) == (2, date(2026, 9, 23))
    assert [one.weekday for one in (monday, wednesday)] == [0, 2]


def test_a_holiday_that_comes_every_year(tmp_path: Path) -> None:
    body = "DTSTART;VALUE=DATE:20250501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270501\nSUMMARY:1 de mayo\n"
    days = [one.first for one in read(tmp_path, events(body)).holidays]
    assert days == [date(2025, 5, 1), date(2026, 5, 1), date(2028, 5, 1), date(2029, 5, 1)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("DTSTART:20260907T080000\nDTEND:20260907T090000\n", EventReason.ONCE),
        ("DTSTART:20260907T080000\nDTEND:20260907T090000\nRRULE:FREQ=DAILY\n", EventReason.OTHER_RHYTHM),
        ("DTSTART:20260907T080000\nDTEND:20260907T090000\nRRULE:FREQ=WEEKLY;BYMONTH=3\n", EventReason.OTHER_RHYTHM),
        ("DTSTART:20260907T080000\nRRULE:FREQ=WEEKLY\n", EventReason.NO_LENGTH),
        ("DTSTART:20260907T080000\nDTEND:20260907T070000\nRRULE:FREQ=WEEKLY\n", EventReason.NO_LENGTH),
        ("DTSTART;VALUE=DATE:20260907\nSTATUS:CANCELLED\n", EventReason.CANCELLED),
        ("DTSTART:20260907T080000\nRECURRENCE-ID:20260907T080000\n", EventReason.MOVED),
        ("SUMMARY:nothing\n", EventReason.NO_START),
    ],
)
def test_what_is_left_out_is_named_with_its_line(tmp_path: Path, body: str, reason: EventReason) -> None:
    content = read(tmp_path, events(HOLIDAY, body))
    (left,) = content.left_out
    assert (left.line, left.reason) == (11, reason)
    assert len(content.holidays) == 1


def test_only_lessons_of_one_name_or_none(tmp_path: Path) -> None:
    text = events(HOLIDAY, LESSON, LESSON.replace("Algebra", "Art"))
    assert {one.topic for one in read(tmp_path, text, matching="algebra").lessons} == {"Algebra 3B"}
    none = read(tmp_path, text, lessons=False)
    assert (len(none.holidays), none.lessons) == (1, ())


WHOLE = events(HOLIDAY, LESSON)
LINES = WHOLE.splitlines(keepends=True)
BROKEN = [
    *("".join(LINES[:cut]) for cut in range(1, len(LINES) - 1)),
    *("".join([*LINES[:at], "what is this\n", *LINES[at + 1 :]]) for at in range(len(LINES))),
    WHOLE.replace("20261116", "20261399"),
    WHOLE.replace("20261121", "tomorrow"),
    WHOLE.replace("T080000", "T990000"),
    WHOLE.replace("FREQ=WEEKLY", "FREQ=SOMETIMES"),
    WHOLE.replace("BYDAY=MO,WE", "BYDAY=XX"),
    WHOLE.replace("UNTIL=20261218T235959Z", "UNTIL=never"),
    WHOLE.replace("INTERVAL", "COUNT=many"),
    WHOLE.replace("END:VEVENT\n", "", 1),
    WHOLE.replace("BEGIN:VEVENT\n", "", 1),
    WHOLE + "BEGIN:VEVENT\n",
    "",
    "name,number\nAna,1\n",
    "\x00\x01\x02",
    "<html><body>Sign in</body></html>",
]
assert len(BROKEN) >= 40


@pytest.mark.parametrize("text", [one for one in BROKEN if one != WHOLE], ids=range(len(BROKEN) - 1))
def test_a_broken_file_gets_a_word_and_a_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(KnownError) as refused:
        read(tmp_path, text)
    assert isinstance(refused.value, errors.NotACalendar | errors.CalendarBroken | errors.CalendarCutOff)
    line = getattr(refused.value, "line", 1)
    assert 1 <= line <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (WHOLE.replace("20261116", "20261399"), 6),
        (WHOLE.replace("RRULE:FREQ=WEEKLY", "RRULE FREQ"), 15),
        (WHOLE.replace("FREQ=WEEKLY", "FREQ=SOMETIMES"), 15),
        (WHOLE.replace("Revolución", "Revolución").encode("latin-1"), 9),
    ],
)
def test_the_line_is_the_one_that_is_wrong(tmp_path: Path, wrong: str | bytes, line: int) -> None:
    with pytest.raises(errors.CalendarBroken) as refused:
        read(tmp_path, wrong)
    assert refused.value.line == line


def test_a_file_that_is_not_there_or_far_too_large(tmp_path: Path) -> None:
    with pytest.raises(errors.CalendarNotThere):
        read_calendar(tmp_path / "none.ics", today=TODAY)
    with pytest.raises(errors.CalendarUnreadable):
        read_calendar(tmp_path, today=TODAY)
    with pytest.raises(errors.CalendarTooLarge):
        read(tmp_path, b"B" * (9 * 1024 * 1024))


def test_the_same_file_again_changes_nothing_and_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    content = read(tmp_path, WHOLE)
    with open_store(tmp_path / "home") as store:
        courses = [each(store).courses.add(code, "") for code in ("A", "B")]
        with store.write() as tx:
            brought = add_calendar(tx, courses, content)
            tx.offer_undo("calendar", NOON)
        assert [(one.holidays, one.lessons) for one in brought] == [(1, 2), (1, 2)]
        stored = store.timetables.of_course(courses[1].id)
        assert (stored.holidays, stored.lessons) == (content.holidays, content.lessons)
        with store.write() as tx:
            again = add_calendar(tx, courses, content)
        assert [(one.holidays, one.lessons) for one in again] == [(0, 0), (0, 0)]
        (operation,) = store.operations.all()
        store.undo(operation, NOON)
        assert store.timetables.of_course(courses[0].id) == Timetable()
