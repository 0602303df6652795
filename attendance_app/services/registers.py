"""A session's register as values for display and export."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course, Student, sort_key
from attendance_app.domain.sessions import Mark, Session, Status

if TYPE_CHECKING:
    from attendance_app.store.database import Store


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A student and the mark, None: not marked yet. ``cnn_student``: whom the identity network named."""

    student: Student
    mark: Mark | None
    cnn_student: Student | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """One session: everybody on the roster and everybody marked, by name."""

    course: Course
    session: Session
    lines: tuple[RegisterLine, ...]

    def count(self, status: Status | None) -> int:
        return sum((line.mark.status if line.mark else None) is status for line in self.lines)


def session_register(store: "Store", session_id: int) -> Register:
    """Collect one session. Raises NotFoundError."""
    # One snapshot: a mark made between two reads could belong to a student who is not among ``everybody``.
    with store.read() as then:
        session = then.sessions.get(session_id)
        course = then.courses.get(session.course_id)
        marks = {mark.student_id: mark for mark in then.marks.of_session(session_id)}
        everybody = {student.id: student for student in then.students.all(archived=None)}
        enrolled = {student.id for student in then.students.of_course(session.course_id)}
    lines = [
        RegisterLine(everybody[id_], marks.get(id_), everybody.get(_cnn_opinion(marks.get(id_))))
        for id_ in enrolled | marks.keys()  # who has left the course keeps the marks made in it
        if id_ in everybody
    ]
    return Register(course, session, tuple(sorted(lines, key=lambda line: _by_name(line.student))))


def _cnn_opinion(mark: Mark | None) -> int:
    opinion = mark.evidence.cnn_student_id if mark and mark.evidence else None
    # -1 is nobody's id.
    return -1 if opinion is None else opinion


def _by_name(student: Student) -> tuple[str, str]:
    return sort_key(student.name), student.number
