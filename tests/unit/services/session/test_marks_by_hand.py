"""The teacher's marks, and those that wait for room on the disk."""

from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each

from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.session.marks_by_hand import fill_blanks, set_status, waiting_marks
from attendance_app.store.database import open_store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def session(store):
    course = each(store).courses.add("A", "A")
    for number in ("1", "2", "3"):
        each(store).students.enrol(course.id, each(store).students.add(number, number).id)
    return each(store).sessions.open(course.id, NINE, timedelta(minutes=10))


def test_students_are_marked_with_one_status_and_remark(store, session):
    with store.write() as tx:
        marks = set_status(tx, session.id, [3, 1], Status.LATE, at=NINE, remark="bus")
    assert marks == tuple(
        Mark(session.id, who, Status.LATE, MarkedBy.TEACHER, NINE, remark="bus", arrived_at=NINE) for who in (3, 1)
    )
    assert store.marks.of_session(session.id) == marks


def test_without_a_remark_the_present_one_stays(store, session):
    with store.write() as tx:
        set_status(tx, session.id, [1], Status.LATE, at=NINE, remark="bus")
        (mark,) = set_status(tx, session.id, [1], Status.PRESENT, at=NINE)
    assert (mark.status, mark.remark) == (Status.PRESENT, "bus")


def test_blanks_are_filled_with_the_status_and_time(store, session):
    with store.write() as tx:
        set_status(tx, session.id, [2], Status.LATE, at=NINE)
        filled = fill_blanks(tx, session.id, Status.EXCUSED, at=NINE + timedelta(minutes=1))
    assert [(one.student_id, one.status, one.marked_at) for one in filled] == [
        (who, Status.EXCUSED, NINE + timedelta(minutes=1)) for who in (1, 3)
    ]


def test_marks_that_wait_are_those_that_would_be_set():
    assert waiting_marks(7, [3, 1], Status.LATE, NINE) == tuple(
        Mark(7, who, Status.LATE, MarkedBy.TEACHER, NINE, arrived_at=NINE) for who in (3, 1)
    )
