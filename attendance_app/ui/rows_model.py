"""One Qt model for all tables and lists whose rows are values of one type; the columns are descriptions."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROW_ROLE = Qt.ItemDataRole.UserRole
"""Data of this role is the whole row."""
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
FIRST_OWN_ROLE = Qt.ItemDataRole.UserRole + 2
"""The least role that a column may use in ``Column.roles``."""

T = TypeVar("T")


def _no_words() -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[T]):
    """What one column shows of a row. Headers are functions because the language changes while the window is open."""

    header: Callable[[], str] = _no_words
    header_tooltip: Callable[[], str] | None = None
    text: Callable[[T], str] | None = None
    tooltip: Callable[[T], str] | None = None
    """None: the text, because a narrow column cuts it."""
    spoken: Callable[[T], str] | None = None
    """What a screen reader says; None: the text."""
    colour: Callable[[T], QColor | None] | None = None
    alignment: Qt.AlignmentFlag | None = None
    """Of header and cells; None: the view's own."""
    sort_key: Callable[[T], Any] | None = None
    edited_text: Callable[[T], str | None] | None = None
    """What an editor begins with; None, or a function that returns None: the cell can't be edited."""
    roles: Mapping[int, Callable[[T], Any]] = field(default_factory=dict)
    """Data for a delegate, by roles from ``FIRST_OWN_ROLE``."""

    def functions(self) -> dict[int, Callable[[T], Any]]:
        """Return what answers for a cell, by role."""
        role, alignment = Qt.ItemDataRole, self.alignment
        named: dict[int, Callable[[T], Any] | None] = {
            role.DisplayRole: self.text,
            role.ToolTipRole: self.tooltip or self.text,
            role.AccessibleTextRole: self.spoken,
            role.ForegroundRole: self.colour,
            role.TextAlignmentRole: None if alignment is None else lambda _row: alignment,
            role.EditRole: self.edited_text,
            SORT_ROLE: self.sort_key,
            ROW_ROLE: lambda row: row,
        }
        return {number: function for number, function in named.items() if function is not None} | dict(self.roles)


class RowsModel(QAbstractTableModel, Generic[T]):
    """Shows the rows it is given. ``key`` returns what identifies a row while its content changes.

    ``row_header`` describes the vertical header. A list view shows the first column.
    """

    edited = Signal(object, int, str)
    """With a row, the column and the new text; the model itself changes nothing."""

    def __init__(
        self, columns: Iterable[Column[T]], *, key: Callable[[T], Hashable], row_header: Column[T] | None = None
    ) -> None:
        super().__init__()
        self._key = key
        self._row_header = row_header.functions() if row_header else None
        self._rows: list[T] = []
        self._places: dict[Hashable, int] = {}
        self._set_columns(columns)

    @property
    def rows(self) -> Sequence[T]:
        return self._rows

    def row_of(self, key: Hashable) -> int:
        """Return the row with a key, -1 if it is not shown."""
        return self._places.get(key, -1)

    def get(self, key: Hashable) -> T | None:
        """Return the value with a key, None if it is not shown."""
        place = self.row_of(key)
        return None if place < 0 else self._rows[place]

    def show_rows(self, rows: Iterable[T]) -> None:
        """Show these. If they have the keys of those shown now, selection and scroll position stay."""
        # ``rows`` may be an iterator, and is read twice.
        rows = list(rows)
        if [self._key(row) for row in rows] != [self._key(row) for row in self._rows]:
            self.reset(rows)
            return
        self._rows = rows
        self._refresh(0, len(rows) - 1)

    def reset(self, rows: Iterable[T], columns: Iterable[Column[T]] | None = None) -> None:
        """Show these, and these columns if given; the views forget their selection."""
        self.beginResetModel()
        if columns is not None:
            self._set_columns(columns)
        self._rows = list(rows)
        self._number_rows()
        self.endResetModel()

    def put(self, row: T) -> None:
        """Show a row in place of the one with its key, or last if there is none."""
        place = self.row_of(self._key(row))
        if place >= 0:
            self._rows[place] = row
            self._refresh(place, place)
            return
        place = len(self._rows)
        self.beginInsertRows(NOWHERE, place, place)
        self._rows.append(row)
        self._number_rows()
        self.endInsertRows()

    def remove(self, key: Hashable) -> None:
        """Remove the row with a key, if it is shown."""
        place = self.row_of(key)
        if place >= 0:
            self.beginRemoveRows(NOWHERE, place, place)
            del self._rows[place]
            self._number_rows()
            self.endRemoveRows()

    def refresh(self) -> None:
        """Have the views ask again for every cell and header: the language or the way of showing has changed."""
        self._refresh(0, len(self._rows) - 1)
        if self._columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def _refresh(self, first: int, last: int) -> None:
        # Qt takes an invalid index in dataChanged for an error, so that an empty table must emit nothing.
        if first > last or not self._columns:
            return
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
        if self._row_header is not None:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, first, last)

    def _set_columns(self, columns: Iterable[Column[T]]) -> None:
        self._columns = tuple(columns)
        self._functions = [column.functions() for column in self._columns]

    def _number_rows(self) -> None:
        self._places = {self._key(row): place for place, row in enumerate(self._rows)}

    # What Qt asks for.

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            function = self._row_header.get(role) if self._row_header else None
            return function(self._rows[section]) if function and section < len(self._rows) else None
        if section >= len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.header()
        if role == Qt.ItemDataRole.ToolTipRole and column.header_tooltip is not None:
            return column.header_tooltip()
        return column.alignment if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        function = self._functions[index.column()].get(role)
        return function(self._rows[index.row()]) if function else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = super().flags(index)
        return plain if self._edited_text(index) is None else plain | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        before = self._edited_text(index)
        # An editor that is left without a change must not write a mark anew.
        if role != Qt.ItemDataRole.EditRole or before is None or str(value).strip() == before:
            return False
        self.edited.emit(self._rows[index.row()], index.column(), str(value))
        return True

    def _edited_text(self, index: Index) -> str | None:
        function = self._columns[index.column()].edited_text if index.isValid() else None
        return function(self._rows[index.row()]) if function else None
