"""Dialogs that save: fields, a message bar, one primary button."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.jobs import JobContext
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Kind, label
from attendance_app.ui.message_bar import MessageBar

Work = Callable[[JobContext], object]
Action = Callable[[Transaction], object]


class SavingDialog(QDialog):
    """Runs ``work()`` as a job when the primary button is pressed; closes when it has succeeded.

    Texts are translated when it opens, because the language can't be changed while a dialog is open.
    """

    saved = Signal(object)
    """With what the job returned."""

    def __init__(self, context: AppContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(context.theme.px(440))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = label("title", wrap=True)
        self._title.setText(title)
        self.message_bar = MessageBar()
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setSpacing(8)
        self.cancel_button = Button().with_text("Cancel").on_click(self.reject)
        self.primary = Button("primary").on_click(self.save)
        self.primary.setDefault(True)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.primary)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 24)
        self.column.setSpacing(16)
        self.column.addWidget(self._title)
        self.column.addWidget(self.message_bar)
        self.column.addLayout(self.form)
        self.column.addStretch(1)
        self.column.addLayout(self.buttons)

    def field(self, caption: str, value: str = "", *, hint: str = "") -> QLineEdit:
        """Add a line of text; all texts translated by the caller."""
        line = QLineEdit(value)
        line.setAccessibleName(caption)
        line.setPlaceholderText(hint)
        self.form.addRow(caption, line)
        return line

    def explain(self, text: str) -> None:
        """Add a paragraph above the fields."""
        words = label(wrap=True)
        words.setText(text)
        self.column.insertWidget(1, words)

    def set_primary(self, text: str, kind: Kind = "primary") -> None:
        """Name the primary button (translated)."""
        self.primary.setText(text)
        self.primary.setAccessibleName(text)
        self.primary.setProperty("kind", kind)

    def work(self) -> Work:
        """Return the function that saves; it must have read the fields already, because it runs on another thread."""
        raise NotImplementedError

    def save(self) -> None:
        """Run the work; fields stay as they are when it fails."""
        self.primary.setEnabled(False)
        self.message_bar.clear()
        self.context.run(self.work(), done=self._on_saved, failed=self._on_failed)

    def _on_saved(self, result: object) -> None:
        self.saved.emit(result)
        self.accept()

    def _on_failed(self, error: KnownError) -> None:
        self.primary.setEnabled(True)
        self.message_bar.show_error(error)
        self.fit()

    def fit(self) -> None:
        """Set the height that all texts need; ``adjustSize`` stops at two thirds of the screen and covers fields."""
        self.column.activate()
        width = max(self.width(), self.minimumWidth())
        needed = self.column.totalHeightForWidth(width) if self.column.hasHeightForWidth() else 0
        self.resize(width, max(needed, self.column.totalMinimumSize().height()))

    def setVisible(self, visible: bool) -> None:
        # Before it is shown: Qt gives the focus to the first control of the order then.
        if visible and not self.isVisible():
            self._put_buttons_last()
        super().setVisible(visible)

    def _put_buttons_last(self) -> None:
        """Let Tab come to the buttons after all else; Qt gives the focus to the first, and Enter presses a button."""
        buttons = (self.cancel_button, self.primary)
        others: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            if widget not in buttons and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                others.append(widget)
            widget = widget.nextInFocusChain()
        if others:
            self.setTabOrder(others[-1], self.cancel_button)
            self.setTabOrder(self.cancel_button, self.primary)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()


class ActingDialog(SavingDialog):
    """Saves in one transaction (``AppContext.act``); ``saved`` has the action's result."""

    partial = False
    """Whether undo leaves out what has been used since, instead of being refused as a whole."""
    on_undone: Callable[[Any], object] | None = None
    """Called with the action's result after an undo."""

    def action(self) -> Action:
        """Return the function that saves; it must have read the fields already, because it runs on another thread."""
        raise NotImplementedError

    def message(self, result: Any) -> str:
        """Return the message for the action's result (translated)."""
        raise NotImplementedError

    def save(self) -> None:
        self.primary.setEnabled(False)
        self.message_bar.clear()
        self.context.act(
            self.action(),
            message=self.message,
            partial=self.partial,
            then=self._on_saved,
            undone=self.on_undone,
            failed=self._on_failed,
        )
