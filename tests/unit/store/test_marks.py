"""Marks meet, are corrected, undone and remembered; sessions open and close."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from single_writes import each

from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store.database import FILE_NAME
from attendance_app.store.errors import NoSuchSession, SessionUnfinished

SEEN = Evidence(0.97, 5, 0.31, 4, cnn_probability=0.8, mask=MaskState.WITH_MASK)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def seen(session, students, now):
    """The camera's mark of S01, a minute after the start."""
    at = now + MINUTE
    return Mark(session.id, students[0].id, Status.PRESENT, MarkedBy.CAMERA, at, at, at, SEEN)


def test_a_mark_comes_back_as_it_was_recorded(store, seen):
    assert each(store).marks.record(seen) == seen
    assert store.marks.of_session(seen.session_id) == (seen,)
    assert store.marks.get(seen.session_id, seen.student_id) == seen


def test_seeing_somebody_again_widens_the_time_and_renews_the_evidence(store, seen, now):
    each(store).marks.record(seen)
    later = now + 20 * MINUTE
    again = replace(seen, status=Status.LATE, marked_at=later, first_seen_at=later, last_seen_at=later)
    newer = replace(SEEN, sightings=99)
    stands = each(store).marks.record(replace(again, evidence=newer))
    assert stands == replace(seen, last_seen_at=later, evidence=newer)
    assert len(store.marks.history(seen.session_id, seen.student_id)) == 1


def test_the_camera_never_overrules_the_teacher(store, seen, now):
    each(store).marks.set_by_teacher(seen.session_id, seen.student_id, Status.EXCUSED, now, "doctor")
    stands = each(store).marks.record(seen)
    assert (stands.status, stands.marked_by, stands.remark) == (Status.EXCUSED, MarkedBy.TEACHER, "doctor")
    assert (stands.first_seen_at, stands.evidence) == (seen.first_seen_at, SEEN)


def test_the_teacher_overrules_the_camera_and_keeps_what_it_saw(store, seen, now):
    each(store).marks.record(seen)
    stands = each(store).marks.set_by_teacher(seen.session_id, seen.student_id, Status.ABSENT, now + 2 * MINUTE)
    assert (stands.status, stands.marked_by) == (Status.ABSENT, MarkedBy.TEACHER)
    assert (stands.first_seen_at, stands.evidence) == (seen.first_seen_at, SEEN)
    assert store.marks.get(seen.session_id, seen.student_id) == stands


def test_a_new_status_keeps_the_remark_unless_one_is_given(store, session, students, now):
    each(store).marks.set_by_teacher(session.id, students[0].id, Status.ABSENT, now, "ill")
    assert each(store).marks.set_by_teacher(session.id, students[0].id, Status.EXCUSED, now).remark == "ill"
    assert each(store).marks.set_by_teacher(session.id, students[0].id, Status.EXCUSED, now, "").remark == ""


def test_history_says_who_changed_what_and_when(store, seen, now):
    each(store).marks.record(seen)
    each(store).marks.set_by_teacher(seen.session_id, seen.student_id, Status.LATE, now + 5 * MINUTE, "came in at 8:05")
    each(store).marks.restore(seen.session_id, seen.student_id, None, now + 6 * MINUTE)
    assert [(c.changed_by, c.old, c.new, c.changed_at, c.remark) for c in store.marks.history(seen.session_id)] == [
        (MarkedBy.CAMERA, None, Status.PRESENT, now + MINUTE, ""),
        (MarkedBy.TEACHER, Status.PRESENT, Status.LATE, now + 5 * MINUTE, "came in at 8:05"),
        (MarkedBy.TEACHER, Status.LATE, Status.PRESENT, now + 6 * MINUTE, ""),
    ]


def test_undo_puts_the_cameras_mark_back_exactly(store, seen, now):
    before = each(store).marks.record(seen)
    each(store).marks.set_by_teacher(seen.session_id, seen.student_id, Status.ABSENT, now + 2 * MINUTE, "wrong person")
    each(store).marks.restore(seen.session_id, seen.student_id, before, now + 3 * MINUTE)
    assert store.marks.get(seen.session_id, seen.student_id) == before
    assert [c.new for c in store.marks.history(seen.session_id)] == [Status.PRESENT, Status.ABSENT, Status.PRESENT]


def test_clearing_where_nothing_is_leaves_no_history(store, session, students, now):
    each(store).marks.clear(session.id, students[0].id, now)
    assert store.marks.history(session.id) == ()


def test_filling_blanks_leaves_every_mark_alone(store, seen, students, now):
    each(store).marks.record(seen)
    each(store).marks.set_by_teacher(seen.session_id, students[1].id, Status.EXCUSED, now)
    new = each(store).marks.fill_blanks(seen.session_id, Status.ABSENT, now + MINUTE)
    assert [(mark.student_id, mark.marked_by) for mark in new] == [(students[2].id, MarkedBy.TEACHER)]
    statuses = {mark.student_id: mark.status for mark in store.marks.of_session(seen.session_id)}
    assert list(statuses.values()) == [Status.PRESENT, Status.EXCUSED, Status.ABSENT]


