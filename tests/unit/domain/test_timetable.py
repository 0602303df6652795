"""Which lesson is due, by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from attendance_app.domain.sessions import Session, Status, arrival_status
from attendance_app.domain.timetable import Lesson, Period, Timetable, WeeklyLesson, due_lesson

BOGOTA, MADRID = ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid")
MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)
EIGHT = WeeklyLesson(0, time(8), time(8, 50), "Algebra")
NINE = WeeklyLesson(0, time(8, 50), time(9, 40), "Geometry")
TABLE = Timetable(lessons=(EIGHT, NINE))


def at(clock: str, day: date = MONDAY, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def session(started: datetime, lesson: datetime | None = None, *, void: bool = False) -> Session:
    return Session(1, 1, started, 10 * MINUTE, lesson_at=lesson, voided_at=started if void else None)


@pytest.mark.parametrize(
    ("clock", "topic"),
    [
        pytest.param("07:44", None, id="too early"),
        pytest.param("07:45", "Algebra", id="a quarter of an hour before"),
        pytest.param("08:49", "Algebra", id="it goes on, though the next one is near"),
        pytest.param("08:50", "Geometry", id="the next one has begun"),
        pytest.param("09:40", None, id="over"),
    ],
)
def test_the_lesson_that_goes_on_or_is_near_is_due(clock: str, topic: str | None) -> None:
    lesson = due_lesson(TABLE, at(clock), zone=BOGOTA)
    assert (lesson.topic if lesson else None) == topic


def test_a_lesson_that_has_a_session_is_not_due_again_but_one_with_a_void_session_is() -> None:
    now, began = at("08:40"), at("08:00")
    assert due_lesson(TABLE, now, sessions=[session(at("07:52"), began)], zone=BOGOTA) == NINE.on(MONDAY, BOGOTA)
    assert due_lesson(TABLE, at("08:30"), sessions=[session(at("08:03"))], zone=BOGOTA) is None
    again = due_lesson(TABLE, at("08:30"), sessions=[session(at("08:03"), began, void=True)], zone=BOGOTA)
    assert again == EIGHT.on(MONDAY, BOGOTA)


def test_terms_holidays_and_other_days_have_no_lesson() -> None:
    term = Period(MONDAY, MONDAY + timedelta(days=60), "First")
    limited = Timetable((term,), TABLE.lessons, (Period(MONDAY, MONDAY + timedelta(days=6), "Holy Week"),))
    assert limited.lessons_on(MONDAY, BOGOTA) == ()
    assert limited.holiday_on(MONDAY) == limited.holidays[0]
    assert len(limited.lessons_on(MONDAY + timedelta(days=7), BOGOTA)) == 2
    assert limited.lessons_on(MONDAY - timedelta(days=7), BOGOTA) == ()
    assert limited.lessons_on(MONDAY + timedelta(days=63), BOGOTA) == ()
    assert limited.lessons_on(MONDAY + timedelta(days=8), BOGOTA) == ()


def test_every_other_week_is_counted_from_the_first_day() -> None:
    wednesday = WeeklyLesson(2, time(8), time(9), every=2, first=date(2026, 3, 6), last=date(2026, 4, 15))
    held = [day for day in (MONDAY + timedelta(days=at) for at in range(70)) if wednesday.held_on(day)]
    # The first day is a Friday: its own week has no Wednesday left.
    assert held == [date(2026, 3, 18), date(2026, 4, 1), date(2026, 4, 15)]


def test_a_lesson_over_midnight_goes_on_the_next_day() -> None:
    late = Timetable(lessons=(WeeklyLesson(0, time(23, 30), time(0, 30)),))
    lesson = due_lesson(late, at("00:20", MONDAY + timedelta(days=1)), zone=BOGOTA)
    assert lesson == Lesson(at("23:30"), at("00:30", MONDAY + timedelta(days=1)))


def test_a_lesson_keeps_its_time_of_day_when_summer_time_begins_and_ends() -> None:
    sunday = Timetable(lessons=(WeeklyLesson(6, time(8), time(9)),))
    winter, summer = date(2026, 3, 22), date(2026, 3, 29)
    (before,) = sunday.lessons_on(winter, MADRID)
    (after,) = sunday.lessons_on(summer, MADRID)
    assert after.starts_at - before.starts_at == timedelta(days=7, hours=-1)
    (autumn,) = sunday.lessons_on(date(2026, 10, 25), MADRID)
    assert autumn.starts_at == datetime(2026, 10, 25, 7, tzinfo=UTC)
    # In the night of the change two o'clock does not come; the lesson lasts what is left of it.
    night = Timetable(lessons=(WeeklyLesson(6, time(1, 30), time(3, 30)),))
    (short,) = night.lessons_on(summer, MADRID)
    assert short.ends_at - short.starts_at == timedelta(hours=1)


def test_late_counts_from_the_lesson_and_not_from_the_start_of_the_session() -> None:
    begun_early, begun_late = session(at("07:50"), at("08:00")), session(at("08:07"), at("08:00"))
    for one in (begun_early, begun_late):
        assert arrival_status(one, at("08:10")) is Status.PRESENT
        assert arrival_status(one, at("08:11")) is Status.LATE
    assert arrival_status(session(at("08:07")), at("08:17")) is Status.PRESENT


def test_what_is_there_is_not_added_again() -> None:
    holiday = Period(MONDAY, MONDAY, "Fiesta")
    once = TABLE.with_added(holidays=[holiday], lessons=[EIGHT])
    assert once.with_added(holidays=[holiday], lessons=[NINE, EIGHT]) == once
    assert len(once.lessons) == 2
