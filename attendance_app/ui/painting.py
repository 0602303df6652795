"""What every widget that paints a picture paints alike: its rounded room, the words where no picture is,
and faces' boxes."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from attendance_app.domain.faces import Box
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


def fitted(size: QSize, room: QRectF) -> QRectF:
    """Where a picture of this size is painted: as large as the room allows, in its middle."""
    shown = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, shown.width(), shown.height())
    place.moveCenter(room.center())
    return place


def box_on(place: QRectF, box: Box, width: int) -> QRectF:
    """Where a box is painted whose picture, ``width`` pixels wide, is painted in ``place``."""
    scale = place.width() / width
    shown = QRectF(box.left * scale, box.top * scale, box.width * scale, box.height * scale)
    return shown.translated(place.topLeft())


def outline_face(painter: QPainter, shown: QRectF, colour: str) -> None:
    """Draw a face's box on a rim that any picture leaves visible."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tint, width in ((theme().palette.surface, 4), (colour, 2)):
        painter.setPen(QPen(QColor(tint), width))
        painter.drawRoundedRect(shown, 6, 6)
