"""Excuses that were given for days, before or after."""

from dataclasses import dataclass
from datetime import date, datetime

from attendance_app.domain.sessions import CAME, Mark, Session, Status


@dataclass(frozen=True, slots=True)
class Excuse:
    """A student is excused on days from ``first`` up to and with ``last``, by the clock on the wall."""

    id: int
    student_id: int
    first: date
    last: date
    reason: str
    made_at: datetime

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


def seen_though_away(mark: Mark) -> bool:
    """Whether the camera, or a card, has seen a student whose mark says that they did not come."""
    return mark.status not in CAME and mark.first_seen_at is not None


def minutes_late(mark: Mark, session: Session) -> int | None:
    """Return by how many whole minutes a late student came after the lesson's start; None: not late, or not known."""
    if mark.status is not Status.LATE or mark.arrival is None:
        return None
    return max(0, int((mark.arrival - session.late_from).total_seconds() // 60))
