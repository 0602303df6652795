"""Past sessions for the demo class, made up: so that registers and reports have something to show."""

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course, Student
from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status

if TYPE_CHECKING:
    from attendance_app.store.database import Store

# Of the made-up lessons; the film's own is shorter (``demo_lesson``).
LESSON = timedelta(minutes=50)
LATE_AFTER = timedelta(minutes=10)
CAMERA = KnownSource.of(SourceKind.CAMERA, "0")


def write_history(store: "Store", course: Course, *, until: datetime, sessions: int, chance: random.Random) -> None:
    """Write ``sessions`` closed sessions on weekdays before ``until``; the same ``chance`` gives the same marks."""
    students = store.students.of_course(course.id)
    habits = {student.id: _status_probabilities(number) for number, student in enumerate(students)}
    for started in reversed(_weekdays(until, sessions)):
        with store.write() as tx:
            session = tx.sessions.open(course.id, started, LATE_AFTER)
            tx.sessions.note_source(session.id, CAMERA)
            drawn = (_mark(session, student, habits[student.id], chance) for student in students)
            # A session a transaction, with its marks before it is closed: closing marks the others absent.
            tx.marks.record([mark for mark in drawn if mark is not None])
            tx.sessions.close(session.id, started + LESSON, unknown_people=chance.choice((0, 0, 0, 1)))


def _weekdays(until: datetime, count: int) -> list[datetime]:
    """Return ``count`` weekdays before ``until``, the newest first, all at the same hour."""
    # More days than are needed: at least five of seven are weekdays.
    days = (until - timedelta(days=back) for back in range(1, 3 * count + 7))
    return [day for day in days if day.weekday() < 5][:count]


def _status_probabilities(number: int) -> tuple[float, float, float]:
    """Probabilities of present, late and excused; every seventh student stays away often."""
    return (0.55, 0.1, 0.05) if number % 7 == 6 else (0.88, 0.05, 0.03)


def _mark(session: Session, student: Student, habit: tuple[float, float, float], chance: random.Random) -> Mark | None:
    """Draw a student's mark; None for one who stays away, whom closing the session marks absent."""
    present, late, excused = habit
    drawn, minute = chance.random(), timedelta(minutes=chance.uniform(0.2, 4))
    if drawn < present + late:
        came = minute if drawn < present else LATE_AFTER + minute
        status = Status.PRESENT if drawn < present else Status.LATE
        seen, left = session.started_at + came, session.started_at + LESSON - timedelta(minutes=1)
        evidence = Evidence(
            chance.uniform(0.985, 0.9999), chance.randint(12, 60), chance.uniform(0.25, 0.42), student.id
        )
        return Mark(session.id, student.id, status, MarkedBy.CAMERA, seen, seen, left, evidence)
    if drawn < present + late + excused:
        at = session.started_at + timedelta(minutes=20)
        return Mark(session.id, student.id, Status.EXCUSED, MarkedBy.TEACHER, at)
    return None
