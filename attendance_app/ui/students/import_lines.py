"""The lines of a list and what importing it would change, as a table."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from attendance_app.services.roster import Action, RosterLine
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.students.import_words import action_word, remedy_of

LINE, ACTION, LIST_NUMBER, NUMBER, NAME, GIVEN, EMAIL, BEFORE = range(8)
"""Columns of the lines."""


class ImportLines(QTableView):
    """Lists the lines that are left out first, then the others in the order of the file."""

    def __init__(self, email_width: int) -> None:
        super().__init__()
        self._apart = False
        """Whether the list tells family and given name apart: the column of names then has the family names."""
        self._model = RowsModel(self._columns(), key=lambda line: line.row)
        self.setModel(self._model)
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
        self._apart = any(line.entry.family_name for line in lines)
        # Sorting keeps the file's order among equals; False comes first.
        self._model.reset(sorted(lines, key=lambda line: line.action is not Action.SKIP))
        filled = {
            LIST_NUMBER: any(line.entry.list_number for line in lines),
            GIVEN: any(self._given_name(line) for line in lines),
            EMAIL: any(line.entry.email for line in lines),
            BEFORE: any(_before(line) for line in lines),
        }
        for column, any_text in filled.items():
            self.setColumnHidden(column, not any_text)
        for column in (LINE, ACTION, LIST_NUMBER, NUMBER, GIVEN):
            self.resizeColumnToContents(column)

    def _columns(self) -> list[Column[RosterLine]]:
        def column(header: Callable[[], str], text: Callable[[RosterLine], str]) -> Column[RosterLine]:
            return Column(header=header, text=text, tooltip=_with_remedy(text), colour=self._colour)

        return [
            column(lambda: tr("Line", "of a file"), lambda line: str(line.row)),
            column(lambda: tr("What"), action_word),
            column(lambda: tr("No.", "number in a class list"), lambda line: str(line.entry.list_number or "")),
            column(lambda: tr("Number", "of a student"), lambda line: line.entry.number),
            column(self._name_header, self._name),
            column(lambda: tr("First name", "column of a list"), self._given_name),
            column(lambda: tr("E-mail"), lambda line: line.entry.email),
            column(lambda: tr("Before"), _before),
        ]

    def _name_header(self) -> str:
        return tr("Last name", "column of a list") if self._apart else tr("Name")

    def _name(self, line: RosterLine) -> str:
        return line.entry.family_name if self._apart and line.entry.family_name else line.entry.name

    def _given_name(self, line: RosterLine) -> str:
        return line.entry.given_name if self._apart and line.entry.family_name else ""

    def _colour(self, line: RosterLine) -> QColor | None:
        changes = line.action not in {Action.UNCHANGED, Action.SKIP}
        return None if changes else self.palette().placeholderText().color()


def _with_remedy(text: Callable[[RosterLine], str]) -> Callable[[RosterLine], str]:
    return lambda line: "\n".join(filter(None, [text(line), remedy_of(line)]))


def _before(line: RosterLine) -> str:
    if line.before is None or line.action is not Action.CHANGE:
        return ""
    number = "" if line.before.list_number is None else str(line.before.list_number)
    return " · ".join(filter(None, [number, line.before.name, line.before.email]))
