"""The students of a course as a table; shows what it is handed."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.people import sort_key
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import paint_portrait
from attendance_app.ui.students.roster_data import RosterItem
from attendance_app.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
NAME, NUMBER, PHOTOS, CONSENT = range(4)
ITEM_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
NOWHERE = QModelIndex()


class RosterModel(QAbstractTableModel):
    """Columns: name, number, photos, consent."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[RosterItem, ...] = ()

    def show_items(self, items: tuple[RosterItem, ...]) -> None:
        """Replace what is shown."""
        self.beginResetModel()
        self._items = items
        self.endResetModel()

    def item(self, row: int) -> RosterItem:
        return self._items[row]

    def row_of(self, student_id: int) -> int:
        """Return the row of a student, -1 if it is not shown."""
        return next((row for row, item in enumerate(self._items) if item.student.id == student_id), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("Name"), tr("Number", "of a student"), tr("Photos"), tr("Consent"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == SORT_ROLE:
            return self._sort_value(item, index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(item, index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            missing = (index.column() == CONSENT and item.consent is None) or item.student.archived
            return QColor(theme().palette.text_quiet) if missing else None
        return None

    @staticmethod
    def _text(item: RosterItem, column: int) -> str:
        if column == NAME:
            archived = tr("archived", "student")
            return f"{item.student.name} ({archived})" if item.student.archived else item.student.name
        if column == NUMBER:
            return item.student.number
        if column == PHOTOS:
            return str(item.photos) if item.photos else "–"
        return tr("on record") if item.consent else tr("none yet", "consent")

    @staticmethod
    def _sort_value(item: RosterItem, column: int) -> Any:
        return {
            NAME: sort_key(item.student.name),
            NUMBER: item.student.number.zfill(20),
            PHOTOS: item.photos,
            CONSENT: item.consent is not None,
        }[column]


class RosterFilter(QSortFilterProxyModel):
    """Finds part of a name, number or e-mail, whatever its case and accents."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""
        self.setSortRole(SORT_ROLE)

    def search(self, text: str) -> None:
        """Show only the students with ``text`` in them."""
        self.beginFilterChange()
        self._wanted = sort_key(text.strip())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RosterModel)
        student = model.item(row).student
        return self._wanted in sort_key(f"{student.name} {student.number} {student.email}")


class NameDelegate(QStyledItemDelegate):
    """A portrait before the name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: RosterItem = index.data(ITEM_ROLE)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        text = style_option.text
        style_option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, widget)
        side = theme().px(32)
        rect = QRectF(option.rect)
        face = QRectF(rect.left() + 8, rect.center().y() - side / 2, side, side)
        paint_portrait(painter, face, item.portrait, item.student.name, radius=side / 6)
        painter.save()
        painter.setPen(QColor(theme().palette.text_quiet if item.student.archived else theme().palette.text))
        words = rect.adjusted(side + 18, 0, -8, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(200), theme().px(48))
