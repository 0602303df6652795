"""Sessions that were cut off are closed with what they had counted."""

from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each

from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.session.lifecycle import RESUME_WITHIN, SessionLifecycle
from attendance_app.store.database import open_store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


def test_closing_what_was_cut_off_keeps_its_count(store):
    course = each(store).courses.add("A", "A")
    lifecycle = SessionLifecycle(store, lambda: NINE)
    started = lifecycle.begin(course, timedelta(minutes=10))
    with store.write() as tx:
        tx.sessions.count_unknown(started.session.id, 2)

    cut_off = lifecycle.cut_off(course)
    assert cut_off is not None
    assert lifecycle.close_cut_off(cut_off).unknown_people == 2


def test_a_closed_session_is_not_counted_on(store):
    course = each(store).courses.add("A", "A")
    session = SessionLifecycle(store, lambda: NINE).begin(course, timedelta(minutes=10)).session
    with store.write() as tx:
        tx.sessions.close(session.id, NINE, 1)
        tx.sessions.count_unknown(session.id, 9)
    assert store.sessions.get(session.id).unknown_people == 1


MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def course(store):
    return each(store).courses.add("A", "A")


def test_a_first_session_begins_now(store, course):
    started = SessionLifecycle(store, lambda: NINE).begin(course, 10 * MINUTE)
    assert started.session == store.sessions.all()[0]
    assert (started.session.course_id, started.session.started_at) == (course.id, NINE)
    assert started.session.late_after == 10 * MINUTE
    assert (started.offset, started.resumed, started.closed) == (timedelta(0), False, None)


def test_a_session_begins_when_it_is_said_to(store, course):
    started = SessionLifecycle(store, lambda: NINE).begin(course, MINUTE, at=NINE - timedelta(days=3))
    assert started.session.started_at == NINE - timedelta(days=3)


@pytest.mark.parametrize("away", [5 * MINUTE, -5 * MINUTE, RESUME_WITHIN, -RESUME_WITHIN])
def test_a_session_that_was_cut_off_is_resumed_for_three_hours(store, course, away):
    first = SessionLifecycle(store, lambda: NINE).begin(course, 10 * MINUTE).session
    again = SessionLifecycle(store, lambda: NINE + away).begin(course, MINUTE)
    assert (again.session, again.offset, again.resumed, again.closed) == (first, away, True, None)
    assert store.sessions.all() == (first,)


@pytest.mark.parametrize(
    ("away", "resume"),
    [(RESUME_WITHIN + SECOND, True), (-RESUME_WITHIN - SECOND, True), (MINUTE, False)],
)
def test_an_older_one_or_one_not_asked_for_is_closed_and_another_begins(store, course, away, resume):
    first = SessionLifecycle(store, lambda: NINE).begin(course, 10 * MINUTE).session
    again = SessionLifecycle(store, lambda: NINE + away).begin(course, MINUTE, resume=resume)
    assert (again.session.started_at, again.offset, again.resumed) == (NINE + away, timedelta(0), False)
    assert again.closed == store.sessions.get(first.id)
    assert again.closed.ended_at == NINE
    assert store.sessions.unfinished() == (again.session,)


def test_only_the_courses_own_session_was_cut_off(store, course):
    other = each(store).courses.add("B", "B")
    lifecycle = SessionLifecycle(store, lambda: NINE)
    theirs = lifecycle.begin(other, MINUTE).session
    assert lifecycle.cut_off(course) is None
    ours = lifecycle.begin(course, MINUTE).session
    assert (lifecycle.cut_off(course), lifecycle.cut_off(other)) == (ours, theirs)
    lifecycle.close_cut_off(ours)
    assert lifecycle.cut_off(course) is None


@pytest.mark.parametrize(
    ("marked", "seen", "ended"),
    [
        pytest.param(3 * MINUTE, 8 * MINUTE, 8 * MINUTE, id="last seen"),
        pytest.param(9 * MINUTE, 8 * MINUTE, 9 * MINUTE, id="marked by hand after that"),
        pytest.param(3 * MINUTE, None, 3 * MINUTE, id="never seen"),
        pytest.param(-3 * MINUTE, None, timedelta(0), id="never before its start"),
    ],
)
def test_a_session_that_was_cut_off_ends_at_the_last_moment_recorded(store, course, marked, seen, ended):
    for number in ("1", "2"):
        each(store).students.enrol(course.id, each(store).students.add(number, number).id)
    lifecycle = SessionLifecycle(store, lambda: NINE)
    session = lifecycle.begin(course, MINUTE).session
    times = (NINE + marked, None, None) if seen is None else (NINE + marked, NINE, NINE + seen)
    each(store).marks.record(Mark(session.id, 1, Status.PRESENT, MarkedBy.CAMERA, *times))
    each(store).marks.record(Mark(session.id, 2, Status.PRESENT, MarkedBy.CAMERA, NINE - MINUTE))
    assert lifecycle.close_cut_off(session).ended_at == NINE + ended
