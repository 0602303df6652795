"""A photo with its faces outlined, from which one can be chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent

from attendance_app.domain.faces import Box
from attendance_app.ui.painting import box_on, fitted, outline_face, paint_room
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

LEAST_HEIGHT = 80
"""Not scaled with the text, which needs the room."""


class FacePicture(TranslatedWidget):
    """Several faces have numbers, from left to right; a click on one emits ``chosen`` with its index."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._boxes: tuple[Box, ...] = ()
        self._meant: int | None = None
        self.bind_text(self.setAccessibleName, "The photo")
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(260), theme().px(220))

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def outline(self, boxes: Sequence[Box], meant: int | None) -> None:
        """Set the faces, in the photo's pixels, and which of them is the student's."""
        self._boxes, self._meant = tuple(boxes), meant
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._face_at(event)
        if at is not None and len(self._boxes) > 1:
            self.chosen.emit(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = len(self._boxes) > 1 and self._face_at(event) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _face_at(self, event: QMouseEvent) -> int | None:
        if self._image.isNull():
            return None
        place = self._place()
        return next((i for i, box in enumerate(self._boxes) if self._on(place, box).contains(event.position())), None)

    def _place(self) -> QRectF:
        """Return the rectangle in which the photo is painted."""
        return fitted(self._image.size(), QRectF(self.rect()))

    def _on(self, place: QRectF, box: Box) -> QRectF:
        return box_on(place, box, self._image.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        paint_room(painter, rect)
        if not self._image.isNull():
            place = self._place()
            painter.drawImage(place, self._image)
            # As the choice beside the picture counts them.
            numbers = left_to_right(self._boxes)
            for index, box in enumerate(self._boxes):
                number = str(numbers[index] + 1) if len(self._boxes) > 1 else ""
                self._paint_face(painter, self._on(place, box), number, meant=index == self._meant)
        painter.end()

    def _paint_face(self, painter: QPainter, shown: QRectF, number: str, *, meant: bool) -> None:
        palette = theme().palette
        outline_face(painter, shown, palette.accent if meant else palette.text_quiet)
        if number:
            side = theme().px(20)
            disc = QRectF(shown.left() - side / 3, shown.top() - side / 3, side, side)
            painter.setBrush(QColor(palette.accent if meant else palette.surface))
            painter.drawEllipse(disc)
            painter.setPen(QColor(palette.on_accent if meant else palette.text))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, number)


def left_to_right(boxes: Sequence[Box]) -> list[int]:
    """Return the place of each box, counted from the left."""
    order = sorted(range(len(boxes)), key=lambda index: boxes[index].left)
    return [order.index(index) for index in range(len(boxes))]
