"""The roster of a running session. Shows the lines it is handed; asks nobody for anything; rows keep their place."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from attendance_app.domain.names import short_names
from attendance_app.domain.sessions import Mark, Status
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.roll_call_data import RollLine, Seen
from attendance_app.ui.status_look import status_word

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class MarksModel(QAbstractListModel):
    """One row a student, in the roster's order. ``UserRole`` has the RollLine."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[RollLine] = []
        self._rows: dict[int, int] = {}
        self._short: dict[int, str] = {}
        self.discreet = False
        """Photos and doubts are hidden: the class can see the screen."""

    @property
    def lines(self) -> Sequence[RollLine]:
        return self._lines

    def show_lines(self, lines: Sequence[RollLine]) -> None:
        """Show another roster."""
        self.beginResetModel()
        self._lines = list(lines)
        self._number()
        self.endResetModel()

    def add_line(self, line: RollLine) -> None:
        """Somebody has come onto the roster: they stand last until it is read again."""
        row = len(self._lines)
        self.beginInsertRows(NOWHERE, row, row)
        self._lines.append(line)
        self._number()
        self.endInsertRows()

    def remove_line(self, student_id: int) -> None:
        """Somebody was taken off the roster."""
        row = self._rows.get(student_id)
        if row is not None:
            self.beginRemoveRows(NOWHERE, row, row)
            del self._lines[row]
            self._number()
            self.endRemoveRows()

    def line_of(self, student_id: int) -> RollLine | None:
        """Return a student's line, None for somebody who is not on the roster."""
        row = self._rows.get(student_id)
        return None if row is None else self._lines[row]

    def short_name_of(self, student_id: int) -> str:
        """Return the shortest name that tells a student from the others, "?" for somebody who is not on the roster."""
        return self._short.get(student_id, "?")

    def _number(self) -> None:
        ids = [line.student.id for line in self._lines]
        self._rows = {student_id: row for row, student_id in enumerate(ids)}
        self._short = dict(zip(ids, short_names([line.student.name for line in self._lines]), strict=True))

    def show_mark(self, student_id: int, mark: Mark | None) -> None:
        """Show what is recorded now."""
        self._change(student_id, lambda line: line.changed(mark=mark, doubt=None if mark else line.doubt))

    def show_seen(self, seen: Seen, *, decided: bool) -> None:
        """Keep a match's picture; one that is not decided is a doubt until the student has a mark."""

        def change(line: RollLine) -> RollLine:
            doubtful = not decided and line.mark is None
            return line.changed(seen=seen, doubt=seen if doubtful else line.doubt)

        self._change(seen.student_id, change)

    def settle(self, student_id: int) -> None:
        """There is no doubt any more."""
        self._change(student_id, lambda line: line.changed(doubt=None))

    def clear_marks(self) -> None:
        """Before a session: nobody is marked."""
        self.show_lines([line.changed(mark=None, doubt=None, seen=None) for line in self._lines])

    def count(self, status: Status | None) -> int:
        """Students with a status; None: without a mark."""
        return sum((line.mark.status if line.mark else None) is status for line in self._lines)

    def set_discreet(self, discreet: bool) -> None:
        self.discreet = discreet
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))

    def _change(self, student_id: int, change: Callable[[RollLine], RollLine]) -> None:
        row = self._rows.get(student_id)
        if row is not None:
            self._lines[row] = change(self._lines[row])
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.student.name
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{line.student.name}, {line.student.number}: {state_words(line, discreet=self.discreet)}"
        return None


def state_words(line: RollLine, *, discreet: bool = False) -> str:
    """Such as "Late 10:14", "To review" or "Not yet"."""
    if line.mark is not None:
        return f"{status_word(line.mark.status)} {time_words(line)}".strip()
    if line.doubt is not None and not discreet:
        return tr("To review")
    return tr("Not yet")


def time_words(line: RollLine) -> str:
    """When the student was first seen, or marked by hand as having come."""
    mark = line.mark
    if mark is None:
        return ""
    if mark.first_seen_at is not None:
        return dates.time(mark.first_seen_at)
    return dates.time(mark.marked_at) if mark.status in {Status.PRESENT, Status.LATE} else ""
