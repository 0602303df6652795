"""A few figures in columns, with one row optionally highlighted."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from attendance_app.ui.controls import label


class FigureTable(QWidget):
    """Columns share the width by ``shares``; every cell wraps. Hidden while there is nothing to show."""

    def __init__(self, shares: Sequence[int]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setContentsMargins(0, 8, 0, 8)
        for column, share in enumerate(shares):
            self._grid.setColumnStretch(column, share)
        self.hide()

    def clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                # ``deleteLater`` waits for the event loop; until then the old cell would lie over the new one.
                old.hide()
                old.deleteLater()
        self.hide()

    def fill(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, stressed: int | None = None) -> None:
        """Show ``rows`` under ``heads``; ``stressed`` is the highlighted row."""
        self.clear()
        for column, text in enumerate(heads):
            self._put(0, column, text, "small")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self._put(number + 1, column, text, "strong" if number == stressed else "")
        self.show()

    def _put(self, row: int, column: int, text: str, role: str) -> None:
        cell = label(role, wrap=True)
        cell.setText(text)
        self._grid.addWidget(cell, row, column)
