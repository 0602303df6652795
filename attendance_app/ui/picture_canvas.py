"""A picture that can be enlarged and moved: zoom with the wheel, drag to move, double-click for the whole."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from attendance_app.domain.faces import Box, FloatBox, Image
from attendance_app.ui.painting import paint_room
from attendance_app.ui.pictures import image_of

MOST_ZOOM = 12.0
"""In sizes at which the whole picture is seen."""
CLICK_PIXELS = 4
"""A press that moves further before it is let go drags the picture."""

KEPT_SIDE = 2400
"""Longest side in pixels of the pictures that are kept for showing: 13 MB each."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoPicture:
    """A picture made small enough to keep; ``scale`` leads from its own pixels to the picture's."""

    name: str
    image: QImage
    scale: float

    @property
    def own_size(self) -> tuple[float, float]:
        """Width and height in its own pixels."""
        return self.image.width() / self.scale, self.image.height() / self.scale


def photo_picture(name: str, image: Image) -> PhotoPicture:
    """Make a picture (RGB) ready to be shown; may be called in any thread."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, KEPT_SIDE / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return PhotoPicture(name, image_of(image), scale)


class PictureCanvas(QWidget):
    """One picture. A subclass paints over it, and says what is under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: PhotoPicture | None = None
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        """The place of the picture, in shares of its sides, that stands in the middle."""
        self._pressed: QPointF | None = None
        """Where the picture is held by the mouse button; None while it is not pressed."""
        self._dragged = False
        self.setMinimumSize(240, 112)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def set_picture(self, picture: PhotoPicture | None) -> None:
        """Show another picture, whole."""
        if picture is not self._picture:
            self.fit()
        self._picture = picture
        self.update()

    # -- for subclasses

    def paint_over(self, painter: QPainter, picture: PhotoPicture) -> None:
        """Paint what belongs to the picture."""

    def paint_instead(self, painter: QPainter) -> None:
        """Paint where there is no picture."""

    def point_at(self, point: QPointF) -> bool:
        """React to the pointer that moves over a point of the widget; whether a click there means something."""
        del point
        return False

    def click_at(self, point: QPointF) -> None:
        """React to a click."""

    # -- zoom and place

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge or shrink about a point of the widget, by default its middle."""
        if self._picture is None:
            return
        about = at or QPointF(self.width() / 2, self.height() / 2)
        before = self.place_in_widget(self._picture)
        # What is under the pointer shall stay there: its place in the picture is noted, then brought back.
        share = QPointF((about.x() - before.left()) / before.width(), (about.y() - before.top()) / before.height())
        self._zoom = min(MOST_ZOOM, max(1.0, self._zoom * factor))
        after = self.place_in_widget(self._picture)
        moved = QPointF(after.left() + share.x() * after.width(), after.top() + share.y() * after.height()) - about
        self._centre += QPointF(moved.x() / after.width(), moved.y() / after.height())
        self._keep_inside()
        self.update()

    def show_middle_of(self, box: FloatBox) -> None:
        """Bring a box of the picture into the middle, where the picture is enlarged."""
        if self._picture is None or self._zoom <= 1:
            return
        width, height = self._picture.own_size
        self._centre = QPointF((box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height)
        self._keep_inside()
        self.update()

    def pixels_a_pixel(self, picture: PhotoPicture) -> float:
        """Widget's pixels a pixel of the picture."""
        width, height = picture.own_size
        return min(self.width() / width, self.height() / height) * self._zoom

    def place_in_widget(self, picture: PhotoPicture) -> QRectF:
        """Return where the whole picture is in the widget."""
        scale = self.pixels_a_pixel(picture)
        width, height = (side * scale for side in picture.own_size)
        left, top = self.width() / 2 - self._centre.x() * width, self.height() / 2 - self._centre.y() * height
        return QRectF(left, top, width, height)

    def box_in_widget(self, box: Box | FloatBox, picture: PhotoPicture) -> QRectF:
        """Return where a box of the picture is in the widget."""
        place, scale = self.place_in_widget(picture), self.pixels_a_pixel(picture)
        return QRectF(
            place.left() + box.left * scale, place.top() + box.top * scale, box.width * scale, box.height * scale
        )

    def _keep_inside(self) -> None:
        """No empty room beside a picture that is larger than the widget."""
        if self._picture is None:
            return
        place = self.place_in_widget(self._picture)
        shares = []
        for centre, side, room in (
            (self._centre.x(), place.width(), self.width()),
            (self._centre.y(), place.height(), self.height()),
        ):
            half = room / 2 / side
            shares.append(0.5 if half >= 0.5 else min(max(centre, half), 1 - half))
        self._centre = QPointF(*shares)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_room(painter, QRectF(self.rect()))
        if self._picture is None:
            self.paint_instead(painter)
        else:
            painter.drawImage(self.place_in_widget(self._picture), self._picture.image)
            self.paint_over(painter, self._picture)
        painter.end()

    # -- the mouse

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._keep_inside()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Qt counts one notch of a wheel as 120.
        self.zoom_by(1.2 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._picture is None:
            over = self.point_at(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() > CLICK_PIXELS:
            self._dragged = True
            place = self.place_in_widget(self._picture)
            self._centre -= QPointF(moved.x() / place.width(), moved.y() / place.height())
            self._pressed = event.position()
            self._keep_inside()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._dragged:
            self.click_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.point_at(event.position()):
            self.fit()
