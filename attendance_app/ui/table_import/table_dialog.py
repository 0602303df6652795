"""What dialogs that import a table have in common: reading, the source, a preview in lines, reading again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableView, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.tables.reading import read_table
from attendance_app.services.tables.table import Table
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import label
from attendance_app.ui.dialogs import ActingDialog
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.table_import.source_box import SourceBox

Planner = Callable[[Table], Any]
"""Makes the preview of a table, on a job's thread. Raises KnownError."""


class PreviewLines(QTableView):
    """Lines of a preview; the last column takes the room that is left."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        super().__init__()
        self.rows: RowsModel[Any] = RowsModel(columns, key=id)
        self.setModel(self.rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        self.setAccessibleName(tr("What the file would change"))

    def show_lines(self, lines: Sequence[Any]) -> None:
        """Replace what is shown."""
        self.rows.reset(lines)
        self.resizeColumnsToContents()


class TableImportDialog(ActingDialog):
    """Opens itself (``begin``) once the file has been read; a file that is no table is an error in the page.

    A subclass adds its options to ``options`` and connects them to ``plan_again``.
    """

    partial = True

    def __init__(self, context: AppContext, path: Path, lines: PreviewLines, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Import {file}").format(file=path.name), parent)
        self._path = path
        self._table: Table | None = None
        self.plan: Any = None
        """The newest preview; None: the table can't be read so."""
        room = self.screen().availableSize()
        self.resize(min(context.theme.px(860), room.width()), min(context.theme.px(600), room.height()))
        self.source = SourceBox()
        self.source.activated.connect(self._read_again)
        self.options = QHBoxLayout()
        self.options.setSpacing(context.theme.px(8))
        self.summary = label("strong", wrap=True)
        self.lines = lines
        self.column.insertWidget(2, self.source)
        self.column.insertLayout(3, self.options)
        self.column.insertWidget(4, self.summary)
        self.column.insertWidget(5, self.lines, 1)
        self.column.setStretch(self.column.count() - 2, 0)  # what room there is belongs to the lines
        self.set_primary(tr("Import", "button"))

    def planner(self) -> Planner:
        """Return what makes the preview; it must have read the options already, because it runs on another thread."""
        raise NotImplementedError

    def show_plan(self, plan: Any) -> bool:
        """Show a preview; return whether there is anything to save."""
        raise NotImplementedError

    def begin(self) -> None:
        """Read the file as a job, then open."""
        path, make = self._path, self.planner()
        self.context.run(lambda _job: _planned(read_table(path), make), done=self._on_read, failed=self._refuse)

    def plan_again(self) -> None:
        """Make the preview anew, because an option was changed."""
        table, make = self._table, self.planner()
        if table is not None:
            self.context.run(lambda _job: _planned(table, make), done=self._show)

    def _refuse(self, error: KnownError) -> None:
        self.context.show_error(error)
        # It has never been open, so that closing can't delete it.
        self.deleteLater()

    def _on_read(self, read: tuple[Table, Any]) -> None:
        self.source.offer(read[0])
        self._show(read)
        self.open()

    def _read_again(self) -> None:
        path, make, sheet, encoding = self._path, self.planner(), self.source.sheet, self.source.encoding
        self.context.run(
            lambda _job: _planned(read_table(path, sheet=sheet, encoding=encoding), make),
            done=self._show,
            failed=self._show_error,
        )

    def _show(self, read: tuple[Table, Any]) -> None:
        self._table, plan = read
        if isinstance(plan, KnownError):
            self._show_error(plan)
            return
        self.message_bar.clear()
        self.plan = plan
        filled = self.show_plan(plan)
        if self._table.unclear:
            # Several encodings give readable text; a name with wrong letters must not be imported by chance.
            self.summary.setText(tr("Choose the encoding in which the names are right."))
        self.primary.setEnabled(filled and not self._table.unclear)

    def _show_error(self, error: KnownError) -> None:
        """Disable the import: another sheet or encoding may be read."""
        self.plan = None
        self.message_bar.show_error(error)
        self.summary.setText("")
        self.lines.show_lines(())
        self.primary.setEnabled(False)


def _planned(table: Table, make: Planner) -> tuple[Table, Any]:
    """Return the table with its preview, or with why it has none: another sheet may have what is missing."""
    try:
        return table, make(table)
    except KnownError as error:
        return table, error
