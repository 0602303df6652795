"""Without a usable data folder there is no window: a dialog gives the reason, and offers another folder.

A register whose key is lost is opened here with its recovery key.
"""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from attendance_app.config.data_folder import choose_folder
from attendance_app.domain.errors import KnownError
from attendance_app.services.data_folder import check_folder, fitting_folder
from attendance_app.store.errors import RegisterLocked
from attendance_app.store.protection import unlock
from attendance_app.ui import theme as themes
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import LanguageSwitch, tr
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.theme import ThemeChoice


def show_start_error(error: KnownError, application: QApplication, *, folder_helps: bool = True) -> Path | None:
    """Show the error in the system's language and theme; return the folder that the user chose instead, if any."""
    # There is no data folder, so there are no settings to ask.
    themes.install(application).set(ThemeChoice.SYSTEM)
    LanguageSwitch(application).set("")
    dialog = StartErrorDialog(error, folder_helps=folder_helps)
    dialog.exec()
    return dialog.chosen


class StartErrorDialog(QDialog):
    """Message, remedy, Close, and (where that helps) another folder; ``chosen`` is kept for the next start."""

    def __init__(self, error: KnownError, *, folder_helps: bool = True) -> None:
        super().__init__()
        self.chosen: Path | None = None
        self.setWindowTitle(tr("Attendance"))
        self.setMinimumWidth(560)
        self._message, self._remedy = label("heading", wrap=True), label(wrap=True)
        self._say(error)
        close = Button("plain" if folder_helps else "primary").with_text("Close").on_click(self.reject)
        close.setDefault(not folder_helps)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        if folder_helps:
            another = Button("primary", "folder-open").with_text("Choose another folder…").on_click(self._choose)
            another.setDefault(True)
            buttons.addWidget(another)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for part in (self._message, self._remedy):
            column.addWidget(part)
        self.typed = QLineEdit()
        self.unlock_button = Button("primary").with_text("Unlock")
        if isinstance(error, RegisterLocked):
            self._offer_unlocking(error.path, column)
        column.addLayout(buttons)

    def _offer_unlocking(self, register: Path, column: QVBoxLayout) -> None:
        self.typed.setAccessibleName(tr("Recovery key"))
        self.typed.setPlaceholderText(tr("Recovery key"))
        self.typed.returnPressed.connect(lambda: self._unlock(register))
        self.unlock_button.on_click(lambda: self._unlock(register))
        row = QHBoxLayout()
        row.addWidget(self.typed, 1)
        row.addWidget(self.unlock_button)
        column.addLayout(row)

    def _unlock(self, register: Path) -> None:
        try:
            unlock(register, self.typed.text())
        except KnownError as error:
            self._say(error)
            return
        self.chosen = register.parent
        self.accept()

    def _say(self, error: KnownError) -> None:
        self._message.setText(message_of(error))
        self._remedy.setText(remedy_of(error))

    def _choose(self) -> None:
        picked = QFileDialog.getExistingDirectory(self, tr("Choose the folder for your data"))
        if picked:
            self.take(Path(picked))

    def take(self, picked: Path) -> None:
        """Use this folder from now on, or show why it can't be used."""
        folder = fitting_folder(picked)
        try:
            check_folder(folder)
            choose_folder(folder)
            # For nobody else on this machine: names and faces go there.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except KnownError as error:
            self._say(error)
            return
        self.chosen = folder
        self.accept()
