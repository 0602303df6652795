"""What the page reads of a course's students; no widgets, so that a job can do it."""

from dataclasses import dataclass

from PySide6.QtGui import QImage

from attendance_app.domain.people import Consent, Course, FaceTemplate, RosterOrder, Student
from attendance_app.domain.roster_order import in_order, listed_name
from attendance_app.domain.sessions import Mark, Session
from attendance_app.store.database import Store
from attendance_app.ui.pictures import image_of_jpeg


@dataclass(frozen=True, slots=True, eq=False)
class RosterItem:
    """One student of the list; ``name`` and ``place`` are what the course's order makes of it.

    ``place`` counts by name, also where the list numbers lead. ``weak``: all photos are.
    """

    student: Student
    name: str
    place: int
    portrait: QImage
    photos: int
    consent: Consent | None
    weak: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One enrolled photo of a student."""

    template: FaceTemplate
    image: QImage


@dataclass(frozen=True, slots=True, eq=False)
class Attended:
    """One session of the student's history."""

    session: Session
    course: Course
    mark: Mark


@dataclass(frozen=True, slots=True, eq=False)
class StudentRecord:
    """Everything about one student, newest session first."""

    student: Student
    courses: tuple[Course, ...]
    photos: tuple[Photo, ...]
    consent: Consent | None
    history: tuple[Attended, ...]


def read_roster(store: Store, course: Course, *, archived: bool) -> tuple[RosterItem, ...]:
    """Read a course's list, with the archived students if asked for."""
    # One snapshot: read one after the other, counts could belong to another state than the list.
    with store.read() as then:
        students = then.students.of_course(course.id, archived=None if archived else False)
        portraits = then.templates.portraits(course.id)
        photos = then.templates.counts(course.id)
        weak = then.templates.weak_only(course.id)
        consents = then.consents.of_course(course.id)
    by_number = course.roster_order is RosterOrder.LIST_NUMBER
    by_name = in_order(students, RosterOrder.FAMILY_NAME) if by_number else students
    places = {student.id: place for place, student in enumerate(by_name)}
    return tuple(
        RosterItem(
            student=student,
            name=listed_name(student, course.roster_order),
            place=places[student.id],
            portrait=image_of_jpeg(portraits.get(student.id)),
            photos=photos.get(student.id, 0),
            consent=consents.get(student.id),
            weak=student.id in weak,
        )
        for student in students
    )


def read_student(store: Store, student_id: int) -> StudentRecord:
    """Read all about one student. Raises NotFoundError."""
    sessions = {session.id: session for session in store.sessions.all()}
    courses = {course.id: course for course in store.courses.all(archived=None)}
    marks = reversed(store.marks.of_student(student_id))
    history = tuple(
        Attended(sessions[mark.session_id], courses[sessions[mark.session_id].course_id], mark)
        for mark in marks
        if sessions[mark.session_id].counts
    )
    templates = store.templates.of_student(student_id)
    photos = tuple(
        Photo(template, image_of_jpeg(store.templates.thumbnail(template.id) if template.id is not None else None))
        for template in templates
    )
    return StudentRecord(
        student=store.students.get(student_id),
        courses=store.students.courses_of(student_id),
        photos=photos,
        consent=store.consents.current(student_id),
        history=history,
    )
