"""What an enrolment has entered besides photos, and taking it back with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from attendance_app.domain.people import Consent, Student
from attendance_app.store.database import Store


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered for a student with a photo: that they are there at all, on the course's roster, the consent."""

    student: Student
    course_id: int
    created: bool = False
    joined: bool = False
    consent: Consent | None = None


def take_back(store: Store, template_ids: Iterable[int], entered: Iterable[Entered], *, at: datetime) -> None:
    """Delete the templates, and all that was entered with them unless it has been used since.

    A consent stays while other photos rest on it, and a student who has marks, other consents or other courses.
    """
    for template_id in template_ids:
        store.templates.delete(template_id)
    for one in entered:
        _take_back(store, one, at)


def _take_back(store: Store, one: Entered, at: datetime) -> None:
    student_id = one.student.id
    if store.students.find(one.student.number) is None or store.templates.of_student(student_id):
        return
    if one.consent is not None:
        store.consents.take_back(one.consent)
    marks, elsewhere = store.marks.of_student(student_id), store.students.courses_of(student_id)
    used = marks or store.consents.history(student_id) or any(course.id != one.course_id for course in elsewhere)
    if one.created and not used:
        store.erasures.erase_student(student_id, at)
    elif one.joined and not any(mark.student_id == student_id for mark in store.marks.of_course(one.course_id)):
        store.students.unenrol(one.course_id, student_id)
