"""Painting that all widgets with pictures share: the rounded area, a text where no picture is, and faces' boxes."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from attendance_app.domain.faces import Box
from attendance_app.ui.icons import pixmap
from attendance_app.ui.theme import theme


def paint_room(painter: QPainter, room: QRectF) -> None:
    """Fill the rounded area and clip all further painting to it."""
    outline = QPainterPath()
    outline.addRoundedRect(room, 8, 8)
    painter.setClipPath(outline)
    painter.fillRect(room, QColor(theme().palette.raised))


def paint_camera_words(painter: QPainter, room: QRectF, words: str) -> None:
    """Paint a camera icon with a text under it (translated), in place of a picture."""
    sign = pixmap("video-camera", 40, "text_quiet")
    size = sign.deviceIndependentSize()
    painter.drawPixmap(QPointF(room.center().x() - size.width() / 2, room.center().y() - size.height() - 4), sign)
    painter.setPen(QColor(theme().palette.text_quiet))
    below = QRectF(room.left() + 24, room.center().y() + 12, room.width() - 48, room.height() / 2 - 16)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(below, int(flags), words)


def fitted(size: QSize, room: QRectF) -> QRectF:
    """Return the rectangle for a picture of this size: as large as the area allows, centred."""
    shown = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, shown.width(), shown.height())
    place.moveCenter(room.center())
    return place


def box_on(place: QRectF, box: Box, width: int) -> QRectF:
    """Convert a box of a picture, ``width`` pixels wide, to where it is painted in ``place``."""
    scale = place.width() / width
    shown = QRectF(box.left * scale, box.top * scale, box.width * scale, box.height * scale)
    return shown.translated(place.topLeft())


def outline_face(painter: QPainter, shown: QRectF, colour: str) -> None:
    """Draw a face's box with a rim that is visible on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tint, width in ((theme().palette.surface, 4), (colour, 2)):
        painter.setPen(QPen(QColor(tint), width))
        painter.drawRoundedRect(shown, 6, 6)
