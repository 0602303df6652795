"""Rules for merging a new mark with the present one, and for undoing a mark by hand."""

from dataclasses import dataclass, replace
from datetime import datetime

from attendance_app.domain.sessions import CAME, Evidence, Mark, MarkedBy, Session, Status, arrival_status

_BY_SIGHT = frozenset({MarkedBy.CAMERA, MarkedBy.CARD})


@dataclass(frozen=True, slots=True)
class MarkSetting:
    """The teacher's part of a mark, without the camera's evidence."""

    status: Status
    marked_by: MarkedBy
    marked_at: datetime
    remark: str
    arrived_at: datetime | None = None


def setting_of(mark: Mark) -> MarkSetting:
    return MarkSetting(mark.status, mark.marked_by, mark.marked_at, mark.remark, mark.arrived_at)


def arrival_by_hand(before: Mark | None, status: Status, at: datetime, session: Session) -> datetime | None:
    """Return when a student came whom the teacher marks without saying it.

    In an open session somebody who is marked late comes now, unless the camera has seen them before. What the teacher
    has said before stays. None: absent, or not known.
    """
    if status not in CAME:
        return None
    if before is not None and before.arrived_at is not None:
        return before.arrived_at
    seen = before is not None and before.first_seen_at is not None
    return at if status is Status.LATE and session.ended_at is None and not seen else None


def merge_marks(old: Mark | None, new: Mark) -> Mark:
    """Return the mark that results when ``new`` arrives.

    The teacher's mark replaces any other. The camera's replaces one made by closing the session, and a later one of the
    camera, and so does a card's; otherwise a sighting of a marked student extends the time seen and brings newer
    evidence. Closing the session fills missing marks only.
    """
    if old is None:
        return new
    if new.marked_by is MarkedBy.CLOSE:
        return old
    # An absence from closing was nobody's decision, so whoever marks later replaces it.
    result = new if new.marked_by is MarkedBy.TEACHER or old.marked_by is MarkedBy.CLOSE else old
    if old.marked_by is new.marked_by and new.marked_by in _BY_SIGHT and new.marked_at < old.marked_at:
        # From a file, after the session was resumed: who was on time then is not late now.
        result = new
    return replace(
        result,
        first_seen_at=min(_times(old.first_seen_at, new.first_seen_at), default=None),
        last_seen_at=max(_times(old.last_seen_at, new.last_seen_at), default=None),
        # The camera's evidence stays under a mark by hand: the register shows both.
        evidence=_newer_evidence(old, new),
    )


def _newer_evidence(old: Mark, new: Mark) -> Evidence | None:
    """Return the evidence of whichever mark has seen the student last: a mark from a file may be the older one."""
    if old.evidence is None or new.evidence is None:
        return old.evidence or new.evidence
    times = _times(old.last_seen_at, new.last_seen_at)
    return old.evidence if len(times) == 2 and times[1] < times[0] else new.evidence


def undone_mark(current: Mark, before: MarkSetting | None, session: Session) -> Mark | None:
    """Return the mark that results when a mark by hand is undone; ``before`` None: there was none.

    What the camera has seen meanwhile stays. It counts as the camera's own mark where nobody had decided before.
    """
    seen_at = current.first_seen_at
    undecided = before is None or before.marked_by is MarkedBy.CLOSE
    if undecided and seen_at is not None:
        # Of a face evidence is kept, of a card there is none.
        marked_by = MarkedBy.CARD if current.evidence is None else MarkedBy.CAMERA
        before = MarkSetting(arrival_status(session, seen_at), marked_by, seen_at, "")
    if before is None:
        return None
    return replace(
        current,
        status=before.status,
        marked_by=before.marked_by,
        marked_at=before.marked_at,
        remark=before.remark,
        arrived_at=before.arrived_at,
    )


def _times(*moments: datetime | None) -> list[datetime]:
    return [moment for moment in moments if moment is not None]
