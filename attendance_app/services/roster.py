"""Imports a class list: read, propose, preview, apply. A second import of the same list changes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course, RosterEntry, Student, tidy, with_list_entry
from attendance_app.domain.roster_order import LIST_NUMBERS
from attendance_app.services.columns import ColumnMapping, header_of
from attendance_app.services.roster_rows import SkipReason, read_rows
from attendance_app.services.tables import errors
from attendance_app.services.tables.table import Problem, Table
from attendance_app.store.errors import NoListNumber

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


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of the list; ``row`` counts from 1, in the file, ``before`` is the student as stored now."""

    row: int
    action: Action
    entry: RosterEntry
    before: Student | None = None
    reason: SkipReason | Problem | None = None


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """A preview. ``not_listed``: on the roster but not in the list; they stay."""

    course: Course
    lines: tuple[RosterLine, ...]
    not_listed: tuple[Student, ...]

    def count(self, action: Action) -> int:
        return sum(line.action is action for line in self.lines)


def plan_import(store: "Store", course: Course, table: Table, mapping: ColumnMapping) -> RosterPlan:
    """Return what importing the list would do, without doing it. Raises KnownError when no column has the number."""
    if mapping.number is None:
        raise errors.NoNumberColumn(columns=tuple(cell for cell in header_of(table, mapping) if cell))
    # Archived students too: the list brings them back.
    everybody = store.students.all(archived=None)
    on_roster = store.students.of_course(course.id, archived=None)
    # Those of the course with their list numbers.
    known = {student.number: student for student in (*everybody, *on_roster)}
    enrolled = {student.number for student in on_roster}
    by_email = _by_email(everybody) if mapping.number == mapping.email else {}
    seen: set[str] = set()
    lines: list[RosterLine] = []
    for row in read_rows(table, mapping):
        entry = replace(row.entry, number=by_email.get(row.entry.email.casefold(), row.entry.number))
        reason = row.reason or (SkipReason.DUPLICATE if entry.number in seen else None)
        if reason is not None:
            lines.append(RosterLine(row.line, Action.SKIP, entry, reason=reason))
            continue
        before = known.get(entry.number)
        lines.append(RosterLine(row.line, _action(entry, before, enrolled), entry, before))
        seen.add(entry.number)
    # With the lines that are left out: a student whose line could not be read is on the list all the same.
    listed = {line.entry.number for line in lines}
    not_listed = tuple(s for s in on_roster if not s.archived and s.number not in listed)
    return RosterPlan(course, tuple(lines), not_listed)


def apply_plan(tx: "Transaction", plan: RosterPlan) -> int:
    """Apply the preview and return how many students it changed."""
    wanted = {Action.ADD, Action.ENROL, Action.CHANGE}
    entries = [line.entry for line in plan.lines if line.action in wanted]
    if entries:
        tx.students.put_roster(plan.course.id, entries)
    return len(entries)


def put_on_roster(tx: "Transaction", course: Course | None, entry: RosterEntry) -> Student:
    """Enter one student, who may be known from another course. Raises KnownError for an empty number."""
    known = tx.students.find(entry.number) if tidy(entry.number) else None
    student = known or tx.students.add(
        entry.number, entry.name, entry.email, family=entry.family_name, given=entry.given_name
    )
    if course is not None:
        tx.enrolments.add(course.id, student.id)
        if entry.list_number is not None:
            tx.enrolments.renumber(course.id, student.id, entry.list_number)
    return student


def change_on_roster(tx: "Transaction", student: Student, course: Course | None, entry: RosterEntry) -> Student:
    """Change a student to what ``entry`` says, and the number in a course's list. Raises KnownError, NotFoundError."""
    changed = tx.students.update(
        student.id,
        number=entry.number,
        name=entry.name,
        family=entry.family_name,
        given=entry.given_name,
        email=entry.email,
    )
    if course is not None:
        tx.enrolments.renumber(course.id, student.id, entry.list_number)
    return changed


def list_number_of(text: str) -> int | None:
    """Return a list number that somebody has typed, None for an empty text. Raises NoListNumber."""
    typed = tidy(text)
    if not typed:
        return None
    # ``isdecimal`` and the length first: ``int`` takes signs, spaces, and digits without end.
    if not (typed.isdecimal() and len(typed) < 10 and int(typed) in LIST_NUMBERS):
        raise NoListNumber(text=typed, most=LIST_NUMBERS.stop - 1)
    return int(typed)


def _action(entry: RosterEntry, before: Student | None, enrolled: set[str]) -> Action:
    if before is None:
        return Action.ADD
    if before.archived or entry.number not in enrolled:
        return Action.ENROL
    moved = entry.list_number not in {None, before.list_number}
    changed = with_list_entry(before, entry) != before
    return Action.CHANGE if changed or moved else Action.UNCHANGED


def _by_email(students: Iterable[Student]) -> dict[str, str]:
    """Return the number of everybody whose e-mail nobody else has."""
    found = [(student.email.casefold(), student.number) for student in students if student.email]
    count = Counter(email for email, _ in found)
    return {email: number for email, number in found if count[email] == 1}
