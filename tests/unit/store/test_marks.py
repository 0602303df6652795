"""Marks of camera and teacher for one student are merged, corrected and undone; sessions open and close."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from single_writes import each

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import Evidence, FacePlace, Mark, MarkedBy, Status
from attendance_app.store import driver
from attendance_app.store.changes import Topic
from attendance_app.store.database import FILE_NAME
from attendance_app.store.errors import NoSessionAtAll, NoSuchCourse, NoSuchSession, SessionUnfinished, StudentGone

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
        closing(driver.connect(store.home / FILE_NAME)) as raw,
        pytest.raises(driver.dbapi.IntegrityError, match=r"mark\.session_id, mark\.student_id"),
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


def test_a_mark_from_a_photograph_comes_back_with_its_place(store, seen):
    placed = replace(seen, evidence=replace(SEEN, place=FacePlace("back row.jpg", Box(11, 22, 33, 44))))
    each(store).marks.record(placed)
    assert store.marks.get(seen.session_id, seen.student_id) == placed
    followed = replace(placed, evidence=SEEN)
    assert each(store).marks.record(followed) == followed
    assert store.marks.get(seen.session_id, seen.student_id) == followed


@pytest.mark.parametrize("side", ["seen_by", "face_left", "face_top", "face_right", "face_bottom"])
def test_a_place_that_is_not_whole_is_none(store, seen, side):
    each(store).marks.record(replace(seen, evidence=replace(SEEN, place=FacePlace("a.jpg", Box(1, 2, 3, 4)))))
    with closing(driver.connect(store.home / FILE_NAME)) as raw, raw:
        raw.execute(f"UPDATE mark SET {side} = NULL")
    assert store.marks.get(seen.session_id, seen.student_id) == seen


@pytest.mark.parametrize("value", ["probability", "sightings", "best_distance", "track_id"])
def test_evidence_that_is_not_whole_is_none(store, seen, value):
    each(store).marks.record(seen)
    with closing(driver.connect(store.home / FILE_NAME)) as raw, raw:
        raw.execute(f"UPDATE mark SET {value} = NULL")
    assert store.marks.get(seen.session_id, seen.student_id) == replace(seen, evidence=None)


def test_unknown_people_are_counted_while_the_session_is_on(store, session, now):
    with store.write() as tx:
        tx.sessions.count_unknown(session.id, 3)
    assert tx.changes.topics == {Topic.SESSIONS}
    assert store.sessions.get(session.id) == replace(session, unknown_people=3)
    each(store).sessions.close(session.id, now, 4)
    with store.write() as tx:
        tx.sessions.count_unknown(session.id, 9)
    assert tx.changes.topics == frozenset()
    assert store.sessions.get(session.id).unknown_people == 4


def test_closing_without_a_count_says_that_nobody_was_unknown(store, session, now):
    each(store).sessions.count_unknown(session.id, 3)
    assert each(store).sessions.close(session.id, now).unknown_people == 0


def test_a_session_has_what_it_was_opened_with(store, session, course, now):
    assert (session.course_id, session.started_at, session.late_after) == (course.id, now, 10 * MINUTE)
    assert (session.ended_at, session.unknown_people, session.note) == (None, 0, "")
    with pytest.raises(NoSuchCourse):
        each(store).sessions.open(99, now, MINUTE)


def test_an_unknown_session_is_answered_with_the_ten_newest(store, course, now):
    with pytest.raises(NoSessionAtAll) as none:
        store.sessions.get(7)
    assert none.value.session == 7
    for minute in range(12):
        each(store).sessions.close(each(store).sessions.open(course.id, now - minute * MINUTE, MINUTE).id, now)
    with pytest.raises(NoSuchSession) as unknown:
        store.sessions.get(99)
    assert (unknown.value.session, unknown.value.newest) == (99, tuple(range(12, 2, -1)))


def test_sessions_and_marks_are_listed_by_time_and_then_by_number(store, students, course, now):
    art = each(store).courses.add("ART", "Art")
    each(store).students.enrol(art.id, students[0].id)

    def held(of, at):
        session = each(store).sessions.open(of.id, at, MINUTE)
        for student in students[:2]:
            each(store).marks.set_by_teacher(session.id, student.id, Status.PRESENT, at)
        each(store).sessions.close(session.id, at)
        return session.id

    later, first, same = held(course, now + MINUTE), held(course, now), held(art, now + MINUTE)
    again = held(course, now + MINUTE)
    assert [one.id for one in store.sessions.all()] == [again, same, later, first]
    assert [one.id for one in store.sessions.all(course.id)] == [again, later, first]
    ana, berta, carla = (student.id for student in students)
    assert [(one.session_id, one.student_id) for one in store.marks.of_course(course.id)] == [
        *((first, who) for who in (ana, berta, carla)),
        *((later, who) for who in (ana, berta, carla)),
        *((again, who) for who in (ana, berta, carla)),
    ]
    assert [one.session_id for one in store.marks.of_student(ana)] == [first, later, same, again]


def test_marks_of_a_session_are_listed_in_the_order_they_were_first_made(store, session, students, now):
    for student in reversed(students):
        each(store).marks.set_by_teacher(session.id, student.id, Status.ABSENT, now)
    each(store).marks.set_by_teacher(session.id, students[2].id, Status.PRESENT, now)
    made = [one.student_id for one in store.marks.of_session(session.id)]
    assert made == [student.id for student in reversed(students)]


def test_history_of_one_student_leaves_out_the_others(store, session, students, now):
    each(store).marks.fill_blanks(session.id, Status.ABSENT, now)
    (line,) = store.marks.history(session.id, students[1].id)
    assert (line.session_id, line.student_id, line.remark) == (session.id, students[1].id, "")
    assert len(store.marks.history(session.id)) == 3


def test_a_change_of_the_remark_alone_has_its_line_of_history(store, session, students, now):
    for remark in ("bus", "bus", "train"):
        each(store).marks.set_by_teacher(session.id, students[0].id, Status.LATE, now, f" {remark} ")
    assert [one.remark for one in store.marks.history(session.id)] == ["bus", "train"]


def test_the_author_of_a_mark_that_stays_the_same_has_a_line_of_history(store, seen, now):
    each(store).marks.record(seen)
    each(store).marks.set_by_teacher(seen.session_id, seen.student_id, Status.PRESENT, now)
    assert [one.changed_by for one in store.marks.history(seen.session_id)] == [MarkedBy.CAMERA, MarkedBy.TEACHER]


def test_the_cameras_marks_are_no_action_to_undo_but_change_the_marks(store, seen, now):
    with store.write() as tx:
        tx.marks.record([seen])
        tx.offer_undo("seen", now)
    assert (tx.changes.topics, tx.changes.operation) == ({Topic.MARKS}, None)


def test_a_mark_of_an_unknown_student_or_session_is_refused(store, session, students, now):
    with pytest.raises(StudentGone) as gone:
        each(store).marks.set_by_teacher(session.id, 99, Status.PRESENT, now)
    assert gone.value.student_id == 99
    with pytest.raises(NoSuchSession):
        each(store).marks.set_by_teacher(99, students[0].id, Status.PRESENT, now)
    with pytest.raises(NoSuchSession):
        each(store).marks.fill_blanks(99, Status.PRESENT, now)
    assert store.marks.get(session.id, students[0].id) is None


def test_blanks_are_filled_for_the_roster_only_and_once(store, session, students, now):
    each(store).students.archive(students[0].id)
    each(store).students.add("X", "Not on the roster")
    filled = each(store).marks.fill_blanks(session.id, Status.EXCUSED, now)
    assert [(one.student_id, one.status, one.marked_at) for one in filled] == [
        (students[1].id, Status.EXCUSED, now),
        (students[2].id, Status.EXCUSED, now),
    ]
    assert each(store).marks.fill_blanks(session.id, Status.ABSENT, now) == ()


def test_two_sessions_of_two_courses_are_unfinished_at_once(store, session, now):
    art = each(store).courses.add("ART", "Art")
    other = each(store).sessions.open(art.id, now + MINUTE, MINUTE)
    assert store.sessions.unfinished() == (other, session)


def test_undoing_the_end_of_a_session_leaves_the_absences_of_others(store, session, course, students, now):
    each(store).sessions.close(session.id, now)
    with store.write() as tx:
        second = tx.sessions.open(course.id, now + MINUTE, MINUTE)
        tx.sessions.close(second.id, now + MINUTE)
    with store.write() as tx:
        tx.sessions.reopen(second.id, 0, now + 2 * MINUTE)
    assert (tx.changes.topics, tx.changes.undoable) == ({Topic.SESSIONS, Topic.MARKS}, False)
    assert len(store.marks.of_session(session.id)) == len(students)
    assert store.marks.of_session(second.id) == ()
