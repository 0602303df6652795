"""What was changed in a register's file comes back as corrections: read, preview, apply.

Only what differs from the state that was exported counts as changed. Where the mark was changed since the export too,
the line is a conflict and stays as the register has it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Final

from attendance_app.domain.errors import KnownError, NotFoundError
from attendance_app.domain.people import Student, sort_key, tidy
from attendance_app.domain.sessions import CAME, Mark, MarkChange, Status
from attendance_app.services.errors import RegisterElsewhere
from attendance_app.services.registers import Register, session_register
from attendance_app.services.session.arrival import read_arrival
from attendance_app.services.sheets.corrected_register import CorrectedLine, CorrectedRegister
from attendance_app.services.sheets.sheet import SheetWords
from attendance_app.services.status_words import WORDS, status_key
from attendance_app.services.tables.table import Problem

if TYPE_CHECKING:
    from attendance_app.store.database import Store
    from attendance_app.store.unit import Transaction

LONGEST_REMARK: Final = 2_000
_SECONDS: Final = re.compile(r"(\d{1,2}[:.]\d{2}):\d{2}(?=\D|$)")
"""Spreadsheets add the seconds to a time of day."""


class CorrectionReason(Enum):
    """Why a line is left out."""

    NOT_IN_REGISTER = "not in this register"
    TWICE = "twice in the file"
    NAME_DIFFERS = "the name is another student's"
    UNKNOWN_WORD = "no status that is known"
    STATUS_EMPTY = "the status was emptied"
    REMARK_ALONE = "a remark without a status"
    REMARK_TOO_LONG = "the remark is too long"
    ARRIVAL = "no time of day of this session"
    TIME_OF_MARK = "the time of the mark can't be read"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line says: None where it leaves something as it is."""

    status: Status
    remark: str | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A line that differs; ``before``: the mark in the register, None: there is none."""

    row: int
    student: Student
    before: Mark | None
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A line that says nothing that could be done; ``row`` counts from 1 in the file."""

    row: int
    who: str
    text: str
    reason: CorrectionReason | Problem


@dataclass(frozen=True, slots=True)
class CorrectionsPlan:
    """A preview. ``conflicts`` were changed both in the file and in the register, and are not written."""

    register: Register
    changes: tuple[Correction, ...]
    conflicts: tuple[Correction, ...]
    left_out: tuple[LeftOutLine, ...]
    unchanged: int


def plan_corrections(store: "Store", corrected: CorrectedRegister, zone: tzinfo | None = None) -> CorrectionsPlan:
    """Return what a changed register would bring, without doing it; times of day are of ``zone``, None: this machine's.

    Raises RegisterElsewhere where its session is not here, or nobody of the file is in it.
    """
    session_id, revision = corrected.session_id, corrected.revision
    try:
        register = session_register(store, session_id)
    except NotFoundError as error:
        raise RegisterElsewhere(session=session_id) from error
    with store.read() as then:
        history = then.marks.history(session_id) if revision is None else ()
        before = {} if revision is None else then.marks.as_of(session_id, revision)
        changed = frozenset() if revision is None else then.marks.changed_since(session_id, revision)
    state = _Exported(before, changed, history, by_time=revision is None, zone=zone)
    reader = _Reader(register, corrected.words, state, zone)
    numbers = Counter(line.number for line in corrected.lines)
    changes: list[Correction] = []
    conflicts: list[Correction] = []
    left_out: list[LeftOutLine] = []
    unchanged = 0
    for line in corrected.lines:
        try:
            found = reader.read(line, twice=numbers[line.number] > 1)
        except _LeftOut as why:
            left_out.append(LeftOutLine(line.row, f"{line.number} {line.name}".strip(), why.text, why.reason))
            continue
        if found is None:
            unchanged += 1
        else:
            (conflicts if state.changed_since(found.student.id, found.before, line) else changes).append(found)
    if (
        corrected.lines
        and all(one.reason is CorrectionReason.NOT_IN_REGISTER for one in left_out)
        and not (changes or conflicts or unchanged)
    ):
        raise RegisterElsewhere(session=corrected.session_id)
    return CorrectionsPlan(register, tuple(changes), tuple(conflicts), tuple(left_out), unchanged)


def apply_corrections(tx: "Transaction", plan: CorrectionsPlan, *, at: datetime) -> int:
    """Write the preview's changes as the teacher's and return how many; what was changed since the preview stays."""
    session_id, written = plan.register.session.id, 0
    for change in plan.changes:
        if _told(tx.marks.get(session_id, change.student.id)) == _told(change.before):
            wanted = change.wanted
            tx.marks.set(session_id, change.student.id, wanted.status, at, wanted.remark, arrived_at=wanted.arrived_at)
            written += 1
    return written


def _told(mark: Mark | None) -> object:
    return mark and (mark.status, mark.remark, mark.marked_at, mark.arrived_at)


