"""Typing a paper sheet back: one key a student, in the order of the list, saved as one action."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from attendance_app.domain.roster_order import numbered_name
from attendance_app.domain.sessions import Status
from attendance_app.services.registers import Register, RegisterLine
from attendance_app.services.typed_sheet import apply_typed, typed_changes
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import label
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.status_look import KEYS, key_letter, status_colour, status_word


class _Sheet(QTableView):
    """``typed``: a status for the line that is chosen, None: it is taken back."""

    typed = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEYS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.typed.emit(KEYS[key])
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self.typed.emit(None)
        elif key == Qt.Key.Key_Space:
            self.move(1)
        else:
            super().keyPressEvent(event)

    def move(self, lines: int) -> None:  # type: ignore[override]
        """Choose the line so many lines further down, if there is one."""
        row = min(max(self.currentIndex().row() + lines, 0), self.model().rowCount() - 1)
        self.selectRow(row)
        self.scrollTo(self.model().index(row, 0))


class TypingDialog(ActingDialog):
    """Keeps what is typed until it is saved; a line that nobody types keeps its mark."""

    def __init__(self, context: AppContext, register: Register, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Type in a paper sheet"), parent)
        self._register, self._at = register, context.clock()
        self._statuses: dict[int, Status] = {}
        self.setMinimumWidth(context.theme.px(600))
        letters = ", ".join(f"{key_letter(status)} {status_word(status)}" for status in Status)
        begun = dates.day_and_time(register.session.started_at)
        keys = tr("One key a student, in the order of the list: {letters}. Space leaves one out, Backspace goes back.")
        self.explain(f"{register.course.title or register.course.code}, {begun}\n{keys.format(letters=letters)}")
        self.sheet = _Sheet()
        self._model: RowsModel[RegisterLine] = RowsModel(self._columns(), key=lambda line: line.student.id)
        self._model.reset(register.lines)
        self.sheet.setModel(self._model)
        self.sheet.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.sheet.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.sheet.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.sheet.setShowGrid(False)
        self.sheet.setTabKeyNavigation(False)
        self.sheet.verticalHeader().hide()
        self.sheet.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.sheet.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (1, 2):
            self.sheet.setColumnWidth(column, context.theme.px(130))
        self.sheet.setMinimumHeight(context.theme.px(320))
        self.sheet.setAccessibleName(tr("The sheet, in the order of the list"))
        self.sheet.typed.connect(self._take)
        self._counts = label("quiet")
        self.column.insertWidget(3, self.sheet, 1)
        self.column.insertWidget(4, self._counts)
        self.set_primary(tr("Save"))
        self.sheet.selectRow(0)
        self.sheet.setFocus()
        self._show()

    def _columns(self) -> list[Column[RegisterLine]]:
        order = self._register.course.roster_order
        return [
            Column(header=lambda: tr("Student"), text=lambda line: numbered_name(line.student, order)),
            Column(
                header=lambda: tr("In the register"),
                text=lambda line: status_word(line.mark.status) if line.mark else "",
            ),
            Column(header=lambda: tr("On the sheet"), text=self._typed, colour=self._colour),
        ]

    def _typed(self, line: RegisterLine) -> str:
        status = self._statuses.get(line.student.id)
        return "" if status is None else status_word(status)

    def _colour(self, line: RegisterLine) -> QColor | None:
        status = self._statuses.get(line.student.id)
        return None if status is None else status_colour(status)

    def _take(self, status: Status | None) -> None:
        index: QModelIndex = self.sheet.currentIndex()
        if not index.isValid():
            return
        if status is None:
            # What was typed last is the line above; at the end of the list it is the chosen one.
            if self._model.rows[index.row()].student.id not in self._statuses:
                self.sheet.move(-1)
            self._statuses.pop(self._model.rows[self.sheet.currentIndex().row()].student.id, None)
        else:
            self._statuses[self._model.rows[index.row()].student.id] = status
            self.sheet.move(1)
        self._show()

    def _show(self) -> None:
        self._model.refresh()
        changes = len(typed_changes(self._register, self._statuses))
        typed = tr("%n of {count} typed", "", len(self._statuses)).format(count=len(self._register.lines))
        self._counts.setText(f"{typed} · " + tr("%n to change", "", changes))
        self.primary.setEnabled(changes > 0)

    def action(self) -> Action:
        register, statuses, at = self._register, dict(self._statuses), self._at
        return lambda tx: apply_typed(tx, register, statuses, at=at)

    def message(self, result: int) -> str:
        return tr("%n student(s) marked", "", result)
