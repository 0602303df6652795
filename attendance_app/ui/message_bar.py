"""Messages: errors in a bar above the page, and toasts that offer Undo."""

from collections.abc import Callable

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


class Toast(QFrame):
    """A line at the bottom that disappears after some seconds; with Undo when there is something to undo."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("role", "toast")
        self._text = label(wrap=True)
        self._undo: Callable[[], object] | None = None
        self._button = Button("quiet", "arrow-counter-clockwise").with_text("Undo").on_click(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        # A toast lies over the pages, in no layout: nothing else moves it when the window's size changes.
        parent.installEventFilter(self)
        self.hide()

    def show_toast(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Show ``text`` for some seconds, longer while the pointer rests on it."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._undo = undo
        self._button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS)

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(TOAST_MS // 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _press(self) -> None:
        self.hide()
        if self._undo is not None:
            self._undo()

    def _place(self) -> None:
        room = self._over.rect()
        # Without wrapping, the preferred width is that of the whole text on one line.
        self._text.setWordWrap(False)
        width = min(self.sizeHint().width(), room.width() - 32)
        self._text.setWordWrap(True)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry((room.width() - width) // 2, room.height() - height - 24, width, height)
