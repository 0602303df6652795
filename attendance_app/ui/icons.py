"""Line icons of one family (Phosphor, MIT), drawn from a font and tinted by the theme."""

import functools
import json

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from attendance_app.config.paths import bundled
from attendance_app.ui.theme import theme

SHARE = 0.875
"""Height of a glyph as a share of its icon's: Phosphor's grid has that much padding."""


def icon(name: str, tint: str = "text") -> QIcon:
    """Return the Phosphor icon ``name`` (such as ``users``) in a colour of the palette (such as ``accent``).

    The colour is that of the present theme: who shows an icon makes it anew when the theme changes.
    """
    palette = theme().palette
    return QIcon(_Glyph(chr(_codes()[name]), QColor(getattr(palette, tint)), QColor(palette.border_strong)))


def pixmap(name: str, pixels: int, tint: str = "text") -> QPixmap:
    """Return the icon as a picture of ``pixels`` at 100 %, scaled with the text."""
    side = theme().px(pixels)
    return icon(name, tint).pixmap(QSize(side, side))


class _Glyph(QIconEngine):
    """Draws one letter of the icons' font at any size."""

    def __init__(self, letter: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._letter = letter
        self._colour = colour
        self._disabled = disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(SHARE * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._disabled if mode is QIcon.Mode.Disabled else self._colour)
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    # Qt copies an icon by its engine.
    def clone(self) -> QIconEngine:
        return _Glyph(self._letter, self._colour, self._disabled)


@functools.cache
def _codes() -> dict[str, int]:
    codes: dict[str, int] = json.loads((bundled("resources") / "icons" / "phosphor.json").read_text(encoding="utf-8"))
    return codes


@functools.cache
def _family() -> str:
    """Load the font; needs the application."""
    number = QFontDatabase.addApplicationFont(str(bundled("resources") / "icons" / "phosphor.ttf"))
    return QFontDatabase.applicationFontFamilies(number)[0]
