"""How long somebody was there, and who seems to have left early, from first and last seen: flagged, not decided.

A camera does not see everybody all the time. So nobody is said to have left early while most of the class was not seen
for longer either: the camera may have been covered, or off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from attendance_app.domain.sessions import CAME, Mark, Session

EARLY: Final = timedelta(minutes=10)
"""Who was last seen so long before the end seems to have left early."""


@dataclass(frozen=True, slots=True)
class Presence:
    """``minutes`` from arriving to being last seen.

    ``left_at``: when last seen, if that was well before the end and most of the class was seen later.
    """

    minutes: int
    left_at: datetime | None = None


def presence_of(session: Session, marks: Iterable[Mark]) -> dict[int, Presence]:
    """Return the presence of the students who came and were seen, by student, from all marks of a closed session.

    An arrival that was typed counts before the camera's; a last look after the end counts up to it.
    """
    came = [mark for mark in marks if mark.status in CAME and mark.last_seen_at is not None]
    ends = session.ended_at
    if ends is None:
        return {}
    return {mark.student_id: found for mark in came if (found := _presence(mark, came, ends)) is not None}


def _presence(mark: Mark, came: list[Mark], ends: datetime) -> Presence | None:
    arrived, last = mark.arrival, mark.last_seen_at
    if arrived is None or last is None:
        return None
    last = min(last, ends)
    minutes = max(0, int((last - arrived).total_seconds() // 60))
    others = [one.last_seen_at for one in came if one is not mark and one.last_seen_at is not None]
    later = sum(min(other, ends) - last >= EARLY for other in others)
    # A mark made by a card or in a photograph is one look: it says when somebody came, not when they left.
    watched = mark.first_seen_at is not None and mark.first_seen_at != mark.last_seen_at
    left = watched and ends - last >= EARLY and others and 2 * later > len(others)
    return Presence(minutes, last if left else None)
