"""Students down, dates across; totals, share and sparkline in the last columns."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from attendance_app.domain.sessions import Status
from attendance_app.services.course_matrix import CourseMatrix
from attendance_app.services.reports import Standing, running_shares
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.status_look import key_letter, status_word
from attendance_app.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
STATUS_ROLE = Qt.ItemDataRole.UserRole
STANDING_ROLE = Qt.ItemDataRole.UserRole + 1
CURVE_ROLE = Qt.ItemDataRole.UserRole + 2
NOWHERE = QModelIndex()
TOTALS = len(Status) + 2
"""A column for each status, one for the share, one for the curve."""


class MatrixModel(QAbstractTableModel):
    """Shows the matrix and standings it is handed; both have the same rows."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix: CourseMatrix | None = None
        self._standings: tuple[Standing, ...] = ()

    @property
    def matrix(self) -> CourseMatrix | None:
        return self._matrix

    @property
    def session_columns(self) -> int:
        return len(self._matrix.sessions) if self._matrix else 0

    def show_matrix(self, matrix: CourseMatrix, standings: tuple[Standing, ...]) -> None:
        """Show another course, or the same with another limit."""
        same = (
            self._matrix is not None
            and self._matrix.sessions == matrix.sessions
            and [row.student for row in self._matrix.rows] == [row.student for row in matrix.rows]
        )
        if not same:
            self.beginResetModel()
        self._matrix, self._standings = matrix, standings
        if not same:
            self.endResetModel()
        elif standings:
            self.dataChanged.emit(self.index(0, 0), self.index(len(standings) - 1, self.columnCount() - 1))

    def standing(self, row: int) -> Standing:
        return self._standings[row]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._standings)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.session_columns + TOTALS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._matrix is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self._student_header(section, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if section < self.session_columns:
            started = self._matrix.sessions[section].started_at
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{dates.day(started, long=True)} {dates.time(started)}"
            return dates.day_over_month(started) if role == Qt.ItemDataRole.DisplayRole else None
        return self._total_header(section - self.session_columns, role)

    def _student_header(self, section: int, role: int) -> Any:
        student = self._standings[section].row.student
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{student.name}\n{student.number}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme().palette.text)
        return student.name if role == Qt.ItemDataRole.DisplayRole else None

    @staticmethod
    def _total_header(total: int, role: int) -> Any:
        statuses = list(Status)
        if total < len(statuses):
            words = {Qt.ItemDataRole.DisplayRole: key_letter, Qt.ItemDataRole.ToolTipRole: status_word}
            word = words.get(Qt.ItemDataRole(role))
            return word(statuses[total]) if word else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("Present or late, of the sessions that count (excused ones do not)")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr("Attended") if total == len(statuses) else tr("Over time")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        standing = self._standings[index.row()]
        if role == STANDING_ROLE:
            return standing
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if index.column() < self.session_columns:
            return self._session_data(standing, index.column(), role)
        return self._total_data(standing, index.column() - self.session_columns, role)

    def _session_data(self, standing: Standing, column: int, role: int) -> Any:
        assert self._matrix is not None
        status = standing.row.statuses[column]
        if role == STATUS_ROLE:
            return status
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            started = self._matrix.sessions[column].started_at
            word = status_word(status) if status else tr("not marked")
            return f"{standing.row.student.name}, {dates.day(started)}: {word}"
        return None

    @staticmethod
    def _total_data(standing: Standing, total: int, role: int) -> Any:
        statuses = list(Status)
        if role == CURVE_ROLE and total == len(statuses) + 1:
            return running_shares(standing.row)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            if total < len(statuses):
                count = standing.row.count(statuses[total])
                return dates.number(count) if count else "·"
            if total == len(statuses):
                return "–" if standing.share is None else dates.percent(standing.share)
        if role == Qt.ItemDataRole.ForegroundRole and total < len(statuses):
            return QColor(theme().palette.text_quiet)
        return None
