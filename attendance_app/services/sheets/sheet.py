"""A table for people: title, facts, columns, rows, in one language. ``csv_file``, ``workbook`` and the window lay it
out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from attendance_app.domain.sessions import MarkedBy, Status

Cell = str | int | float | date | datetime | time | Status | None
"""A float is a share, from 0 to 1. Times are local and without a zone."""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What sheets say, in one language. ``letters`` stand in the narrow columns of a course over time."""

    statuses: Mapping[Status, str]
    letters: Mapping[Status, str]
    marked_by: Mapping[MarkedBy, str]
    list_number: str
    number: str
    name: str
    family_name: str
    given_name: str
    email: str
    status: str
    arrived: str
    minutes_late: str
    marked: str
    remark: str
    attended: str
    register: str
    attendance: str
    student: str
    course: str
    day: str
    begun: str
    topic: str
    void: str
    counts_nowhere: str
    ended: str
    sessions: str
    unknown_people: str
    version: str
    report: str
    limit: str
    below: str
    below_since: str
    absences_now: str
    longest_absence: str
    trend: str
    unusual_days: str
    of: str
    total: str
    teacher: str
    signature: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """``facts`` stand under the title, each with its caption.

    ``status_column``: the column of the statuses that are counted under the table, None: it has many such columns,
    whose cells show letters where there is little room. ``signed``: there is a line for the teacher's signature.
    ``version``: of a register, so that what is changed in the file can be told from what was changed since.
    ``totals``: statuses are counted under the table. ``curve``: shares over time, drawn above the table on paper,
    with a line at the ``limit``.
    """

    title: str
    facts: tuple[tuple[str, Cell], ...]
    header: tuple[str | datetime, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: SheetWords = field(repr=False)
    status_column: int | None = None
    signed: bool = False
    version: str = ""
    totals: bool = True
    curve: tuple[float | None, ...] = ()
    limit: float | None = None

    def count(self, status: Status) -> int:
        """How many cells of the table have the status."""
        return sum(cell is status for row in self.rows for cell in row)
