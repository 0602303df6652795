"""When the data folder can't be used there is no window yet: a dialog says why and what to do."""

from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout

from attendance_app.domain.errors import KnownError
from attendance_app.ui import theme as themes
from attendance_app.ui.controls import Button, label
from attendance_app.ui.errors import message_of, remedy_of
from attendance_app.ui.i18n import LanguageSwitch, tr
from attendance_app.ui.theme import ThemeChoice


def show_start_error(error: KnownError, application: QApplication) -> None:
    """Show the error in the system's language and theme until it is closed."""
    themes.install(application).set(ThemeChoice.SYSTEM)
    LanguageSwitch(application).set("")
    StartErrorDialog(error).exec()


class StartErrorDialog(QDialog):
    """Message, remedy, and one button."""

    def __init__(self, error: KnownError) -> None:
        super().__init__()
        self.setWindowTitle(tr("Attendance"))
        self.setMinimumWidth(480)
        message, remedy = label("heading", wrap=True), label(wrap=True)
        message.setText(message_of(error))
        remedy.setText(remedy_of(error))
        close = Button("primary").says("Close").does(self.reject)
        close.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for part in (message, remedy, close):
            column.addWidget(part)
