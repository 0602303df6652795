"""What the room check has found, in words: how many are within reach, and what helps the others."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from attendance_app.services.room_check.advice import Advice
from attendance_app.ui.controls import Card, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.room_check.room_words import (
    SIGNS,
    advice_words,
    reach_words,
    remedy_words,
    row_words,
    verdict_words,
)
from attendance_app.ui.room_check.room_work import CheckedPicture
from attendance_app.ui.theme import theme
from attendance_app.vision.reach import Reach


class AdvicePanel(QScrollArea):
    """Texts are made when a check is shown: the language can't change while the dialog is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(theme().px(296))
        self.words: list[str] = []
        """Everything that is shown, in order."""
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._begin()
        self._column.addStretch(1)

    def show_check(self, checked: CheckedPicture) -> None:
        """Show what was found in a picture."""
        self._begin()
        check = checked.check
        self._add(verdict_words(check), "strong")
        if check.rows:
            self._column.addLayout(self._legend(checked))
        for advice in check.advice:
            self._column.addWidget(self._advice(advice, photograph=checked.photograph))
        rows = QVBoxLayout()
        rows.setSpacing(4)
        # The farthest first, as in the picture.
        for row in reversed(check.rows):
            words = f"{row_words(row)} · " + tr("%n face(s)", "", len(row.faces))
            rows.addLayout(_signed(*SIGNS[row.reach], self._label(words, "quiet")))
        self._column.addLayout(rows)
        self._column.addStretch(1)

    def _begin(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "plain")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        self.words = []
        # Qt deletes the widget before.
        self.setWidget(inside)

    def _legend(self, checked: CheckedPicture) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(4)
        for reach in Reach:
            count = checked.check.count(reach)
            if count:
                lines.addLayout(_signed(*SIGNS[reach], self._label(reach_words(reach, count))))
        return lines

    def _advice(self, advice: Advice, *, photograph: bool) -> Card:
        card = Card()
        card.column.setContentsMargins(12, 12, 12, 12)
        card.column.addWidget(self._label(advice_words(advice)))
        for remedy in remedy_words(advice, photographs=photograph):
            card.column.addLayout(_signed("arrow-right", "accent", self._label(remedy)))
        return card

    def _add(self, words: str, role: str) -> None:
        self._column.addWidget(self._label(words, role))

    def _label(self, words: str, role: str = "") -> QLabel:
        made = label(role, wrap=True)
        made.setText(words)
        self.words.append(words)
        return made


def _signed(icon: str, tint: str, words: QLabel) -> QHBoxLayout:
    """Put a sign before words."""
    sign = QLabel()
    sign.setPixmap(pixmap(icon, 18, tint))
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(sign)
    row.addWidget(words, 1)
    return row
