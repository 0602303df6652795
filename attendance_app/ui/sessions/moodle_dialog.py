"""A session's marks for Moodle: how students are found there, and what its statuses are called."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.sessions import Status
from attendance_app.services.moodle_marks import (
    ACRONYMS,
    MoodleColumn,
    MoodleMarks,
    MoodleReason,
    UserField,
    export_moodle,
    moodle_marks,
)
from attendance_app.services.registers import Register
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ChoiceBox, label
from attendance_app.ui.exporting import Exporter, file_name
from attendance_app.ui.i18n import tr
from attendance_app.ui.message_bar import MessageBar
from attendance_app.ui.status_look import status_word

MOST_NAMED = 5
"""So many students who are left out are named."""


class MoodleDialog(QDialog):
    """Remembers the choices for the next session."""

    def __init__(self, context: AppContext, register: Register, exporter: Exporter, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._register, self._exporter = context, register, exporter
        self._marks: MoodleMarks | None = None
        self.setWindowTitle(tr("Marks for Moodle"))
        self.setModal(True)
        self.setMinimumWidth(context.theme.px(560))
        title, help_text = label("title"), label("quiet", wrap=True)
        title.setText(tr("Marks for Moodle"))
        help_text.setText(
            tr("In Moodle open the session in the activity Attendance, then “Upload attendance”, and choose this file.")
        )
        self.message_bar = MessageBar()
        self.user_box, self.column_box = ChoiceBox(), ChoiceBox()
        for user, words in (
            (UserField.IDNUMBER, tr("ID number = student number", "field of Moodle")),
            (UserField.USERNAME, tr("User name = student number", "field of Moodle")),
            (UserField.EMAIL, tr("E-mail", "")),
        ):
            self.user_box.addItem(words, user)
        self.column_box.addItem(tr("The status, by its acronym"), MoodleColumn.STATUS)
        self.column_box.addItem(tr("The time of arrival; Moodle makes the status of it"), MoodleColumn.SCANTIME)
        self.form = QFormLayout()
        self.form.setSpacing(8)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._add(tr("Students are found by"), self.user_box)
        self._add(tr("The file has"), self.column_box)
        self.acronyms: dict[Status, QLineEdit] = {}
        for status, proposed in ACRONYMS[context.language.code].items():
            field = QLineEdit(context.memory.text(f"moodle/{status.value}") or proposed)
            self._add(status_word(status), field)
            field.textChanged.connect(self._show)
            self.acronyms[status] = field
        self.left_out = label("quiet", wrap=True)
        self.export_button = Button("primary", "export").with_text("Export").on_click(self._export)
        cancel = Button().with_text("Cancel").on_click(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for part in (title, help_text, self.message_bar):
            column.addWidget(part)
        column.addLayout(self.form)
        column.addWidget(self.left_out)
        column.addLayout(buttons)
        self.export_button.setDefault(True)
        for box, key in ((self.user_box, "moodle/user"), (self.column_box, "moodle/column")):
            kept = context.memory.text(key)
            place = next((row for row in range(box.count()) if box.itemData(row).value == kept), 0)
            box.setCurrentIndex(place)
            box.currentIndexChanged.connect(self._show)
        self._show()

    def _add(self, caption: str, field: QWidget) -> None:
        if isinstance(field, QComboBox):
            # Else its longest entry takes the room of the captions.
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(20)
        field.setAccessibleName(caption)
        self.form.addRow(caption, field)

    def _show(self) -> None:
        """Say who would be left out; without anybody there is nothing to export."""
        by_status = self.column_box.currentData() is MoodleColumn.STATUS
        acronyms = {status: field.text().strip() for status, field in self.acronyms.items()}
        for field in self.acronyms.values():
            field.setEnabled(by_status)
        self._marks = None
        try:
            self._marks = moodle_marks(
                self._register,
                user=self.user_box.currentData(),
                column=self.column_box.currentData(),
                acronyms=acronyms,
            )
        except KnownError as error:
            self.message_bar.show_error(error)
        else:
            self.message_bar.clear()
        marks = self._marks
        self.left_out.setText("" if marks is None else _left_out_words(marks))
        self.export_button.setEnabled(marks is not None and (all(acronyms.values()) or not by_status))

    def _export(self) -> None:
        marks = self._marks
        if marks is None:
            return
        memory = self._context.memory
        memory.keep("moodle/user", self.user_box.currentData().value)
        memory.keep("moodle/column", self.column_box.currentData().value)
        for status, field in self.acronyms.items():
            memory.keep(f"moodle/{status.value}", field.text().strip())
        self.accept()
        begun = f"{self._register.session.started_at.astimezone():%Y-%m-%d_%H%M}"
        self._exporter.ask(file_name(self._register.course.code, "moodle", begun), "csv", partial(export_moodle, marks))


def _left_out_words(marks: MoodleMarks) -> str:
    if not marks.left_out:
        return tr("All %n student(s) are in the file.", "", marks.students)
    words = {
        MoodleReason.NO_MARK: tr("no mark"),
        MoodleReason.NO_ID: tr("no e-mail"),
        MoodleReason.SAME_ID: tr("the same id as another student"),
        MoodleReason.RISKY: tr("a spreadsheet would run the id as a formula"),
        MoodleReason.NO_TIME: tr("no time of arrival"),
    }
    named = [f"{student.name} ({words[reason]})" for student, reason in marks.left_out[:MOST_NAMED]]
    more = len(marks.left_out) - len(named)
    if more:
        named.append(tr("%n more", "students", more))
    return tr("Left out: {names}").format(names=", ".join(named))
