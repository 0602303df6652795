"""The lines of a list and what importing it would change, as a table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from attendance_app.services.roster import Action, RosterLine
from attendance_app.ui.i18n import tr
from attendance_app.ui.students.import_words import action_word, remedy_of

LINE, ACTION, NUMBER, NAME, GIVEN, EMAIL, BEFORE = range(7)
"""Columns of the lines."""

SHOWN_LINES = 500


class ImportLines(QTableWidget):
    """What is left out comes first, then the lines of the file in their order.

    Where the list tells family and given name apart, the column of names has the family names.
    """

    def __init__(self, email_width: int) -> None:
        super().__init__(0, 7)
        self.setHorizontalHeaderLabels(
            [
                *(tr("Line", "of a file"), tr("What"), tr("Number", "of a student"), tr("Name")),
                *(tr("First name", "column of a list"), tr("E-mail"), tr("Before")),
            ]
        )
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in (NAME, BEFORE):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left)
        self.setColumnWidth(EMAIL, email_width)
        self.setAccessibleName(tr("What the list would change"))

    def show_lines(self, lines: Sequence[RosterLine]) -> None:
        """Replace what is shown; columns that nothing fills are hidden."""
        shown = sorted(lines, key=lambda line: line.action is not Action.SKIP)[:SHOWN_LINES]
        self.setRowCount(len(shown))
        apart = any(line.entry.family_name for line in shown)
        cells = [_cells(line, apart=apart) for line in shown]
        self.setHorizontalHeaderItem(
            NAME, QTableWidgetItem(tr("Last name", "column of a list") if apart else tr("Name"))
        )
        for row, (line, texts) in enumerate(zip(shown, cells, strict=True)):
            for column, text in enumerate(texts):
                self.setItem(row, column, self._item(text, line))
        for column in (GIVEN, EMAIL, BEFORE):
            self.setColumnHidden(column, not any(texts[column] for texts in cells))
        for column in (LINE, ACTION, NUMBER, GIVEN):
            self.resizeColumnToContents(column)

    def _item(self, text: str, line: RosterLine) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setToolTip("\n".join(filter(None, [text, remedy_of(line)])))
        if line.action in {Action.UNCHANGED, Action.SKIP}:
            item.setForeground(QColor(self.palette().placeholderText().color()))
        return item


def _cells(line: RosterLine, *, apart: bool) -> tuple[str, ...]:
    entry, before = line.entry, ""
    if line.before is not None and line.action is Action.CHANGE:
        before = " · ".join(filter(None, [line.before.name, line.before.email]))
    name, given = (entry.family_name, entry.given_name) if apart and entry.family_name else (entry.name, "")
    return (str(line.row), action_word(line), entry.number, name, given, entry.email, before)
