"""Marks between domain values and rows. For use inside a transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.faces import Box
from attendance_app.domain.marks import merge_marks
from attendance_app.domain.sessions import Evidence, FacePlace, Mark, MarkedBy, Status
from attendance_app.store.rows import MarkHistoryRow, MarkRow


def put_marks(session: OrmSession, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Merge marks into the register, with a line of history for each new status, author, remark or arrival."""
    rows = _rows_of(session, marks)
    return tuple(_put(session, rows, mark) for mark in marks)


def _put(session: OrmSession, rows: dict[tuple[int, int], MarkRow], mark: Mark) -> Mark:
    key = mark.session_id, mark.student_id
    old = mark_of(rows[key]) if key in rows else None
    result = merge_marks(old, mark)
    if key not in rows:
        # Kept for the rest of the batch, which may have another mark of this student.
        rows[key] = MarkRow(session_id=mark.session_id, student_id=mark.student_id)
        session.add(rows[key])
    fill_mark_row(rows[key], result)
    if old is None or _told(old) != _told(result):
        log_change(session, result, old=None if old is None else old.status, new=result.status, at=result.marked_at)
    return result


def _told(mark: Mark) -> tuple[object, ...]:
    """What a line of history is about."""
    return mark.status, mark.marked_by, mark.remark, mark.arrived_at


def _rows_of(session: OrmSession, marks: Sequence[Mark]) -> dict[tuple[int, int], MarkRow]:
    # One statement for all marks: one for each took 709 ms for 200 marks instead of 29 (docs/adr/0030).
    sessions = {mark.session_id for mark in marks}
    students = {mark.student_id for mark in marks}
    query = select(MarkRow).where(MarkRow.session_id.in_(sessions), MarkRow.student_id.in_(students))
    return {(row.session_id, row.student_id): row for row in session.scalars(query)}


def log_change(session: OrmSession, mark: Mark, *, old: Status | None, new: Status | None, at: datetime) -> None:
    """Add a line of history; lines are never changed."""
    session.add(
        MarkHistoryRow(
            session_id=mark.session_id,
            student_id=mark.student_id,
            changed_at=at,
            changed_by=mark.marked_by,
            old_status=old,
            new_status=new,
            remark=mark.remark,
        )
    )


def take_away_absences(session: OrmSession, session_id: int, at: datetime) -> None:
    """Remove the marks that closing a session has made, with a line of history each."""
    query = select(MarkRow).where(MarkRow.session_id == session_id, MarkRow.marked_by == MarkedBy.CLOSE)
    for row in session.scalars(query).all():
        # The teacher reopens a session, so the teacher takes these absences away.
        log_change(session, replace(mark_of(row), marked_by=MarkedBy.TEACHER), old=row.status, new=None, at=at)
        session.delete(row)
    # SQLAlchemy sends inserts before deletions: new marks of these students would meet the old ones.
    session.flush()


def marked_students(session: OrmSession, session_id: int) -> frozenset[int]:
    """Return the ids of the students who have a mark in the session."""
    return frozenset(session.scalars(select(MarkRow.student_id).where(MarkRow.session_id == session_id)))


def mark_row(session: OrmSession, session_id: int, student_id: int) -> MarkRow | None:
    return session.scalar(select(MarkRow).where(MarkRow.session_id == session_id, MarkRow.student_id == student_id))


def mark_of(row: MarkRow) -> Mark:
    return Mark(
        session_id=row.session_id,
        student_id=row.student_id,
        status=row.status,
        marked_by=row.marked_by,
        marked_at=row.marked_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        evidence=_evidence_of(row),
        remark=row.remark,
        arrived_at=row.arrived_at,
    )


def fill_mark_row(row: MarkRow, mark: Mark) -> None:
    """Write a mark's values into its row."""
    row.status, row.marked_by, row.marked_at, row.remark = mark.status, mark.marked_by, mark.marked_at, mark.remark
    row.first_seen_at, row.last_seen_at, row.arrived_at = mark.first_seen_at, mark.last_seen_at, mark.arrived_at
    seen = mark.evidence
    row.probability = None if seen is None else seen.probability
    row.sightings = None if seen is None else seen.sightings
    row.best_distance = None if seen is None else seen.best_distance
    row.track_id = None if seen is None else seen.track_id
    row.cnn_student_id = None if seen is None else seen.cnn_student_id
    row.cnn_probability = None if seen is None else seen.cnn_probability
    row.mask = None if seen is None else seen.mask
    place = None if seen is None else seen.place
    row.seen_by = None if place is None else place.source
    row.face_left, row.face_top, row.face_right, row.face_bottom = (
        (None,) * 4 if place is None else (place.box.left, place.box.top, place.box.right, place.box.bottom)
    )


def _evidence_of(row: MarkRow) -> Evidence | None:
    if row.probability is None or row.sightings is None or row.best_distance is None or row.track_id is None:
        return None
    return Evidence(
        probability=row.probability,
        sightings=row.sightings,
        best_distance=row.best_distance,
        track_id=row.track_id,
        cnn_student_id=row.cnn_student_id,
        cnn_probability=row.cnn_probability,
        mask=row.mask,
        place=_place_of(row),
    )


def _place_of(row: MarkRow) -> FacePlace | None:
    left, top, right, bottom = row.face_left, row.face_top, row.face_right, row.face_bottom
    if row.seen_by is None or left is None or top is None or right is None or bottom is None:
        return None
    return FacePlace(row.seen_by, Box(left, top, right, bottom))
