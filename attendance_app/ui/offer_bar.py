"""A card that offers something before a session: words, and buttons below them at the right."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.translated_widget import TranslatedWidget


class OfferBar(TranslatedWidget):
    """Hidden while there is nothing to offer."""

    def __init__(self) -> None:
        super().__init__()
        self._words = label(wrap=True)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        card = Card()
        card.column.addWidget(self._words)
        card.column.addLayout(self._row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.hide()

    def add_buttons(self, *buttons: Button) -> None:
        """Put buttons at the right, in this order."""
        for button in buttons:
            self._row.addWidget(button)
