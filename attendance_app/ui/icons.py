"""Line icons of one family (Phosphor, MIT, by way of qtawesome), tinted by the theme."""

import qtawesome
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap

from attendance_app.ui.theme import theme


def icon(name: str, tint: str = "text") -> QIcon:
    """Return the Phosphor icon ``name`` (such as ``users``) in a colour of the palette (such as ``accent``)."""
    palette = theme().palette
    made: QIcon = qtawesome.icon(f"ph.{name}", color=getattr(palette, tint), color_disabled=palette.border_strong)
    return made


def pixmap(name: str, pixels: int, tint: str = "text") -> QPixmap:
    """Return the icon as a picture of ``pixels`` at 100 %, scaled with the text."""
    side = theme().px(pixels)
    return icon(name, tint).pixmap(QSize(side, side))
