"""When a student came, as it is typed and as it is kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from single_writes import each

from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status
from attendance_app.services.errors import ArrivalNotInSession, ArrivalUnreadable
from attendance_app.services.session.arrival import read_arrival
from attendance_app.services.session.marks_by_hand import set_status
from attendance_app.store.database import Store, open_store

BOGOTA, MADRID = ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid")
START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 8:00 in Bogotá
MINUTE = timedelta(minutes=1)


def _session(started_at: datetime = START) -> Session:
    return Session(1, 1, started_at, timedelta(minutes=10))


@pytest.mark.parametrize("text", ["8:17", "08:17", " 8.17 ", "8h17", "8:17 am", "8:17 a. m.", "8:17\u202fa.m."])
def test_a_time_of_day_is_of_the_sessions_day(text: str) -> None:
    assert read_arrival(text, _session(), BOGOTA) == START + 17 * MINUTE


@pytest.mark.parametrize("text", ["", "8", "8:60", "24:00", "13:05 pm", "0:10 am", "late", "8:17:30", "-8:17"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ArrivalUnreadable):
        read_arrival(text, _session(), BOGOTA)


def test_a_time_far_from_the_session_is_refused_with_its_start() -> None:
    with pytest.raises(ArrivalNotInSession, match="08:00"):
        read_arrival("6:59", _session(), BOGOTA)


def test_a_session_over_midnight_has_two_days() -> None:
    started = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # 23:30 in Bogotá
    assert read_arrival("0:10", _session(started), BOGOTA) == started + 40 * MINUTE
    assert read_arrival("23:40", _session(started), BOGOTA) == started + 10 * MINUTE


def test_the_night_of_summer_time() -> None:
    started = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 in Madrid; at 2:00 it is 3:00
    assert read_arrival("3:10", _session(started), MADRID) == started + 40 * MINUTE


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def session(store: Store) -> Session:
    course = each(store).courses.add("A", "")
    for number in ("S1", "S2"):
        student = each(store).students.add(number, number)
        each(store).students.enrol(course.id, student.id)
    return each(store).sessions.open(course.id, START, timedelta(minutes=10))


def _set(store: Store, session: Session, status: Status, at: datetime, **more: object) -> Mark:
    with store.write() as tx:
        (mark,) = set_status(tx, session.id, [1], status, at=at, **more)
    return mark


def test_who_is_marked_late_in_an_open_session_comes_now(store: Store, session: Session) -> None:
    assert _set(store, session, Status.LATE, START + 14 * MINUTE).arrival == START + 14 * MINUTE


def test_who_was_seen_by_the_camera_came_then(store: Store, session: Session) -> None:
    seen = START + 12 * MINUTE
    each(store).marks.record(
        Mark(session.id, 1, Status.PRESENT, MarkedBy.CAMERA, seen, seen, seen, Evidence(0.99, 5, 0.3, 1))
    )
    assert _set(store, session, Status.LATE, START + 30 * MINUTE).arrival == seen


def test_after_the_session_nobody_comes_unless_it_is_said(store: Store, session: Session) -> None:
    each(store).sessions.close(session.id, START + 60 * MINUTE)
    assert _set(store, session, Status.LATE, START + 90 * MINUTE).arrival is None
    came = START + 17 * MINUTE
    assert _set(store, session, Status.LATE, START + 91 * MINUTE, arrived_at=came).arrival == came
    # A remark does not change it; an absence has none.
    assert _set(store, session, Status.LATE, START + 92 * MINUTE, remark="bus").arrival == came
    assert _set(store, session, Status.ABSENT, START + 93 * MINUTE).arrival is None


def test_undo_brings_the_arrival_of_before_back_also_after_a_restart(store: Store, session: Session) -> None:
    _set(store, session, Status.LATE, START + 14 * MINUTE)
    with store.write() as tx:
        set_status(tx, session.id, [1], Status.LATE, at=START + 20 * MINUTE, arrived_at=START + 5 * MINUTE)
        tx.offer_undo("late", START)
    with open_store(store.home) as again:
        (operation,) = again.operations.all()
        again.undo(operation, START + 21 * MINUTE)
        mark = again.marks.get(session.id, 1)
    assert mark is not None
    assert mark.arrival == START + 14 * MINUTE
