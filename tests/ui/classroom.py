"""A small class with history for tests of the window; synthetic, without faces."""

from datetime import UTC, datetime, timedelta

from single_writes import each

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status
from attendance_app.store.database import Store

START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def make_class(store: Store, students: int = 6, *, code: str = "ALG") -> Course:
    """A course with students S01, S02, …"""
    course = each(store).courses.add(code, f"Algebra {code}")
    for number in range(1, students + 1):
        student = each(store).students.add(f"S{number:02}", f"Student {number:02}")
        each(store).students.enrol(course.id, student.id)
    return course


def make_session(store: Store, course: Course, statuses: str, *, day: int = 0) -> Session:
    """A closed session; ``statuses`` has one letter a student by name: P, L, A, E."""
    begun = START + timedelta(days=day)
    session = each(store).sessions.open(course.id, begun, timedelta(minutes=10))
    for student, letter in zip(store.students.of_course(course.id), statuses, strict=False):
        each(store).marks.record(_mark(session, student.id, letter))
    return each(store).sessions.close(session.id, begun + timedelta(minutes=50))


def _mark(session: Session, student_id: int, letter: str) -> Mark:
    status = {"P": Status.PRESENT, "L": Status.LATE, "A": Status.ABSENT, "E": Status.EXCUSED}[letter]
    # Lateness begins after 10 minutes (make_session).
    at = session.started_at + timedelta(minutes=14 if letter == "L" else 1)
    if letter in "AE":
        return Mark(session.id, student_id, status, MarkedBy.TEACHER, at)
    return Mark(session.id, student_id, status, MarkedBy.CAMERA, at, at, at, Evidence(0.998, 31, 0.33, student_id))
