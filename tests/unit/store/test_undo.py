"""Each kind of action is undone exactly, also after a restart, and says which parts of the register it has changed."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from single_writes import each

from attendance_app.domain.people import RosterEntry, RosterOrder
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store import driver
from attendance_app.store.changes import Topic
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import (
    ConsentWithdrawnSince,
    CourseInUse,
    NumberTaken,
    SessionInUse,
    StudentGone,
    StudentInUse,
)

MINUTE = timedelta(minutes=1)
TABLES = (
    "course",
    "student",
    "enrolment",
    "consent",
    "face_template",
    "face_thumbnail",
    "session",
    "mark",
    "operation",
)
SEEN = Evidence(0.97, 5, 0.31, 4)


def content(store) -> dict[str, list[tuple[object, ...]]]:
    """All that undo has to put back, as SQLite has it. History and the log of erasures grow."""
    with closing(driver.connect(store.home / FILE_NAME)) as raw:
        return {table: raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}


@pytest.fixture
def scene(store, course, students, session, now):
    """A course that is on, with a student of each kind; their ids, and the session's."""
    whole = RosterEntry("S01", "Ana Ruiz", "ana@example.org", family_name="Ruiz", given_name="Ana", list_number=7)
    each(store).students.put_roster(course.id, [whole])
    each(store).students.archive(students[1].id)
    each(store).consents.record(students[0].id, "form", now)
    each(store).courses.archive(each(store).courses.add("OLD", "Old").id)
    mark = Mark(session.id, students[0].id, Status.LATE, MarkedBy.CAMERA, now, now, now, SEEN)
    each(store).marks.record(mark)
    each(store).sessions.count_unknown(session.id, 4)
    ended, void = (
        each(store).sessions.add_past(
            course.id,
            now - timedelta(days=day),
            {students[0].id: Status.ABSENT},
            late_after=MINUTE,
            marked_at=now,
            note="",
        )
        for day in (30, 31)
    )
    each(store).sessions.void(void.id, now, "fire drill", at=now)
    return {
        "course": course.id,
        "old": 2,
        "session": session.id,
        "ana": students[0].id,
        "away": students[1].id,
        "ended": ended.id,
        "void": void.id,
    }


