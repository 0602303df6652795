"""Sessions that are split, merged, or were begun by mistake: what becomes of their marks. No clock, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from attendance_app.domain.marks import merge_marks
from attendance_app.domain.roll_sources import SourceKind
from attendance_app.domain.sessions import CAME, Mark, MarkedBy, Session, Status, arrival_status

SHORT: Final = timedelta(minutes=1)
"""A shorter session in which hardly anybody was seen looks begun by mistake."""


class SessionEdit(Enum):
    """What was done to a session as a whole."""

    ADDED = "added"
    TOPIC = "topic"
    MOVED = "moved"
    VOID = "void"
    COUNTS = "counts"
    DELETED = "deleted"
    BROUGHT_BACK = "brought back"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class SessionChange:
    """One line of a session's own history. ``before`` and ``after`` as the edit needs them: a topic, a reason, the
    number of another session, the start as ISO 8601 in UTC."""

    session_id: int
    changed_at: datetime
    edit: SessionEdit
    before: str = ""
    after: str = ""


def looks_accidental(session: Session, marks: Sequence[Mark]) -> bool:
    """Whether a closed session looks begun by mistake: under a minute, nothing by hand or card, less than half came.

    Photographs and recordings are chosen on purpose and may be short. One that the teacher has confirmed is none.
    """
    if session.ended_at is None or session.confirmed_at is not None or not session.counts:
        return False
    if session.ended_at - session.started_at >= SHORT or not marks:
        return False
    if any(source.kind is not SourceKind.CAMERA for source in session.sources):
        return False
    if any(mark.marked_by in {MarkedBy.TEACHER, MarkedBy.CARD} for mark in marks):
        return False
    return 2 * sum(mark.status in CAME for mark in marks) < len(marks)


def split_mark(mark: Mark, at: datetime, later: Session) -> tuple[Mark, Mark]:
    """Return what a mark becomes where its session is split at ``at`` into itself and ``later``.

    What was seen goes to the part in which it was seen; what the teacher has said holds for both, except that whoever
    came after ``at`` was absent before.
    """
    first, second = _seen_before(mark, at), _seen_since(mark, at, later)
    if mark.marked_by is MarkedBy.CLOSE:
        return first, second
    if mark.marked_by is MarkedBy.TEACHER:
        came = mark.arrived_at
        if came is None or came < at:
            return first, replace(second, arrived_at=None)
        absent = replace(first, status=Status.ABSENT, arrived_at=None)
        return absent, replace(second, status=arrival_status(later, came))
    return _by_sight(first, first.session_id, at), _by_sight(second, later.id, at, later)


def _seen_before(mark: Mark, at: datetime) -> Mark:
    if mark.first_seen_at is None or mark.first_seen_at < at:
        last = mark.last_seen_at
        return replace(mark, last_seen_at=None if last is None else min(last, at))
    return replace(mark, first_seen_at=None, last_seen_at=None, evidence=None)


def _seen_since(mark: Mark, at: datetime, later: Session) -> Mark:
    first, last = mark.first_seen_at, mark.last_seen_at
    if first is None or last is None or last < at:
        return replace(mark, session_id=later.id, first_seen_at=None, last_seen_at=None, evidence=None)
    return replace(mark, session_id=later.id, first_seen_at=max(first, at))


def _by_sight(mark: Mark, session_id: int, at: datetime, later: Session | None = None) -> Mark:
    """Return the camera's or a card's mark in one part: absent there if it has seen nobody."""
    if mark.first_seen_at is None:
        return Mark(session_id, mark.student_id, Status.ABSENT, MarkedBy.CLOSE, at)
    if later is None:
        return mark
    status = arrival_status(later, mark.first_seen_at)
    return replace(mark, status=status, marked_at=max(mark.marked_at, at))


def joined_mark(one: Mark | None, other: Mark | None, session: Session) -> Mark:
    """Return a student's mark where two sessions are merged into ``session``: as if it had been one.

    What was said last by hand stands over all else; whoever was seen in either came.
    """
    there = [replace(mark, session_id=session.id) for mark in (one, other) if mark is not None]
    old, new = there[0], there[-1]
    if len(there) == 2:
        old, new = sorted(there, key=lambda mark: mark.marked_at)
        new = merge_marks(old, new)
    seen = new.first_seen_at
    if new.marked_by in {MarkedBy.CAMERA, MarkedBy.CARD} and seen is not None:
        return replace(new, status=arrival_status(session, seen))
    return new
