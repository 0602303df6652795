"""Excusing a student for days: sessions that come begin with it, and absences on record become excused."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from attendance_app.domain.excuses import Excuse
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.domain.timetable import Period
from attendance_app.services.session.marks_by_hand import set_status
from attendance_app.store.unit import Transaction


@dataclass(frozen=True, slots=True)
class Excused:
    """An excuse that was entered, and how many absences on record it has excused."""

    excuse: Excuse
    absences: int


def excuse_student(
    tx: Transaction, student_id: int, days: Period, *, at: datetime, zone: tzinfo | None = None
) -> Excused:
    """Excuse a student for days, with the period's name as the reason.

    Sessions of these days that are on record: an absence that came from closing becomes excused, since nobody had
    decided it; all that was set by hand stays. ``zone`` of the clock on the wall, None: this machine's. Raises
    NotFoundError.
    """
    excuse = tx.excuses.add(student_id, days.first, days.last, days.name, at)
    absent = [
        mark.session_id
        for mark in tx.marks.of_student(student_id)
        if mark.status is Status.ABSENT
        and mark.marked_by is MarkedBy.CLOSE
        and days.covers(tx.sessions.get(mark.session_id).started_at.astimezone(zone).date())
    ]
    for session_id in absent:
        set_status(tx, session_id, [student_id], Status.EXCUSED, at=at, remark=days.name or None)
    return Excused(excuse, len(absent))
