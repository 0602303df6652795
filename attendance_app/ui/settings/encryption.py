"""The encryption of the register: its state in words, and the recovery key, which is shown until it was typed back."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from attendance_app.services.jobs import JobContext
from attendance_app.store.database import FILE_NAME
from attendance_app.store.key_store import Place
from attendance_app.store.protection import Protection, confirm, encrypt, protection_of, recovery_key_of, renew
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.dialogs import SavingDialog, Work
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget


class Encryption(TranslatedWidget):
    """A sentence, and a button for what can be done: encrypt, see the recovery key, make a new one."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state: Protection | None = None
        self.words = label(wrap=True)
        self.recovery = Button("plain").with_text("Recovery key…").on_click(self.show_key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        self.renew = Button("plain").with_text("New recovery key…").on_click(self.make_new_key)
        self.encrypt = Button("plain").with_text("Encrypt").on_click(self.encrypt_now)
        for button in (self.recovery, self.renew, self.encrypt):
            row.addWidget(button)
        self.retranslate()

    def look(self) -> None:
        """Read again how the register lies on the disk."""
        register = self._context.home / FILE_NAME
        self._context.run(lambda _job: protection_of(register), done=self._show)

    def _show(self, state: Protection) -> None:
        self._state = state
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setText("" if self._state is None else state_words(self._state))
        encrypted, confirmed = (False, False) if self._state is None else (self._state.encrypted, self._state.confirmed)
        self.recovery.setVisible(encrypted and not confirmed)
        self.renew.setVisible(encrypted and confirmed)
        self.encrypt.setVisible(self._state is not None and not encrypted)

    def show_key(self) -> None:
        """Show the recovery key in a dialog."""
        register = self._context.home / FILE_NAME
        self._context.run(lambda _job: recovery_key_of(register), done=self._open)

    def make_new_key(self) -> None:
        """Give register and backups a new key, and show its recovery key: the earlier paper opens only old copies."""
        store, at = self._context.store, self._context.clock()

        def work(_job: JobContext) -> str | None:
            store.change_protection(lambda register: renew(register, at))
            return recovery_key_of(store.home / FILE_NAME)

        self._context.run(work, done=self._open)

    def encrypt_now(self) -> None:
        """Encrypt the register and its backups."""
        store, at = self._context.store, self._context.clock()

        def work(_job: JobContext) -> None:
            store.change_protection(lambda register: encrypt(register, at))

        self._context.run(work, done=lambda _: self.look())

    def _open(self, key: str | None) -> None:
        if key is None:  # confirmed meanwhile, on the command line
            self.look()
            return
        dialog = RecoveryKeyDialog(self._context, key, self)
        dialog.finished.connect(lambda _: self.look())
        dialog.open()


def state_words(state: Protection) -> str:
    """Say what the state means."""
    if not state.encrypted:
        return tr("Not encrypted: whoever gets hold of the disk or a backup can read names, faces and marks.")
    if not state.confirmed:
        return tr("Encrypted, with its backups. The key lies in a file here until you confirm the recovery key.")
    if state.place is Place.FILE:
        return tr("Encrypted, with its backups. There is no keyring, so the key lies in a file on this computer.")
    return tr("Encrypted, with its backups.")


class RecoveryKeyDialog(SavingDialog):
    """Shows the key; then hides it and asks for it from the paper."""

    def __init__(self, context: AppContext, key: str, parent: QWidget) -> None:
        super().__init__(context, tr("Recovery key"), parent)
        self.explain(
            tr(
                "If this computer or its key is lost, backups open with this key only. Write it on paper or print it, "
                "and keep the paper elsewhere."
            )
        )
        self.key = label("title", wrap=True)
        self.key.setText(key)
        self.key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.insertWidget(2, self.key)
        self.typed = self.field(tr("From the paper"))
        self.form.setRowVisible(self.typed, False)
        self.print_button = Button("plain", "printer").with_text("Print…").on_click(self.print)
        self.buttons.insertWidget(0, self.print_button)
        self.set_primary(tr("I have written it down"))

    def print(self) -> None:
        """Let the user pick a printer for a sheet with the key."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(tr("Recovery key"))
        dialog = QPrintDialog(printer, self)
        if dialog.exec():
            self.sheet().print_(printer)
        dialog.deleteLater()

    def sheet(self) -> QTextDocument:
        """Return the page that is printed."""
        lines = (
            tr("It opens the attendance register and its backups where this computer's own key is lost."),
            tr("Keep this paper where the computer is not. Who has it can read a copy of the register."),
            tr("Printed on {day} for the register in {folder}").format(
                day=dates.day_and_time(self.context.clock()), folder=self.context.home
            ),
        )
        text = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        page = QTextDocument()
        page.setDefaultFont(QFont(self.font().family(), 11))
        page.setHtml(
            f"<h1>{html.escape(tr('Recovery key'))}</h1>"
            f"<p style='font-family: monospace; font-size: 20pt'>{html.escape(self.key.text())}</p>{text}"
        )
        return page

    def save(self) -> None:
        if self.key.isHidden():
            super().save()
            return
        self.key.hide()
        self.print_button.hide()
        self.form.setRowVisible(self.typed, True)
        self.typed.setFocus()
        self.set_primary(tr("Confirm"))
        self.fit()

    def work(self) -> Work:
        register, typed = self.context.home / FILE_NAME, self.typed.text()
        return lambda _job: confirm(register, typed)
