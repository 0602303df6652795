"""Faces on the screen: from RGB arrays and JPEG to pictures; initials where there is no photo."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

from attendance_app.domain.faces import Image
from attendance_app.ui.theme import theme


def image_of(rgb: Image) -> QImage:
    """Copy an RGB array, uint8 (height, width, 3), into a picture of Qt; may be called in any thread."""
    continuous = np.ascontiguousarray(rgb)
    height, width, _ = continuous.shape
    # A copy: QImage doesn't own the array's memory. Rows are 3 x width bytes; Qt expects multiples of 4 unless told.
    return QImage(continuous.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def image_of_jpeg(jpeg: bytes | None) -> QImage:
    """Decode a stored thumbnail, a null picture for None; may be called in any thread."""
    return QImage.fromData(jpeg) if jpeg else QImage()


def initials(name: str) -> str:
    """First letters of the first and the last word of a name, such as AL; of a numbered one its number."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    if not words:
        return "?"
    if words[-1].isdecimal():
        return words[-1][-2:]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def paint_portrait(painter: QPainter, rect: QRectF, image: QImage, name: str, *, radius: float) -> None:
    """Draw a face, or the initials of ``name``, into a rounded square, cut to fill it."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    outline = QPainterPath()
    outline.addRoundedRect(rect, radius, radius)
    painter.setClipPath(outline)
    if image.isNull():
        palette = theme().palette
        painter.fillRect(rect, QColor(palette.raised))
        font = painter.font()
        font.setPixelSize(max(9, round(rect.height() * 0.36)))
        painter.setFont(font)
        painter.setPen(QColor(palette.text_quiet))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))
    else:
        side = min(image.width(), image.height())
        source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
        painter.drawImage(rect, image, source)
    painter.restore()


def portrait(image: QImage, name: str, pixels: int) -> QPixmap:
    """A rounded portrait of ``pixels`` at 100 %."""
    side = theme().px(pixels)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_portrait(painter, QRectF(0, 0, side, side), image, name, radius=side / 6)
    painter.end()
    return made
