"""Import a class list: read, propose, preview, apply. Importing the same list twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course, RosterEntry, Student, tidy
from attendance_app.services.columns import ColumnMapping, header_of
from attendance_app.services.tables import Table

if TYPE_CHECKING:
    from attendance_app.store.database import Store
    from attendance_app.store.unit import Transaction


class Action(Enum):
    """What an import does with one line of the list."""

    ADD = "add"
    ENROL = "enrol"
    """The student is known and comes onto this roster (or back from the archive)."""
    CHANGE = "change"
    UNCHANGED = "unchanged"
    SKIP = "skip"


class SkipReason(Enum):
    """Why a line is left out."""

    NO_NUMBER = "no student number"
    DUPLICATE = "the same student number stands further up"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of the list; ``row`` counts from 1 as spreadsheets do, ``before`` is the student as stored now."""

    row: int
    action: Action
    entry: RosterEntry
    before: Student | None = None
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """A preview. ``not_listed``: on the roster but not in the list; they stay."""

    course: Course
    lines: tuple[RosterLine, ...]
    not_listed: tuple[Student, ...]

    def count(self, action: Action) -> int:
        return sum(line.action is action for line in self.lines)


def plan_import(store: "Store", course: Course, table: Table, mapping: ColumnMapping) -> RosterPlan:
    """Say what importing the list would do, and do nothing. Raises KnownError when no column has the number."""
    if mapping.number is None:
        raise KnownError(
            "No column of the list looks like the student number.",
            remedy="Say which one it is: --map number=COLUMN. The columns are: {columns}.",
            columns=", ".join(cell for cell in header_of(table, mapping) if cell),
        )
    known = {student.number: student for student in store.students.all(archived=None)}
    enrolled = {student.number for student in store.students.of_course(course.id, archived=None)}
    seen: set[str] = set()
    lines: list[RosterLine] = []
    for row, entry in _entries(table, mapping):
        if not entry.number:
            lines.append(RosterLine(row, Action.SKIP, entry, reason=SkipReason.NO_NUMBER))
        elif entry.number in seen:
            lines.append(RosterLine(row, Action.SKIP, entry, reason=SkipReason.DUPLICATE))
        else:
            before = known.get(entry.number)
            lines.append(RosterLine(row, _action(entry, before, enrolled), entry, before))
            seen.add(entry.number)
    not_listed = tuple(s for s in store.students.of_course(course.id) if s.number not in seen)
    return RosterPlan(course, tuple(lines), not_listed)


def apply_plan(tx: "Transaction", plan: RosterPlan) -> int:
    """Do what the preview said and return how many students it concerned."""
    wanted = {Action.ADD, Action.ENROL, Action.CHANGE}
    entries = [line.entry for line in plan.lines if line.action in wanted]
    tx.students.put_roster(plan.course.id, entries)
    return len(entries)


def put_on_roster(tx: "Transaction", course: Course | None, entry: RosterEntry) -> Student:
    """Enter one student, who may be known from another course. Raises KnownError for an empty number."""
    known = tx.students.find(entry.number) if tidy(entry.number) else None
    student = known or tx.students.add(entry.number, entry.name, entry.email)
    if course is not None:
        tx.enrolments.add(course.id, student.id)
    return student


def _action(entry: RosterEntry, before: Student | None, enrolled: set[str]) -> Action:
    if before is None:
        return Action.ADD
    if before.archived or entry.number not in enrolled:
        return Action.ENROL
    changed = entry.name not in {"", before.name} or entry.email not in {"", before.email}
    return Action.CHANGE if changed else Action.UNCHANGED


def _entries(table: Table, mapping: ColumnMapping) -> Iterable[tuple[int, RosterEntry]]:
    for index, row in enumerate(table.rows[mapping.header_row + 1 :], start=mapping.header_row + 2):
        if any(cell.strip() for cell in row):
            yield index, RosterEntry(_cell(row, mapping.number), _name(row, mapping), _cell(row, mapping.email))


def _name(row: tuple[str, ...], mapping: ColumnMapping) -> str:
    if mapping.name is not None:
        return _cell(row, mapping.name)
    parts = (mapping.first_name, mapping.last_name, mapping.second_last_name)
    return tidy(" ".join(_cell(row, part) for part in parts))


def _cell(row: tuple[str, ...], column: int | None) -> str:
    return "" if column is None else tidy(row[column])
