"""What every widget that paints a picture paints alike: its rounded room, and the words where no picture is."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from attendance_app.ui.icons import pixmap
from attendance_app.ui.theme import theme


def paint_room(painter: QPainter, room: QRectF) -> None:
    """Fill a room with round corners; nothing is painted outside it from now on."""
    outline = QPainterPath()
    outline.addRoundedRect(room, 8, 8)
    painter.setClipPath(outline)
    painter.fillRect(room, QColor(theme().palette.raised))


def paint_camera_words(painter: QPainter, room: QRectF, words: str) -> None:
    """A camera with words under it (translated), in the place of its picture."""
    sign = pixmap("video-camera", 40, "text_quiet")
    size = sign.deviceIndependentSize()
    painter.drawPixmap(QPointF(room.center().x() - size.width() / 2, room.center().y() - size.height() - 4), sign)
    painter.setPen(QColor(theme().palette.text_quiet))
    below = QRectF(room.left() + 24, room.center().y() + 12, room.width() - 48, room.height() / 2 - 16)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(below, int(flags), words)
