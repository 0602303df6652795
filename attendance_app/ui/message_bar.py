"""Messages: errors in a bar above the page, and toasts with buttons such as Undo."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.ui.controls import Button, label
from attendance_app.ui.icons import pixmap
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.theme import theme

TOAST_MS = 8000


class MessageBar(QFrame):
    """Shows an error and its remedy until it is closed or the next action succeeds."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self._error: KnownError | None = None
        self._sign = QLabel()
        self._message = label("strong", wrap=True)
        self._remedy = label(wrap=True)
        for words in (self._message, self._remedy):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = Button("quiet", "x").with_text("", hint="Close this message").on_click(self.clear)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._message)
        column.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        theme().changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def error(self) -> KnownError | None:
        """The error that is shown."""
        return self._error

    def show_error(self, error: KnownError) -> None:
        """Show an error in place of the previous one."""
        self._error = error
        self._say()
        self.show()

    def clear(self) -> None:
        self._error = None
        self.hide()
        self.closed.emit()

    def _say(self) -> None:
        if self._error is not None:
            self._message.setText(message_of(self._error))
            self._remedy.setText(remedy_of(self._error))
            self.setAccessibleName(f"{self._message.text()} {self._remedy.text()}")

    def _tint(self) -> None:
        self._sign.setPixmap(pixmap("warning-circle", 20, "danger"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


@dataclass(frozen=True, slots=True)
class ToastAction:
    """A button of a toast: its words (translated), and what it does."""

    text: str
    act: Callable[[], object]
    icon: str = ""


class Toast(QFrame):
    """A line at the bottom that disappears after some seconds, with buttons such as Undo."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("role", "toast")
        self._text = label(wrap=True)
        self.buttons: list[Button] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 8, 8)
        self._row.setSpacing(16)
        self._row.addWidget(self._text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        # A toast lies over the pages, in no layout: nothing else moves it when the window's size changes.
        parent.installEventFilter(self)
        self.hide()

    def show_toast(self, text: str, *actions: ToastAction) -> None:
        """Show ``text`` for some seconds, longer while the pointer rests on it."""
        self._text.setText(text)
        self.setAccessibleName(text)
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()  # it is deleted only when the event loop runs again
            button.deleteLater()
        self.buttons = [self._button(action) for action in actions]
        for button in self.buttons:
            self._row.addWidget(button)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS)

    def _button(self, action: ToastAction) -> Button:
        def press() -> None:
            self.hide()
            action.act()

        button = Button("quiet", action.icon, self).on_click(press)
        button.show_text(action.text)
        return button

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(TOAST_MS // 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._over.rect()
        # Without wrapping, the preferred width is that of the whole text on one line.
        self._text.setWordWrap(False)
        width = min(self.sizeHint().width(), room.width() - 32)
        self._text.setWordWrap(True)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry((room.width() - width) // 2, room.height() - height - 24, width, height)