class _LeftOut(Exception):  # noqa: N818 - says why a line is left out, and never leaves this module
    def __init__(self, reason: CorrectionReason | Problem, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


@dataclass(frozen=True, slots=True)
class _Exported:
    """The state that the file was made of, and what has changed since."""

    before: dict[int, MarkChange]
    changed: frozenset[int]
    history: tuple[MarkChange, ...]
    by_time: bool
    zone: tzinfo | None

    def changed_since(self, student_id: int, mark: Mark | None, line: CorrectedLine) -> bool:
        """Whether a mark is another one than when the file was made. Raises _LeftOut."""
        if not self.by_time:
            return student_id in self.changed
        then = self._time_of_mark(line)
        if then is None or mark is None:
            return mark is not None or then is not None
        # Where the file has minutes only, two changes of one minute can't be told apart.
        return not then.same(mark.marked_at) or (then.minutes_only and len(self._of_then(student_id, then)) > 1)

    def state(self, student_id: int, mark: Mark | None, line: CorrectedLine) -> tuple[Status | None, str] | None:
        """Return status and remark as they were exported; None: not known. Raises _LeftOut."""
        if not self.changed_since(student_id, mark, line):
            return (mark.status, mark.remark) if mark else (None, "")
        if not self.by_time:
            known = self.before.get(student_id)
            return (known.new, known.remark) if known and known.new else (None, "")
        then = self._time_of_mark(line)
        if then is None:
            return None, ""
        of_then = self._of_then(student_id, then)
        return (of_then[0].new, of_then[0].remark) if len(of_then) == 1 else None

    def _of_then(self, student_id: int, then: "_Then") -> list[MarkChange]:
        return [one for one in self.history if one.student_id == student_id and then.same(one.changed_at)]

    def _time_of_mark(self, line: CorrectedLine) -> "_Then | None":
        if not line.marked_at:
            return None
        try:
            moment = datetime.fromisoformat(line.marked_at)
            aware = moment.astimezone() if moment.tzinfo is None and self.zone is None else moment
            if aware.tzinfo is None:
                aware = aware.replace(tzinfo=self.zone)
            return _Then(aware.astimezone(UTC), minutes_only=line.marked_at.count(":") == 1)
        except (ValueError, OverflowError) as error:
            raise _LeftOut(CorrectionReason.TIME_OF_MARK, line.marked_at) from error


@dataclass(frozen=True, slots=True)
class _Then:
    """The time of a mark as a file for programs has it: whole seconds, in a workbook whole minutes."""

    moment: datetime
    minutes_only: bool

    def same(self, other: datetime) -> bool:
        whole = other.replace(microsecond=0)
        return self.moment == (whole.replace(second=0) if self.minutes_only else whole)


class _Reader:
    """Understands the lines of one file."""

    def __init__(self, register: Register, words: SheetWords | None, state: _Exported, zone: tzinfo | None) -> None:
        self._register = register
        self._state = state
        self._zone = zone
        self._lines = {line.student.number: line for line in register.lines}
        bare = Counter(number.lstrip("0") for number in self._lines)
        # A spreadsheet takes zeros before a number away.
        self._bare = {number.lstrip("0"): line for number, line in self._lines.items() if bare[number.lstrip("0")] == 1}
        own = {} if words is None else {**_by_key(words.letters.items()), **_by_key(words.statuses.items())}
        self._words = {**WORDS, **_by_key((status, status.value) for status in Status), **own}

    def read(self, line: CorrectedLine, *, twice: bool) -> Correction | None:
        """Return what a line changes, None: nothing. Raises _LeftOut."""
        if line.problem is not None:
            raise _LeftOut(line.problem, line.number)
        here = self._lines.get(line.number) or self._bare.get(line.number.lstrip("0"))
        if here is None:
            raise _LeftOut(CorrectionReason.NOT_IN_REGISTER, line.number)
        if twice:
            raise _LeftOut(CorrectionReason.TWICE, line.number)
        if line.name and not _same_name(line.name, here.student):
            raise _LeftOut(CorrectionReason.NAME_DIFFERS, line.name)
        mark = here.mark
        exported = self._state.state(here.student.id, mark, line)
        status = self._status(line, exported)
        if status is None:
            return None
        remark, arrived_at = self._remark(line), self._arrival(line, status, mark)
        same_remark = remark is None or remark == (mark.remark if mark else "")
        now = mark.status if mark else None
        if status is now and same_remark and arrived_at is None:
            return None
        changed_since = self._state.changed_since(here.student.id, mark, line)
        as_exported = exported is not None and (status, exported[1] if remark is None else remark) == exported
        if changed_since and as_exported and (arrived_at is None or status is not now):
            # What differs was changed in the register, not in the file.
            return None
        return Correction(line.row, here.student, mark, Wanted(status, None if same_remark else remark, arrived_at))

    def _status(self, line: CorrectedLine, exported: tuple[Status | None, str] | None) -> Status | None:
        """Return the status that a line says, None: the line has none, and had none."""
        if not line.status:
            if exported is not None and exported[0] is not None:
                raise _LeftOut(CorrectionReason.STATUS_EMPTY, line.number)
            if line.remark:
                raise _LeftOut(CorrectionReason.REMARK_ALONE, line.remark)
            return None
        status = self._words.get(status_key(line.status))
        if status is None:
            raise _LeftOut(CorrectionReason.UNKNOWN_WORD, line.status)
        return status

    def _remark(self, line: CorrectedLine) -> str | None:
        if line.remark is None:
            return None
        if len(line.remark) > LONGEST_REMARK:
            raise _LeftOut(CorrectionReason.REMARK_TOO_LONG, line.remark[:40])
        return tidy(line.remark)

    def _arrival(self, line: CorrectedLine, status: Status, mark: Mark | None) -> datetime | None:
        """Return another time of arrival, None: as it is."""
        if not line.arrived or status not in CAME:
            return None
        try:
            arrived_at = read_arrival(_SECONDS.sub(r"\1", line.arrived), self._register.session, self._zone)
        except KnownError as error:
            raise _LeftOut(CorrectionReason.ARRIVAL, line.arrived) from error
        known = mark.arrival if mark else None
        same = known is not None and arrived_at == known.replace(second=0, microsecond=0)
        return None if same else arrived_at


def _by_key(words: Iterable[tuple[Status, str]]) -> dict[str, Status]:
    return {status_key(word): status for status, word in words}


def _same_name(name: str, student: Student) -> bool:
    """Whether a name has the words of the student's, in any order."""
    known = {student.name, f"{student.family_name} {student.given_name}"}
    return sorted(sort_key(name).split()) in [sorted(sort_key(one).split()) for one in known]
