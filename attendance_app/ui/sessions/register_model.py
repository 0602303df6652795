"""One session's register as a table; remarks are edited in place, a status by one key."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.sessions import Mark
from attendance_app.services.registers import RegisterLine
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.status_look import KEYS, marked_by_word, paint_status, status_word
from attendance_app.ui.tables import RowTable
from attendance_app.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
NAME, STATUS, SEEN, MARKED_BY, REMARK = range(5)
NOWHERE = QModelIndex()


class RegisterModel(QAbstractTableModel):
    """Columns: name, status, first seen, who marked, remark. Asks by ``remark_edited``, changes by ``show_mark``."""

    remark_edited = Signal(object, str)
    """With the RegisterLine and the new remark."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[RegisterLine] = []

    def show_lines(self, lines: tuple[RegisterLine, ...]) -> None:
        """Show another register; the same students again keep their rows and selection."""
        if [line.student.id for line in lines] == [line.student.id for line in self._lines]:
            self._lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, REMARK))
            return
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def show_mark(self, student_id: int, mark: Mark | None) -> None:
        """Show what is stored now for one student; the row keeps its place."""
        for row, line in enumerate(self._lines):
            if line.student.id == student_id:
                self._lines[row] = RegisterLine(line.student, mark, line.cnn_student)
                self.dataChanged.emit(self.index(row, 0), self.index(row, REMARK))

    def line(self, row: int) -> RegisterLine:
        return self._lines[row]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("Name"), tr("Status"), tr("First seen"), tr("Marked by"), tr("Remark"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = super().flags(index)
        editable = index.column() == REMARK and self._lines[index.row()].mark is not None
        return plain | Qt.ItemFlag.ItemIsEditable if editable else plain

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.EditRole and index.column() == REMARK:
            return line.mark.remark if line.mark else ""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return _text(line, index.column())
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in {SEEN, MARKED_BY}:
            return QColor(theme().palette.text_quiet)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self._lines[index.row()]
        if role != Qt.ItemDataRole.EditRole or line.mark is None or str(value).strip() == line.mark.remark:
            return False
        self.remark_edited.emit(line, str(value))
        return True


def _text(line: RegisterLine, column: int) -> str:
    mark = line.mark
    if column == NAME:
        return line.student.name
    if column == STATUS:
        return status_word(mark.status) if mark else tr("not marked yet")
    if mark is None:
        return ""
    if column == SEEN:
        return dates.time(mark.first_seen_at) if mark.first_seen_at else "–"
    return marked_by_word(mark.marked_by) if column == MARKED_BY else mark.remark


class StatusDelegate(QStyledItemDelegate):
    """The sign before the word."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: RegisterLine = index.data(Qt.ItemDataRole.UserRole)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        style_option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, option.widget)
        side = theme().px(18)
        rect = QRectF(option.rect).adjusted(8, 0, -4, 0)
        if line.mark is not None:
            paint_status(painter, QRectF(rect.left(), rect.center().y() - side / 2, side, side), line.mark.status)
        painter.save()
        painter.setPen(QColor(theme().palette.text if line.mark else theme().palette.text_quiet))
        words = rect.adjusted(side + 8, 0, 0, 0)
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


class RegisterTable(RowTable):
    """A letter sets the status of the selected students, Enter edits the remark."""

    status_wanted = Signal(object)

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__(memory, "register")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)

    def chosen_lines(self) -> list[RegisterLine]:
        """The selected students' lines, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        model = self.model()
        return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        status = KEYS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if status is not None:
            self.status_wanted.emit(status)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.edit(self.currentIndex().siblingAtColumn(REMARK))
        else:
            super().keyPressEvent(event)
