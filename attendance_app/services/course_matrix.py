"""A course over time as one table: students against sessions."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course, Student
from attendance_app.domain.session_edits import looks_accidental
from attendance_app.domain.sessions import Mark, Session, Status
from attendance_app.services.registers import listed_students

if TYPE_CHECKING:
    from attendance_app.store.database import Store


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A student's statuses in the order of the matrix's sessions; None: no mark."""

    student: Student
    statuses: tuple[Status | None, ...]

    def count(self, status: Status) -> int:
        return Counter(self.statuses)[status]

    @property
    def attended(self) -> float | None:
        """Share of sessions attended (present or late), excused and unmarked ones left out; None: nothing to count."""
        came = self.count(Status.PRESENT) + self.count(Status.LATE)
        counted = came + self.count(Status.ABSENT)
        return came / counted if counted else None


@dataclass(frozen=True, slots=True)
class CourseMatrix:
    """A course over time: sessions that count, oldest first; students in the course's order."""

    course: Course
    sessions: tuple[Session, ...]
    rows: tuple[MatrixRow, ...]


def course_matrix(store: "Store", course_id: int) -> CourseMatrix:
    """Collect a course's sessions that count: everybody on the roster and everybody marked in them.

    Raises NotFoundError.
    """
    return matrix_with_marks(store, course_id)[0]


def matrix_with_marks(store: "Store", course_id: int) -> tuple[CourseMatrix, dict[tuple[int, int], Mark]]:
    """Return a course's matrix as ``course_matrix`` does, with the marks of its sessions by session and student."""
    # One snapshot: a mark made between two reads could belong to a session that is not among ``sessions``.
    with store.read() as then:
        course = then.courses.get(course_id)
        of_session: dict[int, list[Mark]] = defaultdict(list)
        for mark in then.marks.of_course(course_id):
            of_session[mark.session_id].append(mark)
        sessions = tuple(
            session
            for session in reversed(then.sessions.all(course_id))
            # One begun by mistake must not spoil the shares until somebody looks at it.
            if session.counts and not looks_accidental(session, of_session[session.id])
        )
        marks = {(mark.student_id, session.id): mark.status for session in sessions for mark in of_session[session.id]}
        students = listed_students(then, course, {student_id for student_id, _ in marks})
    rows = (
        MatrixRow(student, tuple(marks.get((student.id, session.id)) for session in sessions)) for student in students
    )
    found = {(one.id, mark.student_id): mark for one in sessions for mark in of_session[one.id]}
    return CourseMatrix(course, sessions, tuple(rows)), found
