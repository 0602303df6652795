"""Undoing an enrolment takes back what it entered, and nothing that has been used since."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from attendance_app.domain.people import FaceTemplate
from attendance_app.domain.sessions import Status
from attendance_app.services.enrolment_undo import Entered, take_back
from attendance_app.store.database import open_store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def course(store):
    return store.courses.add("3B", "Algebra II")


def enrolled(store, course, *, created: bool = True) -> tuple[Entered, int]:
    """What one photo's enrolment leaves behind, and its template."""
    student = store.students.add("S01", "Student 01")
    joined = store.students.enrol(course.id, student.id)
    consent = store.consents.record(student.id, "form", NOON)
    return Entered(student, course.id, created=created, joined=joined, consent=consent), photo(store, student.id)


def photo(store, student_id: int, name: str = "a") -> int:
    encoding = np.ones(128, np.float32)
    return store.templates.add(FaceTemplate(student_id, "encoder", encoding, name, 1.0, NOON)).id


def test_a_new_student_goes_with_consent_and_photo(store, course):
    entered, template = enrolled(store, course)
    take_back(store, [template], [entered, entered], at=NOON)
    assert not store.students.all(archived=None)


def test_a_student_who_was_there_stays_without_the_consent_and_off_the_roster(store, course):
    entered, template = enrolled(store, course, created=False)
    take_back(store, [template], [entered], at=NOON)
    assert store.students.find("S01") is not None
    assert store.consents.history(entered.student.id) == ()
    assert store.students.of_course(course.id) == ()


def test_a_consent_on_which_another_photo_rests_stays(store, course):
    entered, template = enrolled(store, course)
    photo(store, entered.student.id, "b")
    assert not store.consents.take_back(entered.consent)
    take_back(store, [template], [entered], at=NOON)
    assert store.consents.current(entered.student.id) is not None
    assert len(store.templates.of_student(entered.student.id)) == 1


@pytest.mark.parametrize("use", ["mark", "another consent", "another course"])
def test_a_new_student_who_has_been_used_since_stays(store, course, use):
    entered, template = enrolled(store, course)
    id_ = entered.student.id
    if use == "mark":
        session = store.sessions.open(course.id, NOON, timedelta(minutes=10))
        store.marks.set_by_teacher(session.id, id_, Status.PRESENT, NOON)
    elif use == "another consent":
        store.consents.record(id_, "a later form", NOON)
    else:
        store.students.enrol(store.courses.add("4A", "Biology").id, id_)
    take_back(store, [template], [entered], at=NOON)
    assert store.students.find("S01") is not None
    assert store.templates.of_student(id_) == ()
    assert (course in store.students.courses_of(id_)) == (use == "mark")
