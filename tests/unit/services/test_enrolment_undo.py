"""Undoing an enrolment takes back what it entered, and nothing that has been used since."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from single_writes import each

from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.domain.sessions import Status
from attendance_app.store.changes import NO_CHANGES, Operation
from attendance_app.store.connection import Database
from attendance_app.store.database import Store, open_store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def course(store):
    return each(store).courses.add("3B", "Algebra II")


def face(student: Student, photo: str = "a") -> FaceTemplate:
    return FaceTemplate(student.id, "encoder", np.ones(128, np.float32), photo, 1.0, NOON)


def enrolled(store: Store, course: Course, students: int = 1, photos: int = 1) -> Operation:
    """Enrol a batch as the service does: a transaction for each photo, one action for all."""
    changes = NO_CHANGES
    for number in range(1, students + 1):
        for photo in range(photos):
            with store.write() as tx:
                student = tx.students.find(f"S{number:02}") or tx.students.add(f"S{number:02}", f"Student {number:02}")
                tx.enrolments.add(course.id, student.id)
                if tx.consents.current(student.id) is None:
                    tx.consents.record(student.id, "form", NOON)
                tx.templates.add(face(student, f"{photo}"), b"thumbnail")
            changes += tx.changes
    with store.write() as tx:
        tx.offer_undo("enrolled", NOON, earlier=changes, partial=True)
    operation = tx.changes.operation
    assert operation is not None
    return operation


def test_thirty_students_with_three_photos_each_are_undone_with_one_scrub(store, course, monkeypatch):
    operation = enrolled(store, course, students=30, photos=3)
    assert len(store.templates.gallery(course.id, "encoder").encodings) == 90
    scrubs, scrub = [], Database.scrub

    def counting(database: Database) -> bool:
        scrubs.append(database)
        return scrub(database)

    monkeypatch.setattr(Database, "scrub", counting)
    assert store.undo(operation, NOON).kept == ()
    assert len(scrubs) == 1
    assert not store.students.all(archived=None)


def test_a_student_who_was_there_stays_without_the_consent_and_off_the_roster(store, course):
    student = each(store).students.add("S01", "Student 01")
    store.undo(enrolled(store, course), NOON)
    assert store.students.find("S01") == student
    assert store.consents.history(student.id) == ()
    assert store.students.of_course(course.id) == ()


def test_a_consent_on_which_another_photo_rests_stays(store, course):
    operation = enrolled(store, course)
    student = store.students.by_number("S01")
    each(store).templates.add(face(student, "b"))
    assert store.undo(operation, NOON).kept == ("Student 01",)
    assert store.consents.current(student.id) is not None
    assert len(store.templates.of_student(student.id)) == 1
    assert store.students.of_course(course.id) == (student,)


@pytest.mark.parametrize("use", ["mark", "another consent", "another course"])
def test_a_new_student_who_has_been_used_since_stays_and_is_named(store, course, use):
    operation = enrolled(store, course, students=2)
    id_ = store.students.by_number("S01").id
    if use == "mark":
        session = each(store).sessions.open(course.id, NOON, timedelta(minutes=10))
        each(store).marks.set_by_teacher(session.id, id_, Status.PRESENT, NOON)
    elif use == "another consent":
        each(store).consents.record(id_, "a later form", NOON)
    else:
        each(store).students.enrol(each(store).courses.add("4A", "Biology").id, id_)
    assert store.undo(operation, NOON).kept == ("Student 01",)
    assert [student.number for student in store.students.all()] == ["S01"]
    assert store.templates.of_student(id_) == ()
    assert (course in store.students.courses_of(id_)) == (use == "mark")
