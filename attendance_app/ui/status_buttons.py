"""Four buttons that set a status, each with its sign, its word and its key."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from attendance_app.domain.sessions import Status
from attendance_app.ui.controls import Button
from attendance_app.ui.status_look import key_letter, paint_status, status_word
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


def status_icon(status: Status | None, pixels: int = 16) -> QIcon:
    """The sign of a status as an icon."""
    side = theme().px(pixels) * 2  # twice as many dots as pixels: sharp on dense screens
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_status(painter, QRectF(0, 0, side, side), status, on=QColor(theme().palette.surface))
    painter.end()
    return QIcon(picture)


class StatusButtons(TranslatedWidget):
    """Emits ``chosen`` with a Status. Without keys, and where the words don't fit, the signs alone are left."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons = {status: Button() for status in Status}
        for status, button in self.buttons.items():
            # A click leaves the focus in the roster, where the keys set marks.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._choose, status))
            row.addWidget(button)
        self._keys_shown = self._worded = True
        theme().changed.connect(self.retranslate)
        self.retranslate()

    def show_keys(self, shown: bool) -> None:
        """Leave out the letters where there is no room for them."""
        self._keys_shown = shown
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return hint if self._keys_shown else QSize(len(self.buttons) * theme().px(48), hint.height())

    def sizeHint(self) -> QSize:
        return QSize(
            super().sizeHint().width() if self._keys_shown else self._worded_width(), super().sizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _worded_width(self) -> int:
        """How wide the row is with all its words."""
        metrics, gaps = self.fontMetrics(), 8 * (len(self.buttons) - 1)
        # the sign, the padding, the frame and the gap after the sign
        around = theme().px(16) + 2 * theme().px(12) + theme().px(6)
        return gaps + sum(metrics.horizontalAdvance(status_word(status)) + around for status in self.buttons)

    def _fit(self) -> None:
        if self._has_room() != self._worded:
            self.retranslate()

    def _has_room(self) -> bool:
        return self._keys_shown or self.width() >= self._worded_width()

    def _choose(self, status: Status, _checked: bool = False) -> None:
        self.chosen.emit(status)

    def retranslate(self) -> None:
        self._worded = self._has_room()
        side = theme().px(16)
        for status, button in self.buttons.items():
            key = key_letter(status)
            button.show_text(status_word(status))
            button.setToolTip(f"{status_word(status)} ({key})")
            if not self._worded:
                button.setText("")
            elif self._keys_shown:
                button.setText(f"\u2002{status_word(status)}\u2002\u2002{key}")
            button.setIcon(status_icon(status))
            button.setIconSize(QSize(side, side))
