"""A line above the pages until the recovery key is confirmed: without it no backup opens on another computer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from attendance_app.services.demo.demo_lesson import COURSE_CODE
from attendance_app.services.jobs import JobContext
from attendance_app.store.database import FILE_NAME
from attendance_app.store.protection import protection_of, recovery_key_of
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.settings.encryption import RecoveryKeyDialog
from attendance_app.ui.translated_widget import TranslatedWidget


class RecoveryReminder(TranslatedWidget):
    """Shows itself where it is needed; **Later** hides it until the window is opened again."""

    changed = Signal()
    """It was shown or hidden."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        words = label("warning", wrap=True)
        self.bind_text(
            words.setText,
            "The register is encrypted. If this computer is lost, its backups open with the recovery key only.",
        )
        self.show_button = Button("primary", "key").with_text("Recovery key…").on_click(self._open)
        self.later_button = Button("plain").with_text("Later").on_click(self._hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(self.show_button)
        row.addWidget(self.later_button)
        self.hide()

    def look(self) -> None:
        """Show the line if nobody has confirmed the recovery key of a register with a course of its own."""
        store = self._context.store

        def work(_job: JobContext) -> bool:
            found = protection_of(store.home / FILE_NAME)
            # Of the demo nothing would be lost, and a new user has something else to do first.
            own = any(course.code != COURSE_CODE for course in store.courses.all(archived=None))
            return found.encrypted and not found.confirmed and own

        self._context.run(work, done=self._show)

    def _show(self, wanted: bool) -> None:
        self.setVisible(wanted)
        self.changed.emit()

    def _hide(self) -> None:
        self._show(False)

    def _open(self) -> None:
        register = self._context.home / FILE_NAME
        self._context.run(lambda _job: recovery_key_of(register), done=self._ask)

    def _ask(self, key: str | None) -> None:
        if key is None:  # confirmed meanwhile, on the command line
            self._hide()
            return
        dialog = RecoveryKeyDialog(self._context, key, self)
        dialog.saved.connect(self._hide)
        dialog.open()
