"""Sessions corrected as a whole: moved, deleted, split, merged, begun by mistake; each with its undo."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from single_writes import each

from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.domain.session_edits import SessionEdit
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status
from attendance_app.services.camera_report import camera_report
from attendance_app.services.course_matrix import course_matrix
from attendance_app.services.session.accidental import accidental_sessions
from attendance_app.store.database import Store, open_store
from attendance_app.store.errors import (
    SessionEndsBefore,
    SessionInUse,
    SessionsApart,
    SessionStillOpen,
    SplitOutside,
)
from attendance_app.store.unit import Transaction

EIGHT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOW = EIGHT + timedelta(days=3)
ANA, LUIS, EVA, SOL = 1, 2, 3, 4
BOGOTA, MADRID = ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid")


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("A", "")
        each(opened).courses.add("B", "")
        for name in ("Ana", "Luis", "Eva", "Sol"):
            student = each(opened).students.add(name, name)
            each(opened).students.enrol(course.id, student.id)
        yield opened


def session_of(
    store: Store, start: datetime, minutes: float, seen: dict[int, tuple[float, float]] | None = None, course: int = 1
) -> Session:
    """A closed session; ``seen``: from which minute to which the camera has seen a student."""
    made = each(store).sessions.open(course, start, 10 * MINUTE)
    for student, (first, last) in (seen or {}).items():
        status = Status.LATE if first > 10 else Status.PRESENT
        times = start + first * MINUTE, start + last * MINUTE
        evidence = Evidence(0.99, 7, 0.3, student)
        each(store).marks.record(Mark(made.id, student, status, MarkedBy.CAMERA, times[0], *times, evidence))
    return each(store).sessions.close(made.id, start + minutes * MINUTE)


def statuses(store: Store, session_id: int) -> dict[int, Status]:
    return {mark.student_id: mark.status for mark in store.marks.of_session(session_id)}


def everything(store: Store) -> object:
    """All that undo must restore, of sessions that are in the list."""
    return [
        (one, sorted(store.marks.of_session(one.id), key=lambda mark: mark.student_id)) for one in store.sessions.all(1)
    ]


def done_and_undone(store: Store, act: Callable[[Transaction], object]) -> None:
    """Do it, undo it as stored on the disk, and compare; then do it again."""
    before = everything(store)
    with store.write() as tx:
        act(tx)
        tx.offer_undo("edit", NOW)
    assert everything(store) != before
    operation = store.operations.all()[-1]
    store.undo(operation, NOW)
    assert everything(store) == before
    with store.write() as tx:
        act(tx)
        tx.offer_undo("edit", NOW)


def test_a_deleted_session_is_in_no_list_and_no_report_and_comes_back(store: Store) -> None:
    made = session_of(store, EIGHT, 50, {ANA: (1, 40)})
    done_and_undone(store, lambda tx: tx.sessions.put_away(made.id, NOW))
    assert store.sessions.all() == ()
    assert store.marks.of_course(1) == ()
    assert store.marks.of_student(ANA) == ()
    assert course_matrix(store, 1).sessions == ()
    (deleted,) = store.sessions.all(1, deleted=True)
    assert not deleted.counts
    with store.write() as tx:
        tx.sessions.bring_back(made.id, NOW)
    assert statuses(store, made.id)[ANA] is Status.PRESENT
    edits = [one.edit for one in store.sessions.changes(made.id)]
    assert edits[-2:] == [SessionEdit.DELETED, SessionEdit.BROUGHT_BACK]


def test_a_session_of_a_past_day_is_added_and_taken_back(store: Store) -> None:
    def add(tx: Transaction) -> Session:
        return tx.sessions.add_past(
            1, EIGHT, {}, late_after=10 * MINUTE, marked_at=NOW, ended_at=EIGHT + 50 * MINUTE, topic="Fractions"
        )

    done_and_undone(store, add)
    (added,) = store.sessions.all(1)
    assert (added.started_at, added.ended_at, added.topic) == (EIGHT, EIGHT + 50 * MINUTE, "Fractions")
    assert accidental_sessions(store, [added]) == frozenset()
    with pytest.raises(SessionEndsBefore), store.write() as tx:
        tx.sessions.add_past(1, EIGHT, {}, late_after=MINUTE, marked_at=NOW, ended_at=EIGHT - MINUTE)


def test_another_day_keeps_what_was_seen_and_moves_what_was_typed(store: Store) -> None:
    made = session_of(store, EIGHT, 50, {ANA: (1, 40)})
    typed = EIGHT + 17 * MINUTE
    each(store).marks.set_by_teacher(made.id, LUIS, Status.LATE, NOW, arrived_at=typed)
    yesterday = EIGHT - timedelta(days=1)
    done_and_undone(store, lambda tx: tx.sessions.move(made.id, yesterday, at=NOW))
    moved = store.sessions.get(made.id)
    assert (moved.started_at, moved.ended_at) == (yesterday, yesterday + 50 * MINUTE)
    seen, late = store.marks.get(made.id, ANA), store.marks.get(made.id, LUIS)
    assert seen is not None
    assert seen.first_seen_at == EIGHT + MINUTE
    assert late is not None
    assert late.arrived_at == typed - timedelta(days=1)
    change = store.sessions.changes(made.id)[-1]
    assert (change.before, change.after) == (EIGHT.isoformat(), yesterday.isoformat())
    with pytest.raises(SessionEndsBefore), store.write() as tx:
        tx.sessions.move(made.id, EIGHT, EIGHT - MINUTE, at=NOW)


def test_a_typed_arrival_keeps_its_time_of_day_over_the_change_to_summer_time(store: Store) -> None:
    saturday = datetime(2026, 3, 28, 8, 0, tzinfo=MADRID)
    made = session_of(store, saturday, 50)
    each(store).marks.set_by_teacher(made.id, ANA, Status.LATE, NOW, arrived_at=saturday + 17 * MINUTE)
    with store.write() as tx:
        tx.sessions.move(made.id, datetime(2026, 3, 30, 8, 0, tzinfo=MADRID), at=NOW, zone=MADRID)
    mark = store.marks.get(made.id, ANA)
    assert mark is not None
    assert mark.arrived_at == datetime(2026, 3, 30, 8, 17, tzinfo=MADRID)


def test_a_laptop_in_another_zone_shows_the_same_moment(store: Store) -> None:
    local = datetime(2026, 3, 2, 23, 55, tzinfo=BOGOTA)
    made = session_of(store, local, 20, {ANA: (1, 15)})
    read = store.sessions.get(made.id)
    assert read.started_at == local
    assert read.started_at.astimezone(MADRID).isoformat() == "2026-03-03T05:55:00+01:00"
    mark = store.marks.get(made.id, ANA)
    assert mark is not None
    assert mark.last_seen_at is not None
    # Over midnight in Bogotá.
    assert mark.last_seen_at.astimezone(BOGOTA).isoformat() == "2026-03-03T00:10:00-05:00"


def test_a_split_gives_each_part_what_was_seen_in_it(store: Store) -> None:
    # Ana was there all the time, Luis left in the first part, Eva came in the second, Sol never.
    made = session_of(store, EIGHT, 100, {ANA: (1, 95), LUIS: (2, 30), EVA: (65, 90)})
    done_and_undone(store, lambda tx: tx.sessions.split(made.id, EIGHT + 50 * MINUTE, at=NOW))
    second, first = store.sessions.all(1)
    assert (first.id, first.started_at, first.ended_at) == (made.id, EIGHT, EIGHT + 50 * MINUTE)
    assert (second.started_at, second.ended_at) == (EIGHT + 50 * MINUTE, EIGHT + 100 * MINUTE)
    absent = Status.ABSENT
    assert statuses(store, first.id) == {ANA: Status.PRESENT, LUIS: Status.PRESENT, EVA: absent, SOL: absent}
    assert statuses(store, second.id) == {ANA: Status.PRESENT, LUIS: absent, EVA: Status.LATE, SOL: absent}
    before, since = store.marks.get(first.id, ANA), store.marks.get(second.id, ANA)
    assert before is not None
    assert before.last_seen_at == EIGHT + 50 * MINUTE
    assert since is not None
    assert since.first_seen_at == EIGHT + 50 * MINUTE
    assert since.last_seen_at == EIGHT + 95 * MINUTE
    gone = store.marks.get(second.id, LUIS)
    assert gone is not None
    assert (gone.evidence, gone.marked_by) == (None, MarkedBy.CLOSE)


def test_what_was_said_by_hand_holds_for_both_parts_but_for_whoever_came_later(store: Store) -> None:
    made = session_of(store, EIGHT, 100, {ANA: (1, 95)})
    marks = each(store).marks
    marks.set_by_teacher(made.id, ANA, Status.EXCUSED, NOW, "nurse")
    marks.set_by_teacher(made.id, LUIS, Status.LATE, NOW, arrived_at=EIGHT + 55 * MINUTE)
    with store.write() as tx:
        first, second = tx.sessions.split(made.id, EIGHT + 50 * MINUTE, at=NOW)
    for part in (first, second):
        mark = store.marks.get(part.id, ANA)
        assert mark is not None
        assert (mark.status, mark.remark, mark.marked_by) == (Status.EXCUSED, "nurse", MarkedBy.TEACHER)
    assert statuses(store, first.id)[LUIS] is Status.ABSENT
    assert statuses(store, second.id)[LUIS] is Status.PRESENT


@pytest.mark.parametrize("minutes", [-1, 0, 100, 101])
def test_a_split_lies_within_the_session(store: Store, minutes: int) -> None:
    made = session_of(store, EIGHT, 100)
    with pytest.raises(SplitOutside), store.write() as tx:
        tx.sessions.split(made.id, EIGHT + minutes * MINUTE, at=NOW)


def test_an_undo_does_not_overwrite_what_was_marked_since(store: Store) -> None:
    made = session_of(store, EIGHT, 100, {ANA: (1, 95)})
    with store.write() as tx:
        _, second = tx.sessions.split(made.id, EIGHT + 50 * MINUTE, at=NOW)
        tx.offer_undo("split", NOW)
    each(store).marks.set_by_teacher(second.id, SOL, Status.EXCUSED, NOW)
    before = everything(store)
    with pytest.raises(SessionInUse):
        store.undo(store.operations.all()[-1], NOW)
    assert everything(store) == before


def test_two_sessions_become_one_as_if_it_had_been_one(store: Store) -> None:
    first = session_of(store, EIGHT, 20, {ANA: (1, 19), LUIS: (12, 19)})
    second = session_of(store, EIGHT + 25 * MINUTE, 25, {ANA: (2, 20), EVA: (1, 20)})
    each(store).marks.set_by_teacher(second.id, SOL, Status.EXCUSED, NOW, "doctor")
    done_and_undone(store, lambda tx: tx.sessions.merge(first.id, second.id, at=NOW))
    (whole,) = store.sessions.all(1)
    assert (whole.id, whole.started_at, whole.ended_at) == (first.id, EIGHT, EIGHT + 50 * MINUTE)
    # Eva was on time for the second one only: of the whole lesson she has missed 26 minutes.
    assert statuses(store, first.id) == {
        ANA: Status.PRESENT,
        LUIS: Status.LATE,
        EVA: Status.LATE,
        SOL: Status.EXCUSED,
    }
    mark = store.marks.get(first.id, ANA)
    assert mark is not None
    assert (mark.first_seen_at, mark.last_seen_at) == (EIGHT + MINUTE, EIGHT + 45 * MINUTE)
    assert [one.edit for one in store.sessions.changes(second.id)][-2:] == [SessionEdit.MERGED, SessionEdit.DELETED]


def test_sessions_of_two_courses_or_days_or_an_open_one_are_not_merged(store: Store) -> None:
    first = session_of(store, EIGHT, 20)
    other = session_of(store, EIGHT, 20, course=2)
    tomorrow = session_of(store, EIGHT + timedelta(days=1), 20)
    running = each(store).sessions.open(1, EIGHT + 30 * MINUTE, 10 * MINUTE)
    for second, kind in ((other, SessionsApart), (tomorrow, SessionsApart), (first, SessionsApart)):
        with pytest.raises(kind), store.write() as tx:
            tx.sessions.merge(first.id, second.id, at=NOW)
    with pytest.raises(SessionStillOpen), store.write() as tx:
        tx.sessions.merge(first.id, running.id, at=NOW)
    with pytest.raises(SessionStillOpen), store.write() as tx:
        tx.sessions.put_away(running.id, NOW)


def test_ten_seconds_begun_by_mistake_count_nowhere_until_the_teacher_says_so(store: Store) -> None:
    good = session_of(store, EIGHT, 50, dict.fromkeys((ANA, LUIS, EVA, SOL), (1.0, 40.0)))
    short = session_of(store, EIGHT + 60 * MINUTE, 1 / 6, {ANA: (0.05, 0.1)})
    assert accidental_sessions(store, store.sessions.all()) == {short.id}
    matrix = course_matrix(store, 1)
    assert [one.id for one in matrix.sessions] == [good.id]
    assert {row.attended for row in matrix.rows} == {1.0}
    assert [row.sessions for row in camera_report(store, 1).rows] == [1]
    done_and_undone(store, lambda tx: tx.sessions.confirm(short.id, NOW, at=NOW))
    assert [one.id for one in course_matrix(store, 1).sessions] == [good.id, short.id]


def test_a_short_session_that_was_meant_is_not_taken_for_a_mistake(store: Store) -> None:
    by_hand = session_of(store, EIGHT, 0.5)
    each(store).marks.set_by_teacher(by_hand.id, ANA, Status.PRESENT, NOW)
    most = session_of(store, EIGHT, 0.5, {ANA: (0, 0.4), LUIS: (0, 0.4)})
    minute = session_of(store, EIGHT, 1, {ANA: (0, 0.4)})
    photographed = session_of(store, EIGHT, 0.2)
    each(store).sessions.note_source(photographed.id, KnownSource.of(SourceKind.PHOTOGRAPHS))
    assert accidental_sessions(store, store.sessions.all()) == frozenset()
    assert {by_hand.id, most.id, minute.id, photographed.id} == {one.id for one in course_matrix(store, 1).sessions}
