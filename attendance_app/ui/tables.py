"""Tables that look and behave alike: whole rows, sortable, with remembered column widths."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.theme import theme

STRETCHED = 170
"""Least width of the stretched column at 100 %."""


class RowTable(QTableView):
    """Selects one whole row at a time; ``key`` identifies the table in the window's memory."""

    def __init__(self, memory: WindowMemory, key: str, row_height: int = 40) -> None:
        super().__init__()
        self._memory = memory
        self._name = key
        self._row_height = row_height
        self._stretch = 0
        self._spare: tuple[int, ...] = ()
        self._widths: dict[int, int] = {}
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the table instead of visiting each cell.
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._fit)
        self._fit()

    def begin(
        self,
        model: QAbstractItemModel,
        *,
        stretch: int = 0,
        widths: dict[int, int] | None = None,
        spare: tuple[int, ...] = (),
    ) -> None:
        """Show a model.

        ``stretch`` is the column that takes the remaining width, ``widths`` those of others at 100 %. In a narrow
        window the ``spare`` columns are hidden, in their order, before the stretched one gets too narrow.
        """
        self._stretch, self._spare, self._widths = stretch, spare, widths or {}
        self.setModel(model)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        for column, width in (widths or {}).items():
            self.setColumnWidth(column, theme().px(width))
        remembered = self._memory.blob(self._key)
        if not remembered.isEmpty():
            header.restoreState(remembered)
            # The remembered state may be of a version that stretched another column.
            header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        # Connected last: setting and restoring widths is not a choice of the user.
        header.sectionResized.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spare_columns()

    def _spare_columns(self) -> None:
        """Hide ``spare`` columns, in order, until the stretched column has its least width."""
        room = self.viewport().width() - theme().px(STRETCHED)
        for column in self._spare:
            needed = sum(theme().px(width) for other, width in self._widths.items() if not self._gone(other, column))
            self.setColumnHidden(column, needed > room)

    def _gone(self, column: int, before: int) -> bool:
        return column in self._spare[: self._spare.index(before)] and self.isColumnHidden(column)

    @property
    def _key(self) -> str:
        """Widths are remembered for each text size."""
        return f"columns/{self._name}/{theme().px(100)}"

    def _keep(self) -> None:
        self._memory.keep(self._key, self.horizontalHeader().saveState())

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().px(self._row_height))
        for column, width in self._widths.items():
            self.setColumnWidth(column, theme().px(width))
        self._spare_columns()