def test_many_marks_are_one_transaction(store, seen, students):
    other = replace(seen, student_id=students[1].id)
    missing_session = replace(seen, session_id=999)
    with pytest.raises(NoSuchSession, match="999"):
        each(store).marks.record_many([seen, other, missing_session])
    assert store.marks.of_session(seen.session_id) == ()
    assert len(each(store).marks.record_many([seen, other])) == 2


def test_a_student_erased_during_the_session_does_not_stop_the_others_marks(store, seen, students, now):
    each(store).erasures.erase_student(students[1].id, now)
    stand = each(store).marks.record_many([replace(seen, student_id=students[1].id), seen])
    assert [mark.student_id for mark in stand] == [students[0].id]


def test_the_database_itself_forbids_a_second_mark(store, seen):
    each(store).marks.record(seen)
    with (
        closing(sqlite3.connect(store.home / FILE_NAME)) as raw,
        pytest.raises(sqlite3.IntegrityError, match=r"mark\.session_id, mark\.student_id"),
    ):
        raw.execute(
            "INSERT INTO mark (session_id, student_id, status, marked_by, marked_at, remark) "
            "SELECT session_id, student_id, 'absent', 'teacher', marked_at, '' FROM mark"
        )


def test_marks_are_listed_by_course_and_by_student(store, seen, session, course, students, now):
    each(store).marks.record(seen)
    each(store).sessions.close(session.id, now + 50 * MINUTE)
    second = each(store).sessions.open(course.id, now + timedelta(days=1), 10 * MINUTE)
    each(store).marks.set_by_teacher(second.id, students[0].id, Status.LATE, now)
    assert [m.status for m in store.marks.of_student(students[0].id)] == [Status.PRESENT, Status.LATE]
    assert len(store.marks.of_course(course.id)) == 4


def test_closing_marks_everybody_else_absent_at_once(store, seen, students, now):
    each(store).marks.record(seen)
    closed = each(store).sessions.close(seen.session_id, now + 50 * MINUTE, 2)
    assert (closed.ended_at, closed.unknown_people) == (now + 50 * MINUTE, 2)
    marks = {mark.student_id: mark for mark in store.marks.of_session(seen.session_id)}
    assert [marks[s.id].status for s in students] == [Status.PRESENT, Status.ABSENT, Status.ABSENT]
    assert marks[students[1].id].marked_by is MarkedBy.CLOSE


def test_closing_twice_keeps_the_first_end(store, session, now):
    first = each(store).sessions.close(session.id, now + MINUTE, 1)
    assert each(store).sessions.close(session.id, now + 9 * MINUTE, 7) == first == store.sessions.get(session.id)


def test_a_course_has_one_unfinished_session(store, session, course, now):
    with pytest.raises(SessionUnfinished, match=f"session={session.id}, course=MATH-1"):
        each(store).sessions.open(course.id, now, MINUTE)
    assert store.sessions.unfinished() == (session,)
    each(store).sessions.close(session.id, now)
    assert store.sessions.unfinished() == ()
    assert each(store).sessions.open(course.id, now, MINUTE).id > session.id


def test_undoing_the_end_of_a_session_takes_its_absences_away_and_remembers_them(store, session, seen, students, now):
    each(store).marks.record(seen)
    with store.write() as tx:
        tx.sessions.close(session.id, now + MINUTE, 3)
        tx.offer_undo("ended", now)
    store.undo(tx.changes.operation, now + 2 * MINUTE)
    assert store.sessions.get(session.id) == session
    assert [mark.student_id for mark in store.marks.of_session(session.id)] == [students[0].id]
    changes = store.marks.history(session.id, students[1].id)
    assert [(c.changed_by, c.old, c.new) for c in changes] == [
        (MarkedBy.CLOSE, None, Status.ABSENT),
        (MarkedBy.TEACHER, Status.ABSENT, None),
    ]


def test_a_session_is_not_opened_again_beside_a_later_one(store, session, course, now):
    with store.write() as tx:
        tx.sessions.close(session.id, now + MINUTE)
        tx.offer_undo("ended", now)
    each(store).sessions.open(course.id, now + timedelta(days=1), MINUTE)
    with pytest.raises(SessionUnfinished):
        store.undo(tx.changes.operation, now + timedelta(days=1))
    assert store.sessions.get(session.id).ended_at == now + MINUTE


def test_sessions_are_listed_newest_first_and_deleted_with_their_marks(store, seen, session, course, now):
    each(store).marks.record(seen)
    each(store).sessions.close(session.id, now)
    newer = each(store).sessions.open(course.id, now + timedelta(days=1), 2.5 * MINUTE)
    assert newer.late_after == timedelta(seconds=150)
    assert [s.id for s in store.sessions.all(course.id)] == [newer.id, session.id]
    each(store).sessions.delete(session.id)
    assert store.marks.of_session(session.id) == ()
    with pytest.raises(NoSuchSession, match=f"{newer.id}"):
        store.sessions.get(session.id)
