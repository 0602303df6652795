"""Sessions that look begun by mistake: they count nowhere until the teacher says what they are."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from attendance_app.domain.session_edits import SHORT, looks_accidental
from attendance_app.domain.sessions import Mark, Session
from attendance_app.services.registers import Register

if TYPE_CHECKING:
    from attendance_app.store.database import Store


def accidental_sessions(store: "Store", sessions: Iterable[Session]) -> frozenset[int]:
    """Return which of these sessions look begun by mistake."""
    short = [one for one in sessions if one.ended_at is not None and one.ended_at - one.started_at < SHORT]
    marks: dict[int, list[Mark]] = defaultdict(list)
    for course_id in {session.course_id for session in short}:
        for mark in store.marks.of_course(course_id):
            marks[mark.session_id].append(mark)
    return frozenset(session.id for session in short if looks_accidental(session, marks[session.id]))


def register_looks_accidental(register: Register) -> bool:
    """Whether the session of a register looks begun by mistake."""
    return looks_accidental(register.session, [line.mark for line in register.lines if line.mark is not None])
