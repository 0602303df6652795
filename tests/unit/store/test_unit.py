"""One action is one transaction: it happens as a whole, says what it changed, and is undone as a whole."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from single_writes import each
from sqlalchemy import Engine, event

from attendance_app.domain.people import RosterEntry, TrainedHead
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store import driver
from attendance_app.store import scrub as scrub_module
from attendance_app.store.changes import Topic
from attendance_app.store.connection import Database
from attendance_app.store.database import FILE_NAME, Store, open_store
from attendance_app.store.errors import (
    ConsentWithdrawnSince,
    FaceLostInTraining,
    NoLongerUndoable,
    PhotoEnrolledAlready,
    StudentInUse,
)
from attendance_app.store.inverse_json import from_json, to_json
from attendance_app.store.inverses import ForgetConsent, RestoreMark, Unenrol

MINUTE = timedelta(minutes=1)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that any engine executes in the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def scrubs(monkeypatch) -> list[int]:
    """One entry for each time that the file is rewritten."""
    done: list[int] = []
    scrub = Database.scrub

    def counting(database: Database) -> bool:
        done.append(1)
        return scrub(database)

    monkeypatch.setattr(Database, "scrub", counting)
    return done


def enrol(store: Store, course, make_face, now, *, photos: int = 1, number: str = "S09"):
    """A new student with photos, in one action that can be undone."""
    with store.write() as tx:
        student = tx.students.add(number, "Student 09")
        tx.enrolments.add(course.id, student.id)
        tx.consents.record(student.id, "form", now)
        for photo in range(photos):
            tx.templates.add(make_face(student, photo="abcdef"[photo], seed=photo), b"thumb")
        tx.offer_undo("enrolled", now, partial=True)
    return student, tx.changes.operation


def test_what_raises_in_its_middle_leaves_nothing(store, course, make_face, now):
    def enrol_twice() -> None:
        with store.write() as tx:
            student = tx.students.add("S09", "Student 09")
            tx.enrolments.add(course.id, student.id)
            tx.consents.record(student.id, "form", now)
            tx.templates.add(make_face(student))
            tx.templates.add(make_face(student))

    with pytest.raises(PhotoEnrolledAlready):
        enrol_twice()
    assert store.students.all(archived=None) == ()
    assert store.operations.all() == ()


def test_changes_are_known_after_the_commit_and_not_before(store):
    with store.write() as tx:
        tx.courses.add("A", "Algebra")
        with pytest.raises(RuntimeError, match="once it is committed"):
            _ = tx.changes
    assert tx.changes.topics == {Topic.COURSES}


def test_a_transaction_names_every_topic_it_has_touched(store, course, make_face, now):
    with store.write() as tx:
        student = tx.students.add("S09", "Student 09")
        tx.consents.record(student.id, "form", now)
        tx.templates.add(make_face(student))
        session = tx.sessions.open(course.id, now, MINUTE)
        tx.marks.set(session.id, student.id, Status.PRESENT, now)
    assert tx.changes.topics == {Topic.STUDENTS, Topic.FACES, Topic.SESSIONS, Topic.MARKS}


def test_undo_takes_a_whole_action_back_and_scrubs_once(store, course, make_face, now, scrubs):
    _, operation = enrol(store, course, make_face, now, photos=3)
    undone = store.undo(operation, now)
    assert undone.kept == ()
    assert undone.changes.topics == {Topic.STUDENTS, Topic.FACES}
    assert store.students.all(archived=None) == ()
    assert len(scrubs) == 1
    assert not any(b"Student 09" in file.read_bytes() for file in store.home.iterdir())


def test_an_undone_action_is_not_undone_twice(store, course, make_face, now):
    _, operation = enrol(store, course, make_face, now)
    store.undo(operation, now)
    with pytest.raises(NoLongerUndoable):
        store.undo(operation, now)


def test_an_undo_that_is_refused_undoes_nothing_and_can_be_asked_for_again(store, session, make_face, now):
    with store.write() as tx:
        student = tx.students.add("S09", "Student 09")
        tx.consents.record(student.id, "form", now)
        tx.templates.add(make_face(student))
        tx.offer_undo("entered", now)
    each(store).marks.set_by_teacher(session.id, student.id, Status.PRESENT, now)
    with pytest.raises(StudentInUse):
        store.undo(tx.changes.operation, now)
    assert len(store.templates.of_student(student.id)) == 1
    assert store.operations.all() == (tx.changes.operation,)


def test_a_partial_undo_keeps_who_was_used_since_and_names_them(store, session, course, make_face, now):
    student, operation = enrol(store, course, make_face, now, photos=2)
    each(store).marks.set_by_teacher(session.id, student.id, Status.PRESENT, now)
    assert store.undo(operation, now).kept == ("Student 09",)
    assert store.templates.of_student(student.id) == ()
    assert student in store.students.of_course(course.id)


def test_what_can_be_undone_outlives_a_restart(store, session, students, now):
    with store.write() as tx:
        tx.marks.set(session.id, students[0].id, Status.EXCUSED, now, "dentist")
        tx.marks.fill(session.id, Status.ABSENT, now)
        tx.offer_undo("marked", now)
    store.close()
    with open_store(store.home) as again:
        (operation,) = again.operations.all()
        assert (operation.text, operation.concerns()) == ("marked", {student.id for student in students})
        again.undo(operation, now + MINUTE)
        assert again.marks.of_session(session.id) == ()
        assert len(again.marks.history(session.id)) == 6
        assert again.operations.all() == ()


def test_an_action_of_several_transactions_is_undone_as_one(store, course, make_face, now, scrubs):
    parts = []
    for number in ("S08", "S09"):
        with store.write() as tx:
            student = tx.students.add(number, number)
            tx.consents.record(student.id, "form", now)
            tx.templates.add(make_face(student))
        parts.append(tx.changes)
    with store.write() as tx:
        tx.offer_undo("2 photos enrolled", now, earlier=parts[0] + parts[1])
    store.undo(tx.changes.operation, now)
    assert store.students.all(archived=None) == ()
    assert len(scrubs) == 1


def test_nothing_changed_or_nothing_to_take_back_offers_no_undo(store, course, students, now):
    with store.write() as tx:
        tx.enrolments.add(course.id, students[0].id)
        tx.offer_undo("nothing", now)
    assert tx.changes.operation is None
    with store.write() as tx:
        tx.students.update(students[1].id, name="Another")
        tx.erasures.erase_student(students[0].id, now)
        tx.offer_undo("erased", now)
    assert tx.changes.operation is None
    assert tx.changes.forgotten == {students[0].id}


def test_erasing_a_student_forgets_the_actions_that_name_them(store, session, students, now):
    for student in students[:2]:
        with store.write() as tx:
            tx.marks.set(session.id, student.id, Status.PRESENT, now)
            tx.offer_undo(f"Zyxwvut {student.number}", now)
    each(store).erasures.erase_student(students[0].id, now)
    assert [one.text for one in store.operations.all()] == ["Zyxwvut S02"]
    assert not any(b"Zyxwvut S01" in file.read_bytes() for file in store.home.iterdir())


def test_old_actions_are_forgotten(store, course, students, now):
    for minute in range(3):
        with store.write() as tx:
            tx.students.update(students[0].id, name=f"Name {minute}")
            tx.offer_undo(str(minute), now + minute * MINUTE)
    with store.write() as tx:
        tx.operations.forget_before(now + 2 * MINUTE)
    assert [one.text for one in store.operations.all()] == ["2"]
    with store.write() as tx:
        tx.operations.forget_before(None)
    assert store.operations.all() == ()


def test_a_stored_inverse_comes_back_as_it_was(now):
    inverses = (Unenrol(1, 2), ForgetConsent(2, "form, binder 3", now), RestoreMark(1, 2, None))
    assert from_json(to_json(inverses)) == inverses


def test_a_removed_photo_comes_back_and_is_never_written_into_the_operations(store, course, make_face, now):
    student, _ = enrol(store, course, make_face, now)
    (template,) = store.templates.of_student(student.id)
    with store.write() as tx:
        tx.templates.delete(template.id)
        tx.offer_undo("Photo removed", now)
    operation = tx.changes.operation
    assert operation.id is None
    assert [one.text for one in store.operations.all()] == ["enrolled"]
    store.undo(operation, now)
    (back,) = store.templates.of_student(student.id)
    assert (back.encoding == template.encoding).all()
    assert store.templates.thumbnail(back.id) == b"thumb"


def test_a_removed_photo_does_not_come_back_once_its_consent_was_withdrawn(store, course, make_face, now):
    student, _ = enrol(store, course, make_face, now)
    (template,) = store.templates.of_student(student.id)
    with store.write() as tx:
        tx.templates.delete(template.id)
        tx.offer_undo("Photo removed", now)
    each(store).consents.withdraw(student.id, now + MINUTE)
    each(store).consents.record(student.id, "another form", now + 2 * MINUTE)
    with pytest.raises(ConsentWithdrawnSince):
        store.undo(tx.changes.operation, now + 3 * MINUTE)
    assert store.templates.of_student(student.id) == ()


def test_undoing_a_mark_keeps_what_the_camera_has_seen_since(store, session, students, now):
    seen_at = now + MINUTE
    evidence = Evidence(0.97, 5, 0.31, 4)
    seen = Mark(session.id, students[0].id, Status.PRESENT, MarkedBy.CAMERA, seen_at, seen_at, seen_at, evidence)
    each(store).marks.record_many([seen])
    with store.write() as tx:
        tx.marks.set(session.id, students[0].id, Status.ABSENT, now + 2 * MINUTE)
        tx.offer_undo("marked", now)
    each(store).marks.record_many([replace(seen, last_seen_at=now + 9 * MINUTE)])
    store.undo(tx.changes.operation, now + 10 * MINUTE)
    assert store.marks.get(session.id, students[0].id) == replace(seen, last_seen_at=now + 9 * MINUTE)


def test_a_list_is_put_with_a_fixed_number_of_statements(store, course, now):
    def put(count: int, name: str) -> int:
        entries = [RosterEntry(f"N{number}", f"{name} {number}", "a@example.org") for number in range(count)]
        with statements() as seen, store.write() as tx:
            tx.students.put_roster(course.id, entries)
            tx.offer_undo("imported", now, partial=True)
        assert len(store.students.of_course(course.id)) == count
        return len(seen)

    first, more, renamed = put(2, "Ana"), put(302, "Ana"), put(302, "Berta")
    assert (first, more) == (9, 9)
    assert renamed < first
    assert {student.name.split()[0] for student in store.students.all()} == {"Berta"}


def test_an_imported_list_is_undone_with_every_change_it_made(store, course, students, now):
    each(store).students.archive(students[0].id)
    before = store.students.all(archived=None)
    with store.write() as tx:
        entries = [RosterEntry("S01", "Ana"), RosterEntry("S02", email="b@example.org"), RosterEntry("S09", "New")]
        tx.students.put_roster(course.id, entries)
        tx.offer_undo("imported", now, partial=True)
    assert store.students.find("S01").name == "Ana"
    assert store.undo(tx.changes.operation, now).kept == ()
    assert store.students.all(archived=None) == before
    assert store.students.of_course(course.id) == students[1:]


def test_a_face_deleted_while_the_file_is_being_rewritten_is_scrubbed_as_well(
    store, course, make_face, now, monkeypatch
):
    """Between the rewriting for the first deletion and the removal of its note, a second process deletes."""
    _, first = enrol(store, course, make_face, now, number="S08")
    _, second = enrol(store, course, make_face, now, number="S09")
    scrub, waiting = Database.scrub, [second]

    with open_store(store.home) as other:
        monkeypatch.setattr("attendance_app.store.database.finish_scrub", lambda _database: None)

        def interrupted(database: Database) -> bool:
            done = scrub(database)
            if waiting:
                other.undo(waiting.pop(), now)
            return done

        monkeypatch.setattr(Database, "scrub", interrupted)
        store.undo(first, now)
        assert scrub_module.finish_scrub(store.database) is None
    assert not any(b"Student 09" in file.read_bytes() for file in store.home.iterdir())
    with closing(driver.connect(store.home / FILE_NAME)) as raw:
        assert raw.execute("SELECT count(*) FROM setting").fetchone() == (0,)


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_copies_made_before_migrations_go_with_the_person(store, course, make_face, now, how):
    student, _ = enrol(store, course, make_face, now)
    copy = store.home / f"{FILE_NAME}.before-0001"
    copy.write_bytes(b"Student 09")
    with store.write() as tx:
        if how == "withdrawn":
            tx.consents.withdraw(student.id, now)
        else:
            tx.erasures.erase_student(student.id, now)
    assert not copy.exists()


def test_a_copy_that_a_crash_left_goes_at_the_next_start(store, course, make_face, now, monkeypatch):
    student, _ = enrol(store, course, make_face, now)
    copy = store.home / f"{FILE_NAME}.before-0001"
    copy.write_bytes(b"Student 09")
    with monkeypatch.context() as crash:
        crash.setattr("attendance_app.store.database.finish_scrub", lambda _database: None)
        each(store).consents.withdraw(student.id, now)
    assert copy.exists()
    with open_store(store.home):
        assert not copy.exists()


@pytest.mark.parametrize("lost", ["consent", "photo", "student", "nothing"])
def test_a_network_trained_while_a_face_is_lost_is_thrown_away(store, course, make_face, now, lost):
    student, _ = enrol(store, course, make_face, now)
    (template,) = store.templates.of_student(student.id)
    head = TrainedHead(course.id, "net:1", (student.id,), b"weights", "{}", now)
    made_of = {(student.id, template.photo_sha256)}
    with store.write() as tx:
        if lost == "consent":
            tx.consents.withdraw(student.id, now)
            tx.consents.record(student.id, "form", now)
        elif lost == "photo":
            tx.templates.delete(template.id)
        elif lost == "student":
            tx.erasures.erase_student(student.id, now)
    if lost == "nothing":
        each(store).heads.put(head, made_of)
        assert store.heads.of_course(course.id) == head
        return
    with pytest.raises(FaceLostInTraining):
        each(store).heads.put(head, made_of)
    assert store.heads.of_course(course.id) is None


def test_a_copy_that_somebody_has_deleted_already_is_no_obstacle(store, course, make_face, now, monkeypatch):
    student, _ = enrol(store, course, make_face, now)
    monkeypatch.setattr(scrub_module, "unreadable_copies", lambda path: [path.with_name("gone")])
    each(store).consents.withdraw(student.id, now)
    with closing(driver.connect(store.home / FILE_NAME)) as raw:
        assert raw.execute("SELECT key FROM setting WHERE key LIKE '%pending'").fetchall() == []
