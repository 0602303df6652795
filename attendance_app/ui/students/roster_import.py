"""Importing a class list: which column is what, and what would change, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.services.columns import FIELDS, ColumnMapping, header_of, propose_mapping
from attendance_app.services.roster import Action, RosterLine, RosterPlan, SkipReason, apply_plan, plan_import
from attendance_app.services.tables import Table, read_table
from attendance_app.store.database import Store
from attendance_app.ui.controls import label
from attendance_app.ui.desk import Desk
from attendance_app.ui.dialogs import ActingDialog
from attendance_app.ui.dialogs import Action as Saving
from attendance_app.ui.i18n import tr

ACTION, NUMBER, NAME, EMAIL, BEFORE = range(5)
"""Columns of the lines."""

SHOWN_LINES = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """A list as it was read, and what importing it would do; ``plan`` None: no column has the number."""

    table: Table
    mapping: ColumnMapping
    plan: RosterPlan | None


def read_preview(store: Store, course: Course, path: Path) -> Preview:
    """Read a list and propose. Raises KnownError for a file that is no list."""
    table = read_table(path)
    return _preview(store, course, table, propose_mapping(table))


def _preview(store: Store, course: Course, table: Table, mapping: ColumnMapping) -> Preview:
    plan = plan_import(store, course, table, mapping) if mapping.number is not None else None
    return Preview(table, mapping, plan)


class RosterImportDialog(ActingDialog):
    """Opens itself (``begin``) once the file has been read; a file that is no list is an error in the page."""

    partial = True

    def __init__(self, desk: Desk, course: Course, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(desk, tr("Import {file}").format(file=path.name), parent)
        self._course, self._path = course, path
        self._read: Preview | None = None
        self._boxes: dict[str, QComboBox] = {}
        self.resize(desk.theme.px(860), desk.theme.px(600))
        self._summary = label("strong", wrap=True)
        self._columns = QGridLayout()
        self._lines = _line_table()
        self._lines.setColumnWidth(EMAIL, desk.theme.px(180))
        self.column.insertLayout(2, self._columns)
        self.column.insertWidget(3, self._summary)
        self.column.insertWidget(4, self._lines, 1)
        self.column.setStretch(self.column.count() - 2, 0)  # what room there is belongs to the lines
        self.set_primary(tr("Import", "button"))

    def begin(self) -> None:
        """Read the file as a job, then open."""
        store, course, path = self.desk.store, self._course, self._path
        self.desk.run(lambda _job: read_preview(store, course, path), done=self._on_read, failed=self._refuse)

    def _refuse(self, error: KnownError) -> None:
        self.desk.show_error(error)
        self.deleteLater()

    def _on_read(self, preview: Preview) -> None:
        self._offer_columns(preview)
        self._show(preview)
        self.open()

    def _offer_columns(self, preview: Preview) -> None:
        header = header_of(preview.table, preview.mapping)
        for position, field in enumerate(FIELDS):
            box = QComboBox()
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.addItem(tr("not in the list", "column"), None)
            for index, name in enumerate(header):
                box.addItem(name or tr("Column {number}").format(number=index + 1), index)
            chosen = getattr(preview.mapping, field)
            box.setCurrentIndex(0 if chosen is None else chosen + 1)
            box.setAccessibleName(field_word(field))
            box.activated.connect(self._map_again)
            caption = QLabel(field_word(field))
            caption.setBuddy(box)
            row, column = divmod(position, 3)
            self._columns.addWidget(caption, row * 2, column)
            self._columns.addWidget(box, row * 2 + 1, column)
            self._boxes[field] = box

    def _map_again(self) -> None:
        if self._read is None:
            return
        chosen = {field: box.currentData() for field, box in self._boxes.items()}
        mapping = replace(self._read.mapping, **chosen)
        store, course, table = self.desk.store, self._course, self._read.table
        self.desk.run(
            lambda _job: _preview(store, course, table, mapping), done=self._show, failed=self.message_bar.show_error
        )

    def _show(self, preview: Preview) -> None:
        self._read = preview
        plan = preview.plan
        if plan is None:
            self._summary.setText(tr("Say which column has the student's number."))
            self._lines.setRowCount(0)
        else:
            self._summary.setText(_summary_of(plan))
            _fill(self._lines, plan.lines)
        changes = 0 if plan is None else sum(plan.count(a) for a in (Action.ADD, Action.ENROL, Action.CHANGE))
        self.primary.setEnabled(changes > 0)

    def action(self) -> Saving:
        assert self._read is not None
        plan = self._read.plan
        assert plan is not None
        return lambda tx: apply_plan(tx, plan)

    def says(self, result: int) -> str:
        return tr("%n student(s) imported", "", result)


def _summary_of(plan: RosterPlan) -> str:
    words = {
        Action.ADD: tr("%n new", "students in a list", plan.count(Action.ADD)),
        Action.ENROL: tr("%n known, come onto this list", "", plan.count(Action.ENROL)),
        Action.CHANGE: tr("%n changed", "students in a list", plan.count(Action.CHANGE)),
        Action.UNCHANGED: tr("%n as they are", "", plan.count(Action.UNCHANGED)),
        Action.SKIP: tr("%n left out", "lines of a list", plan.count(Action.SKIP)),
    }
    parts = [text for action, text in words.items() if plan.count(action)]
    if plan.not_listed:
        parts.append(tr("%n not in the file, stay", "", len(plan.not_listed)))
    return " · ".join(parts)


def _line_table() -> QTableWidget:
    table = QTableWidget(0, 5)
    table.setHorizontalHeaderLabels([tr("What"), tr("Number", "of a student"), tr("Name"), tr("E-mail"), tr("Before")])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column in (NAME, BEFORE):
        table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setAccessibleName(tr("What the list would change"))
    return table


def _fill(table: QTableWidget, lines: Sequence[RosterLine]) -> None:
    table.setRowCount(min(len(lines), SHOWN_LINES))
    for row, line in enumerate(lines[:SHOWN_LINES]):
        before = "" if line.before is None else " · ".join(filter(None, [line.before.name, line.before.email]))
        before = before if line.action is Action.CHANGE else ""
        cells = (action_word(line), line.entry.number, line.entry.name, line.entry.email, before)
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if line.action in {Action.UNCHANGED, Action.SKIP}:
                item.setForeground(QColor(table.palette().placeholderText().color()))
            table.setItem(row, column, item)
    for column in (ACTION, NUMBER):
        table.resizeColumnToContents(column)


def action_word(line: RosterLine) -> str:
    """What the import does with a line."""
    if line.reason is SkipReason.NO_NUMBER:
        return tr("left out: no number")
    if line.reason is SkipReason.DUPLICATE:
        return tr("left out: twice in the list")
    return {
        Action.ADD: tr("new", "student in a list"),
        Action.ENROL: tr("known, comes onto this list"),
        Action.CHANGE: tr("changed", "student in a list"),
        Action.UNCHANGED: tr("as it is", "student in a list"),
        Action.SKIP: tr("left out", "student in a list"),
    }[line.action]


def field_word(field: str) -> str:
    """A field of a student in the user's words."""
    return {
        "number": tr("Number", "of a student"),
        "name": tr("Full name"),
        "first_name": tr("First name"),
        "last_name": tr("Last name"),
        "second_last_name": tr("Second last name"),
        "email": tr("E-mail"),
    }[field]
