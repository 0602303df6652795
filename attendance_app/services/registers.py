"""A session's register as values for display and export."""

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course, Student
from attendance_app.domain.presence import Presence, presence_of
from attendance_app.domain.roster_order import in_order
from attendance_app.domain.sessions import Mark, Session, Status

if TYPE_CHECKING:
    from attendance_app.store.database import Store
    from attendance_app.store.unit import Repositories


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A student and the mark, None: not marked yet. ``cnn_student``: whom the identity network named."""

    student: Student
    mark: Mark | None
    cnn_student: Student | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """One session: everybody on the roster and everybody marked, in the course's order.

    ``revision``: number of the newest line of the history of its marks.
    """

    course: Course
    session: Session
    lines: tuple[RegisterLine, ...]
    revision: int = 0

    @property
    def presence(self) -> dict[int, Presence]:
        """How long whoever came was seen, by student, once the session is closed."""
        return presence_of(self.session, [line.mark for line in self.lines if line.mark is not None])

    def count(self, status: Status | None) -> int:
        return sum((line.mark.status if line.mark else None) is status for line in self.lines)


def session_register(store: "Store", session_id: int) -> Register:
    """Collect one session. Raises NotFoundError."""
    # One snapshot: a mark made between two reads could belong to a student who is not among ``everybody``.
    with store.read() as then:
        session = then.sessions.get(session_id)
        course = then.courses.get(session.course_id)
        marks = {mark.student_id: mark for mark in then.marks.of_session(session_id)}
        revision = then.marks.revision(session_id)
        everybody = {student.id: student for student in then.students.all(archived=None)}
        students = listed_students(then, course, marks.keys())
    lines = (
        RegisterLine(student, marks.get(student.id), everybody.get(_cnn_opinion(marks.get(student.id))))
        for student in students
    )
    return Register(course, session, tuple(lines), revision)


def listed_students(then: "Repositories", course: Course, marked: Set[int]) -> tuple[Student, ...]:
    """Return everybody on a course's roster and everybody with a mark in it, by id, in the course's order."""
    enrolled = then.students.of_course(course.id, archived=None)
    here = {student.id for student in enrolled}
    # Who has left the course keeps the marks made in it; an archived student without a mark is not expected.
    left = [student for student in then.students.all(archived=None) if student.id in marked - here]
    listed = (student for student in (*enrolled, *left) if not student.archived or student.id in marked)
    return in_order(listed, course.roster_order)


def _cnn_opinion(mark: Mark | None) -> int:
    opinion = mark.evidence.cnn_student_id if mark and mark.evidence else None
    # -1 is nobody's id.
    return -1 if opinion is None else opinion
