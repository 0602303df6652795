"""The self-test: each check's result in plain words, as it arrives."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from attendance_app.services.doctor.check_result import CheckResult, CheckState
from attendance_app.services.doctor.checks import all_checks
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.translated_widget import TranslatedWidget

SIGNS = {
    CheckState.OK: ("check-circle", "present"),
    CheckState.ABSENT: ("minus-circle", "text_quiet"),
    CheckState.WARNING: ("warning", "late"),
    CheckState.FAILED: ("x-circle", "absent"),
}


class SelfTest(TranslatedWidget):
    """Runs the doctor's checks as one job; ``finished`` has the number of failed ones."""

    finished = Signal(int)
    answered = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._results: list[CheckResult] = []
        self._running = False
        self._summary = label("strong", wrap=True)
        self._button = Button("plain", "first-aid-kit").with_text("Check this computer").on_click(self.start)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._summary)
        column.addLayout(self._grid)
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        self.answered.connect(self._on_answer)
        context.theme.changed.connect(self.retranslate)
        self.retranslate()

    def start(self) -> None:
        """Run every check again."""
        if self._running:
            return
        self._results, self._running = [], True
        self.retranslate()
        home, answered = self._context.home, self.answered

        def work(job: JobContext) -> None:
            for check in all_checks(home):
                job.raise_if_cancelled()
                # A signal, since this runs on a job's thread.
                answered.emit(check())

        self._context.run(work, done=self._on_end, long=True)

    def _on_answer(self, result: CheckResult) -> None:
        self._results.append(result)
        self.retranslate()

    def _on_end(self, _nothing: object) -> None:
        self._running = False
        self.retranslate()
        self.finished.emit(sum(result.state is CheckState.FAILED for result in self._results))

    def retranslate(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for row, result in enumerate(self._results):
            self._show(row, result)
        self._button.setEnabled(not self._running)
        self._summary.setText(self._in_a_word())
        self._summary.setVisible(bool(self._summary.text()))

    def _in_a_word(self) -> str:
        if self._running:
            return tr("Checking…")
        if not self._results:
            return ""
        open_points = sum(result.problem is not None for result in self._results)
        return tr("%n thing(s) to look at", "", open_points) if open_points else tr("Everything works.")

    def _show(self, row: int, result: CheckResult) -> None:
        name, tint = SIGNS[result.state]
        sign = QLabel()
        sign.setPixmap(pixmap(name, 20, tint))
        sign.setAccessibleName(state_word(result.state))
        subject = label()
        subject.setText(check_word(result.name))
        # The details are in English; the problem itself is translated.
        detail = result.detail if self._context.language.code == "en" else ""
        if result.problem is not None:
            detail = detail or message_of(result.problem)
        subject.setToolTip(detail)
        said = label("quiet", wrap=True)
        said.setText(state_word(result.state) if result.problem is None else remedy_of(result.problem))
        said.setToolTip(detail)
        for column, widget in enumerate((sign, subject, said)):
            self._grid.addWidget(widget, row, column)


def state_word(state: CheckState) -> str:
    """How a check ended."""
    return {
        CheckState.OK: tr("works"),
        CheckState.ABSENT: tr("not installed, and not needed to take attendance"),
        CheckState.WARNING: tr("to look at"),
        CheckState.FAILED: tr("does not work"),
    }[state]


def check_word(name: str) -> str:
    """What a check is about, in a teacher's words."""
    return {
        "Python and system": tr("Program's base (Python)"),
        "System": tr("Operating system"),
        "Processor": tr("Speed of this computer"),
        "Libraries": tr("Parts of the program"),
        "Networks": tr("Recognition files"),
        "Data folder": tr("Folder for your data"),
        "Backups": tr("Backups"),
        "Encryption": tr("Encryption"),
        "Audit trail": tr("Record of changes"),
        "Settings": tr("Settings"),
        "Photos": tr("Reading photos"),
        "Videos": tr("Reading videos"),
        "Camera": tr("Camera"),
        "Window": tr("This window"),
        "TensorFlow": tr("Training of networks (TensorFlow)"),
    }.get(name, name)
