"""Shown when the camera can't be opened or is lost: the error, and three ways to continue."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from attendance_app.domain.errors import KnownError
from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.translated_widget import TranslatedWidget


class CameraLostBar(TranslatedWidget):
    """Hidden while the camera works."""

    retry_wanted = Signal()
    other_wanted = Signal()
    by_hand_wanted = Signal()
    visibility_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.error: KnownError | None = None
        self._message = label("strong", wrap=True)
        self._remedy = label(wrap=True)
        self.retry_button = Button("plain", "arrow-clockwise").with_text("Try again").on_click(self.retry_wanted.emit)
        self.other_button = Button("plain", "video-camera").with_text("Choose another…", "a camera or recording")
        self.other_button.on_click(self.other_wanted.emit)
        self.by_hand_button = (
            Button("plain", "hand-pointing").with_text("Go on by hand").on_click(self.by_hand_wanted.emit)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.by_hand_button, self.other_button, self.retry_button):
            row.addWidget(button)
        card = Card()
        for words in (self._message, self._remedy):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.column.addWidget(words)
        card.column.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.hide()

    def show_error(self, error: KnownError | None, *, others_go_on: bool = False) -> None:
        """Show the camera's error; None hides the bar. ``others_go_on``: the roll has further sources."""
        self.error = error
        self.by_hand_button.with_text("Go on without it" if others_go_on else "Go on by hand")
        self.retranslate()
        self.setVisible(error is not None)
        self.visibility_changed.emit()

    def retranslate(self) -> None:
        if self.error is not None:
            self._message.setText(message_of(self.error))
            self._remedy.setText(remedy_of(self.error))
            self.setAccessibleName(f"{self._message.text()} {self._remedy.text()}")
