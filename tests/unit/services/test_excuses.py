"""Excuses for days, before and after, and what the camera sees of who is excused."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.domain.excuses import minutes_late, seen_though_away
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status
from attendance_app.domain.timetable import Period
from attendance_app.services.excuses import Excused, excuse_student
from attendance_app.store.database import Store, open_store
from attendance_app.store.errors import NoSuchExcuse

DAY = date(2026, 3, 4)
NINE = datetime(2026, 3, 4, 9, 0).astimezone()
MINUTE = timedelta(minutes=1)
ANA, LUIS = 1, 2


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("A", "")
        for name in ("Ana", "Luis"):
            student = each(opened).students.add(name, name)
            each(opened).students.enrol(course.id, student.id)
        each(opened).students.add("Other", "Not in the course")
        yield opened


def excuse(store: Store, first: date = DAY, last: date = DAY, reason: str = "flu", student: int = ANA) -> Excused:
    with store.write() as tx:
        done = excuse_student(tx, student, Period(first, last, reason), at=NINE)
        tx.offer_undo("excuse", NINE)
    return done


def opened(store: Store, at: datetime = NINE) -> Session:
    return each(store).sessions.open(1, at, 10 * MINUTE)


def mark_of(store: Store, session: Session, student: int = ANA) -> Mark:
    mark = store.marks.get(session.id, student)
    assert mark is not None
    return mark


def test_a_session_of_that_day_begins_with_the_student_excused(store: Store) -> None:
    excuse(store, DAY, DAY + timedelta(days=2))
    excuse(store, student=3)
    session = opened(store)
    (mark,) = store.marks.of_session(session.id)
    assert (mark.student_id, mark.status, mark.remark) == (ANA, Status.EXCUSED, "flu")
    each(store).sessions.close(session.id, NINE + 50 * MINUTE)
    assert mark_of(store, session).status is Status.EXCUSED
    assert mark_of(store, session, LUIS).status is Status.ABSENT
    assert [one.new for one in store.marks.history(session.id, ANA)] == [Status.EXCUSED]


@pytest.mark.parametrize(("days", "marks"), [(-1, 0), (0, 1), (2, 1), (3, 0)])
def test_only_days_of_the_period(store: Store, days: int, marks: int) -> None:
    excuse(store, DAY, DAY + timedelta(days=2))
    assert len(store.marks.of_session(opened(store, NINE + timedelta(days=days)).id)) == marks


def test_the_day_is_that_of_the_clock_on_the_wall(store: Store) -> None:
    excuse(store)
    late = datetime(2026, 3, 4, 23, 59).astimezone()
    session = opened(store, late.astimezone(UTC))
    assert mark_of(store, session).status is Status.EXCUSED
    each(store).sessions.close(session.id, late + MINUTE)
    assert store.marks.of_session(opened(store, late + MINUTE).id) == ()


def test_neither_the_camera_nor_the_rest_changes_it_and_the_sighting_is_kept(store: Store) -> None:
    excuse(store)
    session = opened(store)
    seen = NINE + 3 * MINUTE
    each(store).marks.record(
        Mark(session.id, ANA, Status.PRESENT, MarkedBy.CAMERA, seen, seen, seen, Evidence(0.99, 5, 0.3, 1))
    )
    each(store).marks.fill_blanks(session.id, Status.PRESENT, NINE)
    mark = mark_of(store, session)
    assert (mark.status, mark.marked_by, mark.first_seen_at) == (Status.EXCUSED, MarkedBy.TEACHER, seen)
    assert seen_though_away(mark)
    assert not seen_though_away(mark_of(store, session, LUIS))


def test_a_note_that_comes_later_excuses_absences_that_nobody_has_set(store: Store) -> None:
    first = opened(store)
    each(store).sessions.close(first.id, NINE + 50 * MINUTE)
    second = opened(store, NINE + 60 * MINUTE)
    each(store).marks.set_by_teacher(second.id, ANA, Status.ABSENT, NINE, "left the school")
    each(store).sessions.close(second.id, NINE + 110 * MINUTE)
    assert excuse(store).absences == 1
    assert (mark_of(store, first).status, mark_of(store, first).remark) == (Status.EXCUSED, "flu")
    assert (mark_of(store, second).status, mark_of(store, second).remark) == (Status.ABSENT, "left the school")
    store.undo(store.operations.all()[-1], NINE)
    assert mark_of(store, first).status is Status.ABSENT
    assert store.excuses.of_student(ANA) == ()


def test_an_excuse_is_removed_undone_and_erased_with_the_student(store: Store) -> None:
    done = excuse(store).excuse
    with store.write() as tx:
        tx.excuses.remove(done.id)
        tx.offer_undo("removed", NINE)
    assert store.excuses.of_student(ANA) == ()
    with pytest.raises(NoSuchExcuse), store.write() as tx:
        tx.excuses.remove(done.id)
    store.undo(store.operations.all()[-1], NINE)
    (back,) = store.excuses.of_student(ANA)
    assert (back.first, back.last, back.reason) == (done.first, done.last, done.reason)
    each(store).erasures.erase_student(ANA, NINE)
    assert store.excuses.of_student(ANA) == ()


def test_minutes_late_count_from_the_lesson(store: Store) -> None:
    session = each(store).sessions.open(1, NINE + 5 * MINUTE, 10 * MINUTE, lesson_at=NINE)
    late = each(store).marks.set_by_teacher(session.id, ANA, Status.LATE, NINE, arrived_at=NINE + 17.9 * MINUTE)
    assert minutes_late(late, session) == 17
    present = each(store).marks.set_by_teacher(session.id, ANA, Status.PRESENT, NINE)
    assert minutes_late(present, session) is None
    unknown = Mark(session.id, ANA, Status.LATE, MarkedBy.TEACHER, NINE)
    assert minutes_late(unknown, session) is None
