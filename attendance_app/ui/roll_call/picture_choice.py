"""Which picture is shown while there are several: a row of buttons, one for each camera and one for photographs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from attendance_app.ui.controls import Button
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget

PHOTOGRAPHS: Final = -1
"""Stands in the place of a source's number."""


@dataclass(frozen=True, slots=True)
class PictureItem:
    """A picture to choose: the source's number or ``PHOTOGRAPHS``, and what to call it. ``lost``: its camera is."""

    number: int
    words: str
    lost: bool = False


class PictureChoice(TranslatedWidget):
    """Hidden while there is nothing to choose from."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[PictureItem, ...] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._on_clicked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.bind_text(self.setAccessibleName, "Which picture is shown")
        self.hide()

    @property
    def buttons(self) -> list[Button]:
        """In the order of the items."""
        return [button for button in self._group.buttons() if isinstance(button, Button)]

    def show_items(self, items: Sequence[PictureItem], current: int) -> None:
        """Offer these pictures; ``current`` is the one that is shown."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self._fill()
        for button in self.buttons:
            button.setChecked(self._items[self._group.id(button)].number == current)
        self.setVisible(len(items) > 1)

    def _fill(self) -> None:
        for button in self.buttons:
            self._group.removeButton(button)
            button.deleteLater()
        for place, item in enumerate(self._items):
            icon = "warning" if item.lost else "image" if item.number == PHOTOGRAPHS else "video-camera"
            button = Button("quiet", icon)
            button.setCheckable(True)
            # Qt gives an id of its own to -1.
            self._group.addButton(button, place)
            self._row.insertWidget(place, button)
        self.retranslate()

    def _on_clicked(self, place: int) -> None:
        self.chosen.emit(self._items[place].number)

    def retranslate(self) -> None:
        for button, item in zip(self.buttons, self._items, strict=True):
            button.show_text(tr("{camera}: lost").format(camera=item.words) if item.lost else item.words)
