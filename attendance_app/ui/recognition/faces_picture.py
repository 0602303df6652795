"""A photo with a box around every face and what was seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from attendance_app.domain.faces import Box
from attendance_app.ui.painting import box_on, fitted, outline_face, paint_room
from attendance_app.ui.theme import theme


@dataclass(frozen=True, slots=True)
class OutlinedFace:
    """A face in the picture's pixels, the sign at its box, and a colour of the palette."""

    box: Box
    sign: str
    tint: str


class FacesPicture(QWidget):
    """Fits the photo into the widget, and draws each face's box with its sign and colour."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._faces: tuple[OutlinedFace, ...] = ()
        self.setMinimumSize(theme().px(240), theme().px(200))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(560), theme().px(420))

    def show_picture(self, image: QImage, faces: Sequence[OutlinedFace]) -> None:
        self._image, self._faces = image, tuple(faces)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        paint_room(painter, room)
        if not self._image.isNull():
            place = fitted(self._image.size(), room)
            painter.drawImage(place, self._image)
            for face in self._faces:
                self._outline(painter, face, place)
        painter.end()

    def _outline(self, painter: QPainter, face: OutlinedFace, place: QRectF) -> None:
        shown = box_on(place, face.box, self._image.width())
        colours = theme().palette
        outline_face(painter, shown, getattr(colours, face.tint))
        if face.sign:
            side = painter.fontMetrics().height() + 4
            wide = max(side, painter.fontMetrics().horizontalAdvance(face.sign) + 8)
            plate = QRectF(shown.left(), shown.top(), wide, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.surface))
            painter.drawRoundedRect(plate, 6, 6)
            painter.setPen(QColor(getattr(colours, face.tint)))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, face.sign)