ACTIONS = {
    "a course": (lambda tx, _s, _now, _face: tx.courses.add("ART", "Art"), {Topic.COURSES}, {Topic.COURSES}),
    "a title": (lambda tx, s, _now, _face: tx.courses.retitle(s["course"], "M"), {Topic.COURSES}, {Topic.COURSES}),
    "an order": (
        lambda tx, s, _now, _face: tx.courses.reorder(s["course"], RosterOrder.LIST_NUMBER),
        {Topic.COURSES, Topic.STUDENTS},
        {Topic.COURSES, Topic.STUDENTS},
    ),
    "a course archived": (lambda tx, s, _now, _face: tx.courses.archive(s["course"]), {Topic.COURSES}, {Topic.COURSES}),
    "a course taken out of the archive": (
        lambda tx, s, _now, _face: tx.courses.archive(s["old"], archived=False),
        {Topic.COURSES},
        {Topic.COURSES},
    ),
    "a student": (lambda tx, _s, _now, _face: tx.students.add("S09", "New"), {Topic.STUDENTS}, {Topic.STUDENTS}),
    "every value of a student": (
        lambda tx, s, _now, _face: tx.students.update(s["ana"], number="S77", name="Berta", email="b@example.org"),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a student archived": (
        lambda tx, s, _now, _face: tx.students.archive(s["ana"]),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a student taken out of the archive": (
        lambda tx, s, _now, _face: tx.students.archive(s["away"], archived=False),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a place on a roster": (
        lambda tx, s, _now, _face: tx.enrolments.add(s["old"], s["ana"]),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a place on a roster left": (
        lambda tx, s, _now, _face: tx.enrolments.remove(s["course"], s["away"]),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a list number": (
        lambda tx, s, _now, _face: tx.enrolments.renumber(s["course"], s["ana"], None),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a numbered place on a roster left": (
        lambda tx, s, _now, _face: tx.enrolments.remove(s["course"], s["ana"]),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "the parts of a name": (
        lambda tx, s, _now, _face: tx.students.update(s["ana"], family="Ruiz Paz", given="Ana María"),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a list": (
        lambda tx, s, _now, _face: tx.students.put_roster(
            s["course"],
            [
                RosterEntry("S01", "Ana R", "a@example.org", "R", "A", 12),
                RosterEntry("S02"),
                RosterEntry("S09", "New", list_number=3),
            ],
        ),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a consent": (
        lambda tx, s, now, _face: tx.consents.record(s["away"], "letter", now, source="import"),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "another consent": (
        lambda tx, s, now, _face: tx.consents.record(s["ana"], "letter", now),
        {Topic.STUDENTS},
        {Topic.STUDENTS},
    ),
    "a photo": (lambda tx, _s, _now, face: tx.templates.add(face, b"thumb"), {Topic.FACES}, {Topic.FACES}),
    "a first mark": (
        lambda tx, s, now, _face: tx.marks.set(s["session"], s["away"], Status.EXCUSED, now, "ill"),
        {Topic.MARKS},
        {Topic.MARKS},
    ),
    "a mark over the camera's": (
        lambda tx, s, now, _face: tx.marks.set(s["session"], s["ana"], Status.ABSENT, now + MINUTE, "wrong"),
        {Topic.MARKS},
        {Topic.MARKS},
    ),
    "blanks filled": (
        lambda tx, s, now, _face: tx.marks.fill(s["session"], Status.PRESENT, now),
        {Topic.MARKS},
        {Topic.MARKS},
    ),
    "a past session": (
        lambda tx, s, now, _face: tx.sessions.add_past(
            s["course"],
            now - timedelta(days=9),
            {s["ana"]: Status.LATE, s["away"]: Status.ABSENT},
            late_after=MINUTE,
            marked_at=now,
            note="list.csv",
        ),
        {Topic.SESSIONS, Topic.MARKS},
        {Topic.SESSIONS, Topic.MARKS},
    ),
    "a topic": (
        lambda tx, s, now, _face: tx.sessions.name(s["session"], "  Fractions  ", now),
        {Topic.SESSIONS},
        {Topic.SESSIONS},
    ),
    "a session made void": (
        lambda tx, s, now, _face: tx.sessions.void(s["ended"], now, "by mistake", at=now),
        {Topic.SESSIONS, Topic.MARKS},
        {Topic.SESSIONS, Topic.MARKS},
    ),
    "a void session that counts again": (
        lambda tx, s, now, _face: tx.sessions.void(s["void"], None, at=now),
        {Topic.SESSIONS, Topic.MARKS},
        {Topic.SESSIONS, Topic.MARKS},
    ),
    "the end of a session": (
        lambda tx, s, now, _face: tx.sessions.close(s["session"], now + MINUTE, 9),
        {Topic.SESSIONS, Topic.MARKS},
        {Topic.SESSIONS, Topic.MARKS},
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_undo_puts_back_exactly_what_was_there_also_after_a_restart(store, scene, students, make_face, now, name):
    act, changed, put_back = ACTIONS[name]
    before = content(store)
    with store.write() as tx:
        act(tx, scene, now, make_face(students[0]))
        tx.offer_undo(name, now)
    assert content(store) != before
    assert tx.changes.topics == changed
    assert tx.changes.undoable
    with open_store(store.home) as again:
        (operation,) = again.operations.all()
        assert operation == tx.changes.operation
        undone = again.undo(operation, now + 2 * MINUTE)
    assert content(store) == before
    assert (undone.changes.topics, undone.kept) == (put_back, ())


@pytest.mark.parametrize(
    "act",
    [
        lambda tx, s, now: tx.consents.record(s["ana"], " form ", now + MINUTE),
        lambda tx, s, _now: tx.students.update(s["ana"], number="S01", name="Ana  Ruiz"),
        lambda tx, s, _now: tx.students.archive(s["away"]),
        lambda tx, s, _now: tx.enrolments.add(s["course"], s["ana"]),
        lambda tx, s, _now: tx.enrolments.remove(s["old"], s["ana"]),
        lambda tx, s, _now: tx.enrolments.renumber(s["course"], s["ana"], 7),
        lambda tx, s, _now: tx.courses.reorder(s["course"], RosterOrder.FAMILY_NAME),
        lambda tx, s, _now: tx.students.update(s["ana"], family="Ruiz", given=" Ana "),
        lambda tx, s, _now: tx.students.put_roster(s["course"], [RosterEntry("S01", list_number=7)]),
        lambda tx, s, _now: tx.students.put_roster(s["course"], [RosterEntry("S01", "Ana Ruiz")]),
        lambda tx, s, now: tx.sessions.reopen(s["session"], 0, now),
        lambda tx, s, now: tx.marks.take_back(s["session"], s["away"], None, now),
        lambda tx, _s, _now: tx.templates.delete(99),
    ],
)
def test_what_changes_nothing_is_no_change(store, scene, now, act):
    before = content(store)
    with store.write() as tx:
        act(tx, scene, now)
        tx.offer_undo("nothing", now)
    assert (tx.changes.topics, tx.changes.inverse, tx.changes.operation) == (frozenset(), (), None)
    assert content(store) == before


@pytest.mark.parametrize(
    ("act", "topics"),
    [
        (lambda tx, s, now: tx.sessions.open(s["old"], now, MINUTE), {Topic.SESSIONS}),
        (lambda tx, s, _now: tx.sessions.delete(s["session"]), {Topic.SESSIONS, Topic.MARKS}),
        (lambda tx, s, now: tx.consents.withdraw(s["ana"], now), {Topic.STUDENTS, Topic.FACES}),
        (lambda tx, s, now: tx.erasures.erase_student(s["ana"], now), {Topic.STUDENTS, Topic.FACES, Topic.MARKS}),
    ],
)
def test_what_is_final_offers_no_undo_and_names_what_it_changed(store, scene, now, act, topics):
    with store.write() as tx:
        tx.courses.retitle(scene["old"], "X")
        act(tx, scene, now)
        tx.offer_undo("final", now)
    assert tx.changes.topics == topics | {Topic.COURSES}
    assert not tx.changes.undoable
    assert tx.changes.operation is None
    assert store.operations.all() == ()


@pytest.mark.parametrize("use", ["a student", "a session"])
def test_a_course_that_is_in_use_stays(store, students, now, use):
    with store.write() as tx:
        art = tx.courses.add("ART", "Art")
        tx.offer_undo("added", now)
    if use == "a student":
        each(store).students.enrol(art.id, students[0].id)
    else:
        each(store).sessions.open(art.id, now, MINUTE)
    with pytest.raises(CourseInUse) as refused:
        store.undo(tx.changes.operation, now)
    assert refused.value.name == "ART"
    assert store.courses.get(art.id) == art


def test_a_past_session_that_was_corrected_since_stays(store, scene, now):
    with store.write() as tx:
        past = tx.sessions.add_past(
            scene["course"], now - MINUTE, {scene["ana"]: Status.LATE}, late_after=MINUTE, marked_at=now, note=""
        )
        tx.offer_undo("imported", now)
    each(store).marks.set_by_teacher(past.id, scene["away"], Status.PRESENT, now + MINUTE)
    with pytest.raises(SessionInUse):
        store.undo(tx.changes.operation, now)
    assert len(store.marks.of_session(past.id)) == 2


@pytest.mark.parametrize("use", ["mark", "consent", "course"])
def test_a_student_of_whom_anything_is_recorded_stays(store, session, course, now, use):
    with store.write() as tx:
        student = tx.students.add("S09", "Nina")
        tx.offer_undo("added", now)
    if use == "mark":
        each(store).marks.set_by_teacher(session.id, student.id, Status.PRESENT, now)
    elif use == "consent":
        each(store).consents.record(student.id, "form", now)
    else:
        each(store).students.enrol(course.id, student.id)
    with pytest.raises(StudentInUse) as refused:
        store.undo(tx.changes.operation, now)
    assert refused.value.name == "Nina"
    assert store.students.get(student.id) == student


def test_removing_a_student_by_undo_forgets_the_actions_that_name_them(store, course, now):
    with store.write() as tx:
        student = tx.students.add("S09", "Nina")
        tx.offer_undo("added", now)
    added = tx.changes.operation
    with store.write() as tx:
        tx.students.update(student.id, name="Nina M")
        tx.offer_undo("renamed", now)
    assert store.undo(added, now).changes.forgotten == {student.id}
    assert store.operations.all() == ()
    assert not any(b"Nina" in file.read_bytes() for file in store.home.iterdir())


def test_a_roster_is_not_left_by_undo_once_a_mark_is_there_but_one_elsewhere_does_not_matter(store, students, now):
    with store.write() as tx:
        art = tx.courses.add("ART", "Art")
        tx.enrolments.add(art.id, students[0].id)
        tx.offer_undo("enrolled", now)
    there = each(store).sessions.open(art.id, now, MINUTE)
    each(store).marks.set_by_teacher(there.id, students[0].id, Status.PRESENT, now)
    with pytest.raises(StudentInUse) as refused:
        store.undo(tx.changes.operation, now)
    assert refused.value.name == "Student 01"
    each(store).sessions.delete(there.id)
    math = store.courses.by_code("MATH-1")
    each(store).marks.set_by_teacher(
        each(store).sessions.open(math.id, now, MINUTE).id, students[0].id, Status.PRESENT, now
    )
    store.undo(tx.changes.operation, now)
    assert [one.code for one in store.students.courses_of(students[0].id)] == ["MATH-1"]


def test_undoing_a_consent_is_refused_while_a_photo_rests_on_it_alone(store, students, make_face, now):
    with store.write() as tx:
        tx.consents.record(students[0].id, "form", now)
        tx.offer_undo("agreed", now)
    each(store).templates.add(make_face(students[0]))
    with pytest.raises(StudentInUse) as refused:
        store.undo(tx.changes.operation, now)
    assert refused.value.name == "Student 01"
    assert store.consents.current(students[0].id).ground == "form"
    each(store).consents.record(students[0].id, "letter", now)
    store.undo(tx.changes.operation, now)
    assert [one.ground for one in store.consents.history(students[0].id)] == ["letter"]


def test_undo_leaves_a_consent_that_was_withdrawn_since(store, students, now):
    with store.write() as tx:
        tx.consents.record(students[0].id, "form", now)
    recorded = tx.changes.inverse
    each(store).consents.withdraw(students[0].id, now + MINUTE)
    with store.write() as tx:
        for inverse in recorded:
            inverse.apply(tx, now)
    assert [one.withdrawn_at for one in store.consents.history(students[0].id)] == [now + MINUTE]


def test_a_number_that_was_taken_since_does_not_come_back(store, students, now):
    with store.write() as tx:
        tx.students.update(students[0].id, number="S77")
        tx.offer_undo("renumbered", now)
    each(store).students.add("S01", "Another")
    with pytest.raises(NumberTaken, match="S01"):
        store.undo(tx.changes.operation, now)
    assert store.students.get(students[0].id).number == "S77"


def test_undo_of_a_photo_leaves_the_one_that_has_got_its_id_since(store, students, make_face, now):
    each(store).consents.record(students[0].id, "form", now)
    with store.write() as tx:
        first = tx.templates.add(make_face(students[0]))
    recorded = tx.changes.inverse
    each(store).templates.delete(first.id)
    later = replace(make_face(students[0], photo="b"), enrolled_at=now + MINUTE)
    assert each(store).templates.add(later).id == first.id
    with store.write() as tx:
        for inverse in recorded:
            inverse.apply(tx, now)
    assert [one.photo_sha256 for one in store.templates.of_student(students[0].id)] == ["b" * 64]


def test_a_photo_whose_consent_is_missing_can_be_removed_and_does_not_come_back(store, students, make_face, now):
    each(store).consents.record(students[0].id, "form", now)
    photo = each(store).templates.add(make_face(students[0]))
    with closing(driver.connect(store.home / FILE_NAME)) as raw, raw:
        raw.execute("DELETE FROM consent")
    with store.write() as tx:
        tx.templates.delete(photo.id)
        tx.offer_undo("removed", now)
    with pytest.raises(ConsentWithdrawnSince):
        store.undo(tx.changes.operation, now)
    assert store.templates.of_student(students[0].id) == ()


def test_undo_of_a_mark_of_somebody_erased_since_says_so(store, session, students, now):
    with store.write() as tx:
        tx.marks.set(session.id, students[0].id, Status.PRESENT, now)
    recorded = tx.changes.inverse
    each(store).erasures.erase_student(students[0].id, now)

    def undo() -> None:
        with store.write() as tx:
            recorded[0].apply(tx, now)

    with pytest.raises(StudentGone) as refused:
        undo()
    assert refused.value.student_id == students[0].id


def test_a_partial_undo_leaves_every_change_of_who_stays_and_undoes_the_others(store, session, course, now):
    with store.write() as tx:
        used, unused = tx.students.add("S08", "Used"), tx.students.add("S09", "Unused")
        for student in (used, unused):
            tx.enrolments.add(course.id, student.id)
        tx.offer_undo("imported", now, partial=True)
    each(store).marks.set_by_teacher(session.id, used.id, Status.PRESENT, now)
    assert store.undo(tx.changes.operation, now).kept == ("Used",)
    assert used in store.students.of_course(course.id)
    assert store.students.find("S09") is None


def test_undoing_a_mark_by_hand_that_was_cleared_since_brings_the_one_before(store, session, students, now):
    set_at = now + MINUTE
    each(store).marks.set_by_teacher(session.id, students[0].id, Status.LATE, set_at, "bus")
    before = store.marks.get(session.id, students[0].id)
    with store.write() as tx:
        tx.marks.set(session.id, students[0].id, Status.ABSENT, now + 2 * MINUTE)
        tx.offer_undo("marked", now)
    each(store).marks.clear(session.id, students[0].id, now + 3 * MINUTE)
    assert store.marks.of_session(session.id) == ()
    store.undo(tx.changes.operation, now + 4 * MINUTE)
    assert store.marks.get(session.id, students[0].id) == before
    last = store.marks.history(session.id)[-1]
    assert (last.old, last.new, last.changed_at, last.changed_by) == (
        None,
        Status.LATE,
        now + 4 * MINUTE,
        MarkedBy.TEACHER,
    )


def test_only_the_newest_hundred_actions_are_kept(store, course, now):
    for number in range(102):
        with store.write() as tx:
            tx.courses.retitle(course.id, str(number))
            tx.offer_undo(str(number), now)
    assert [one.text for one in store.operations.all()] == [str(number) for number in range(2, 102)]
