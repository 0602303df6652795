"""What a teacher does by hand may be interrupted by a full disk in its middle."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from attendance_app.bootstrap import open_data
from attendance_app.domain.errors import StoreError
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.session.hand_marks import HandMarks
from attendance_app.store.errors import DiskFull
from attendance_app.store.per_call import MarkCalls

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path):
    with open_data(tmp_path) as opened:
        yield opened


@pytest.fixture
def session(store):
    """A session with three students."""
    course = store.courses.add("ALG", "Algebra")
    for number in ("S1", "S2", "S3"):
        store.students.enrol(course.id, store.students.add(number, f"Student {number}").id)
    return store.sessions.open(course.id, NOON, timedelta(minutes=10))


def failing_once(monkeypatch, name: str, *, call: int) -> None:
    """The disk is full at the given call of one of the repository's methods."""
    write, calls = getattr(MarkCalls, name), iter(range(1, 100))

    def refusing(*what: object) -> object:
        if next(calls) == call:
            raise DiskFull(path=Path("register.sqlite"))
        return write(*what)

    monkeypatch.setattr(MarkCalls, name, refusing)


def test_a_second_attempt_still_knows_what_was_there_before_the_first(store, session, monkeypatch):
    ids = [student.id for student in store.students.of_course(session.course_id)]
    before = store.marks.set_by_teacher(session.id, ids[0], Status.EXCUSED, NOON, "dentist")
    step = HandMarks(store.marks, session.id, NOON)
    failing_once(monkeypatch, "set_by_teacher", call=2)
    with pytest.raises(StoreError):
        step.mark(ids, Status.PRESENT)
    step.mark(ids, Status.PRESENT)
    assert [mark.status for mark in store.marks.of_session(session.id)] == [Status.PRESENT] * 3
    step.take_back(LATER)
    assert store.marks.of_session(session.id) == (before,)


def test_an_undo_that_is_tried_again_is_written_down_once(store, session, monkeypatch):
    ids = [student.id for student in store.students.of_course(session.course_id)]
    step = HandMarks(store.marks, session.id, NOON)
    step.mark(ids, Status.LATE)
    failing_once(monkeypatch, "restore", call=3)
    with pytest.raises(StoreError):
        step.take_back(LATER)
    assert step.take_back(LATER) == dict.fromkeys(ids)
    assert not store.marks.of_session(session.id)
    assert len(store.marks.history(session.id)) == 6


def test_filling_blanks_is_taken_back_from_those_it_marked_alone(store, session):
    ids = [student.id for student in store.students.of_course(session.course_id)]
    store.marks.set_by_teacher(session.id, ids[1], Status.LATE, NOON)
    step = HandMarks(store.marks, session.id, NOON)
    assert set(step.fill(Status.ABSENT)) == {ids[0], ids[2]}
    step.take_back(LATER)
    assert [(mark.student_id, mark.marked_by) for mark in store.marks.of_session(session.id)] == [
        (ids[1], MarkedBy.TEACHER)
    ]
