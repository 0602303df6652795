"""How well the camera takes a course's roll: the teacher's marks are the labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course
from attendance_app.domain.roll_sources import KnownSource
from attendance_app.domain.session_edits import looks_accidental
from attendance_app.domain.sessions import CAME, Mark, Session
from attendance_app.services.rates import Rate, clustered_rate

if TYPE_CHECKING:
    from attendance_app.store.database import Store


class Outcome(Enum):
    """What became of the camera's part in one mark."""

    FOUND = "found"
    """The student was there, and the camera has recognised them by itself."""
    CONFIRMED = "confirmed"
    """The student was there; the camera was not sure, and the teacher has answered its question."""
    BY_HAND = "by hand"
    """The student was there, and only the teacher has marked them."""
    WRONG = "wrong"
    """The camera has marked the student, and the teacher has taken that back."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The closed sessions of a course whose rolls were taken from the same sources.

    ``sources`` is empty for sessions from before sources were noted. ``found``, ``confirmed`` and ``by_hand`` are
    shares of the students who were there and add up to all of them; ``wrong`` is a share of the camera's own marks. The
    marks of one student depend on each other, and the intervals allow for it.
    """

    sources: tuple[KnownSource, ...]
    sessions: int
    found: Rate
    confirmed: Rate
    by_hand: Rate
    wrong: Rate

    @property
    def present(self) -> int:
        """How many marks say that a student was there."""
        return self.found.total


@dataclass(frozen=True, slots=True)
class CameraReport:
    """A course's report, most used sources first. Sessions that were taken by hand alone are not in it."""

    course: Course
    rows: tuple[SourceReport, ...]


def outcome_of(mark: Mark) -> Outcome | None:
    """Return what became of the camera's part in a mark; None where the student was not there and it did not say so."""
    # Only the camera's own marks have times; a doubt that was confirmed has left its evidence alone.
    seen = mark.first_seen_at is not None and mark.evidence is not None
    if mark.status not in CAME:
        return Outcome.WRONG if seen else None
    if seen:
        return Outcome.FOUND
    return Outcome.BY_HAND if mark.evidence is None else Outcome.CONFIRMED


def camera_report(store: "Store", course_id: int) -> CameraReport:
    """Compare the camera's marks with the teacher's in all closed sessions of a course. Raises NotFoundError."""
    with store.read() as then:
        course = then.courses.get(course_id)
        sessions = then.sessions.all(course_id)
        by_session: dict[int, list[Mark]] = defaultdict(list)
        for mark in then.marks.of_course(course_id):
            by_session[mark.session_id].append(mark)
    groups: dict[tuple[KnownSource, ...], list[list[Mark]]] = defaultdict(list)
    for session in sessions:
        if _counts(session, by_session[session.id]):
            groups[tuple(sorted(session.sources))].append(by_session[session.id])
    rows = [_report(sources, marks) for sources, marks in groups.items()]
    return CameraReport(course, tuple(sorted(rows, key=lambda row: (-row.sessions, row.sources))))


def _counts(session: Session, marks: Sequence[Mark]) -> bool:
    """Whether a session is closed, not void or begun by mistake, and had a camera.

    In an open one the camera may still find who was marked by hand.
    """
    closed = session.counts and session.ended_at is not None and not looks_accidental(session, marks)
    return closed and (bool(session.sources) or any(mark.evidence for mark in marks))


def _report(sources: tuple[KnownSource, ...], sessions: list[list[Mark]]) -> SourceReport:
    students: dict[int, list[Outcome]] = defaultdict(list)
    for mark in (mark for marks in sessions for mark in marks):
        outcome = outcome_of(mark)
        if outcome is not None:
            students[mark.student_id].append(outcome)
    present = {Outcome.FOUND, Outcome.CONFIRMED, Outcome.BY_HAND}
    outcomes = list(students.values())
    return SourceReport(
        sources,
        len(sessions),
        found=_rate(outcomes, Outcome.FOUND, among=present),
        confirmed=_rate(outcomes, Outcome.CONFIRMED, among=present),
        by_hand=_rate(outcomes, Outcome.BY_HAND, among=present),
        wrong=_rate(outcomes, Outcome.WRONG, among={Outcome.FOUND, Outcome.WRONG}),
    )


def _rate(students: list[list[Outcome]], counted: Outcome, *, among: set[Outcome]) -> Rate:
    counts = [outcomes.count(counted) for outcomes in students]
    return clustered_rate(counts, [sum(outcome in among for outcome in outcomes) for outcomes in students])
