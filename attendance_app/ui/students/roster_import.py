"""Importing a class list: which sheet and column is what, and what would change, before anything is saved."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.services.columns import FIELDS, ColumnMapping, header_of, propose_mapping
from attendance_app.services.roster import Action, RosterPlan, apply_plan, plan_import
from attendance_app.services.tables.reading import read_table
from attendance_app.services.tables.table import Problem, Table
from attendance_app.store.database import Store
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox, label
from attendance_app.ui.dialogs import ActingDialog
from attendance_app.ui.dialogs import Action as Saving
from attendance_app.ui.i18n import tr
from attendance_app.ui.students.import_lines import ImportLines
from attendance_app.ui.students.import_words import field_word, remedy_of, summary_of
from attendance_app.ui.table_import.source_box import SourceBox


@dataclass(frozen=True, slots=True)
class Preview:
    """A list as it was read, and what importing it would do; ``plan`` None: no column has the number."""

    table: Table
    mapping: ColumnMapping
    plan: RosterPlan | None


def read_preview(
    store: Store, course: Course, path: Path, *, sheet: str | None = None, encoding: str | None = None
) -> Preview:
    """Read a list and propose. Raises KnownError for a file that is no list."""
    table = read_table(path, sheet=sheet, encoding=encoding)
    return _preview(store, course, table, propose_mapping(table))


def _preview(store: Store, course: Course, table: Table, mapping: ColumnMapping) -> Preview:
    plan = plan_import(store, course, table, mapping) if mapping.number is not None else None
    return Preview(table, mapping, plan)


BOXES_A_ROW: Final = 3
"""With more their captions would be cut on a screen of 640 pixels."""


class RosterImportDialog(ActingDialog):
    """Opens itself (``begin``) once the file has been read; a file that is no list is an error in the page."""

    partial = True

    def __init__(self, context: AppContext, course: Course, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Import {file}").format(file=path.name), parent)
        self._course, self._path = course, path
        self._read: Preview | None = None
        self._boxes: dict[str, QComboBox] = {}
        self._of_status: tuple[QWidget, ...] = ()
        room = self.screen().availableSize()
        self.resize(min(context.theme.px(960), room.width()), min(context.theme.px(640), room.height()))
        self._source = SourceBox()
        self._source.activated.connect(self._read_again)
        self.source_box = self._source.box
        self._summary = label("strong", wrap=True)
        self._advice = label("quiet", wrap=True)
        self._columns = QGridLayout()
        self._columns.setVerticalSpacing(context.theme.px(5))
        self._lines = ImportLines(context.theme.px(160))
        self.column.insertWidget(2, self._source)
        self.column.insertLayout(3, self._columns)
        self.column.insertWidget(4, self._summary)
        self.column.insertWidget(5, self._advice)
        self.column.insertWidget(6, self._lines, 1)
        self.column.setStretch(self.column.count() - 2, 0)  # what room there is belongs to the lines
        self.set_primary(tr("Import", "button"))

    def begin(self) -> None:
        """Read the file as a job, then open."""
        store, course, path = self.context.store, self._course, self._path
        self.context.run(lambda _job: read_preview(store, course, path), done=self._on_read, failed=self._refuse)

    def _refuse(self, error: KnownError) -> None:
        self.context.show_error(error)
        # It has never been open, so that closing can't delete it.
        self.deleteLater()

    def _on_read(self, preview: Preview) -> None:
        self._source.offer(preview.table)
        self._offer_columns(preview)
        self._show(preview)
        self.open()

    def _read_again(self) -> None:
        if self._read is None:
            return
        sheet, encoding = self._source.sheet, self._source.encoding
        store, course, path = self.context.store, self._course, self._path
        self.message_bar.clear()
        self.context.run(
            lambda _job: read_preview(store, course, path, sheet=sheet, encoding=encoding),
            done=self._on_read_again,
            failed=self._on_unreadable,
        )

    def _on_read_again(self, preview: Preview) -> None:
        self._offer_columns(preview)
        self._show(preview)

    def _on_unreadable(self, error: KnownError) -> None:
        """Disable the import: another sheet or encoding was chosen and can't be read."""
        self.message_bar.show_error(error)
        self._lines.show_lines(())
        self.primary.setEnabled(False)

    def _offer_columns(self, preview: Preview) -> None:
        for box in self._boxes.values():
            box.clear()
        if not self._boxes:
            self._make_boxes()
        for field, box in self._boxes.items():
            box.addItem(tr("not in the list", "column"), None)
            for index, name in enumerate(header_of(preview.table, preview.mapping)):
                box.addItem(name or tr("Column {number}").format(number=index + 1), index)
            chosen = getattr(preview.mapping, field)
            box.setCurrentIndex(0 if chosen is None else chosen + 1)
        # Few lists have one, and with a row more the dialog would be higher than a screen of 480 pixels.
        for part in self._of_status:
            part.setVisible(preview.mapping.status is not None)

    def _make_boxes(self) -> None:
        for position, field in enumerate(FIELDS):
            box = ChoiceBox()
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.setAccessibleName(field_word(field))
            box.activated.connect(self._map_again)
            caption = QLabel(field_word(field))
            caption.setBuddy(box)
            row, column = divmod(position, BOXES_A_ROW)
            self._columns.addWidget(caption, row * 2, column)
            self._columns.addWidget(box, row * 2 + 1, column)
            self._boxes[field] = box
            if field == "status":
                self._of_status = (caption, box)
        # These boxes are made after the dialog's buttons; Tab goes from top to bottom all the same.
        for before, after in pairwise((self.source_box, *self._boxes.values(), self._lines)):
            self.setTabOrder(before, after)

    def _map_again(self) -> None:
        if self._read is None:
            return
        chosen = {field: box.currentData() for field, box in self._boxes.items()}
        mapping = replace(self._read.mapping, **chosen)
        store, course, table = self.context.store, self._course, self._read.table
        self.context.run(
            lambda _job: _preview(store, course, table, mapping), done=self._show, failed=self.message_bar.show_error
        )

    def _show(self, preview: Preview) -> None:
        self._read = preview
        plan = preview.plan
        lines = () if plan is None else plan.lines
        # Several encodings give readable text; a name with wrong letters must not be imported by chance.
        if preview.table.unclear:
            self._summary.setText(tr("Choose the encoding in which the names are right."))
        else:
            self._summary.setText(
                tr("Say which column has the student's number.") if plan is None else summary_of(plan)
            )
        self._lines.show_lines(lines)
        # Each advice once, in the order of the lines.
        advice = dict.fromkeys(remedy_of(line) for line in lines if isinstance(line.reason, Problem))
        if plan is not None and not preview.mapping.name_columns:
            advice[tr("No column of the list is taken for the name. If it has one, choose it above.")] = None
        self._advice.setText("\n".join(advice))
        self._advice.setVisible(bool(advice))
        changes = 0 if plan is None else sum(plan.count(a) for a in (Action.ADD, Action.ENROL, Action.CHANGE))
        self.primary.setEnabled(changes > 0 and not preview.table.unclear)

    def action(self) -> Saving:
        assert self._read is not None
        plan = self._read.plan
        assert plan is not None
        return lambda tx: apply_plan(tx, plan)

    def message(self, result: int) -> str:
        return tr("%n student(s) imported", "", result)
