"""A course over time as shares: pure computations over its matrix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from attendance_app.domain.sessions import CAME, Status
from attendance_app.services.course_matrix import CourseMatrix, MatrixRow

COUNTED = CAME | {Status.ABSENT}
"""Excused students and students without a mark are left out of the share."""


@dataclass(frozen=True, slots=True)
class StudentShare:
    """A student's row with its share and whether it is below the limit; ``share`` None: nothing to count."""

    row: MatrixRow
    share: float | None
    below: bool


def share_of(statuses: Iterable[Status | None]) -> float | None:
    """Return came / (came + absent), None when there is nothing to count."""
    counted = [status for status in statuses if status in COUNTED]
    return sum(status in CAME for status in counted) / len(counted) if counted else None


def student_shares(matrix: CourseMatrix, limit: float) -> tuple[StudentShare, ...]:
    """Compare every student's share with ``limit`` (0 to 1); exactly at the limit is not below it."""
    return tuple(
        StudentShare(row, row.attended, below=row.attended is not None and row.attended < limit) for row in matrix.rows
    )


def session_shares(matrix: CourseMatrix) -> tuple[float | None, ...]:
    """Return for every session the share of its counted students who came."""
    return tuple(share_of(row.statuses[index] for row in matrix.rows) for index in range(len(matrix.sessions)))


def running_shares(row: MatrixRow) -> tuple[float | None, ...]:
    """Return after each session the student's share up to and with it."""
    return tuple(share_of(row.statuses[: index + 1]) for index in range(len(row.statuses)))


def since(matrix: CourseMatrix, moment: datetime) -> CourseMatrix:
    """Return the part of the matrix whose sessions started at ``moment`` or later."""
    kept = [index for index, session in enumerate(matrix.sessions) if session.started_at >= moment]
    rows = (MatrixRow(row.student, tuple(row.statuses[index] for index in kept)) for row in matrix.rows)
    return CourseMatrix(matrix.course, tuple(matrix.sessions[index] for index in kept), tuple(rows))


def only(matrix: CourseMatrix, student_ids: frozenset[int]) -> CourseMatrix:
    """Return the matrix of these students only."""
    rows = tuple(row for row in matrix.rows if row.student.id in student_ids)
    return CourseMatrix(matrix.course, matrix.sessions, rows)
