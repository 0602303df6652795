"""The photographs of the room with a box a face: zoom with the wheel, drag to move, click a face to say who it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from attendance_app.domain.faces import Image
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.photo_report import PhotoFaces
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.painting import paint_room
from attendance_app.ui.pictures import image_of
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

MOST_ZOOM = 12.0
"""In sizes at which the whole photograph is seen."""
CLICK_PIXELS = 4
"""A press that moves further before it is let go drags the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoPicture:
    """A photograph made small enough to keep; ``scale`` leads from its own pixels to the picture's."""

    name: str
    image: QImage
    scale: float


KEPT_SIDE = 2400
"""Longest side in pixels of the pictures that are kept for showing: 13 MB each."""


def photo_picture(name: str, image: Image) -> PhotoPicture:
    """Make a photograph (RGB) ready to be shown; may be called in any thread."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, KEPT_SIDE / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return PhotoPicture(name, image_of(image), scale)


class PhotoCanvas(QWidget):
    """One photograph. ``name_of`` gives a student's short name, ``asks_about`` whether there is a doubt about them."""

    face_clicked = Signal(object)
    """With the FaceView."""

    def __init__(self, name_of: Callable[[int], str], asks_about: Callable[[int], bool]) -> None:
        super().__init__()
        self._name_of = name_of
        self._asks_about = asks_about
        self._picture: PhotoPicture | None = None
        self._faces: tuple[FaceView, ...] = ()
        self._chosen: int | None = None
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        """The place of the picture, in shares of its sides, that stands in the middle."""
        self._pressed: QPointF | None = None
        """Where the picture is held by the mouse button; None while it is not pressed."""
        self._dragged = False
        self.discreet = False
        self.setMinimumSize(240, 112)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def show_picture(self, picture: PhotoPicture | None, faces: Sequence[FaceView]) -> None:
        """Show another photograph, whole."""
        if picture is not self._picture:
            self.fit()
        self._picture, self._faces = picture, tuple(faces)
        self.update()

    def choose(self, student_id: int | None) -> None:
        """Mark the face of a student, and bring it into sight where the picture is enlarged."""
        self._chosen = student_id
        face = next((one for one in self._faces if student_id is not None and one.student_id == student_id), None)
        if face is not None and self._picture is not None and self._zoom > 1:
            width, height = self._own_size(self._picture)
            box = face.box
            self._centre = QPointF((box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height)
            self._keep_inside()
        self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge or shrink about a point of the widget, by default its middle."""
        if self._picture is None:
            return
        about = at or QPointF(self.width() / 2, self.height() / 2)
        before = self._place(self._picture)
        # What is under the pointer shall stay there: its place in the picture is noted, then brought back.
        share = QPointF((about.x() - before.left()) / before.width(), (about.y() - before.top()) / before.height())
        self._zoom = min(MOST_ZOOM, max(1.0, self._zoom * factor))
        after = self._place(self._picture)
        moved = QPointF(after.left() + share.x() * after.width(), after.top() + share.y() * after.height()) - about
        self._centre += QPointF(moved.x() / after.width(), moved.y() / after.height())
        self._keep_inside()
        self.update()

    def face_at(self, point: QPointF) -> FaceView | None:
        """Return the face at a point of the widget, the smallest where boxes overlap."""
        if self._picture is None:
            return None
        # Three pixels around count too: faces of the last row are small.
        inside = [one for one in self._faces if self._box_of(one, self._picture).adjusted(-3, -3, 3, 3).contains(point)]
        return min(inside, key=lambda one: one.box.width * one.box.height, default=None)

    def place_of(self, face: FaceView) -> QRectF:
        """Return where a face is in the widget."""
        return QRectF() if self._picture is None else self._box_of(face, self._picture)

    def label_of(self, face: FaceView) -> str:
        """What stands under a face: its name, with "?" where the teacher is asked; "?" for nobody on the roster."""
        if self.discreet:
            return ""
        if face.student_id is not None:
            name = self._name_of(face.student_id)
            return f"{name}?" if face.state is FaceState.DOUBTFUL and self._asks_about(face.student_id) else name
        return "?" if face.state is FaceState.UNKNOWN else ""

    # -- geometry

    def _own_size(self, picture: PhotoPicture) -> tuple[float, float]:
        return picture.image.width() / picture.scale, picture.image.height() / picture.scale

    def _fitting(self, picture: PhotoPicture) -> float:
        """Widget's pixels a pixel of the photograph, where it is shown whole."""
        width, height = self._own_size(picture)
        return min(self.width() / width, self.height() / height)

    def _place(self, picture: PhotoPicture) -> QRectF:
        scale = self._fitting(picture) * self._zoom
        width, height = (side * scale for side in self._own_size(picture))
        left, top = self.width() / 2 - self._centre.x() * width, self.height() / 2 - self._centre.y() * height
        return QRectF(left, top, width, height)

    def _box_of(self, face: FaceView, picture: PhotoPicture) -> QRectF:
        place, scale, box = self._place(picture), self._fitting(picture) * self._zoom, face.box
        return QRectF(
            place.left() + box.left * scale, place.top() + box.top * scale, box.width * scale, box.height * scale
        )

    def _keep_inside(self) -> None:
        """No empty room beside a picture that is larger than the widget."""
        if self._picture is None:
            return
        place = self._place(self._picture)
        shares = []
        for centre, side, room in (
            (self._centre.x(), place.width(), self.width()),
            (self._centre.y(), place.height(), self.height()),
        ):
            half = room / 2 / side
            shares.append(0.5 if half >= 0.5 else min(max(centre, half), 1 - half))
        self._centre = QPointF(*shares)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_room(painter, QRectF(self.rect()))
        if self._picture is not None:
            painter.drawImage(self._place(self._picture), self._picture.image)
            # The chosen face first, then the nearest: a label that would cover another one is left out.
            faces = sorted(self._faces, key=lambda one: (not self._is_chosen(one), -one.box.height))
            labels: list[QRectF] = []
            shown = QRectF(self.rect())
            for face in (one for one in faces if self._box_of(one, self._picture).intersects(shown)):
                self._paint_face(painter, face, self._picture, labels)
        painter.end()

    def _is_chosen(self, face: FaceView) -> bool:
        return not self.discreet and face.student_id is not None and face.student_id == self._chosen

    def _paint_face(self, painter: QPainter, face: FaceView, picture: PhotoPicture, labels: list[QRectF]) -> None:
        """``labels``: where words stand already; adds its own."""
        box, palette, words = self._box_of(face, picture), theme().palette, self.label_of(face)
        chosen = self._is_chosen(face)
        sure = face.student_id is not None and not words.endswith("?")
        colour = QColor(palette.present if sure else palette.review if words else palette.text_quiet)
        radius = min(8.0, box.width() / 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.surface), 5 if chosen else 3))  # a rim that any picture leaves visible
        painter.drawRoundedRect(box, radius, radius)
        style = Qt.PenStyle.SolidLine if sure or not words else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 3 if chosen else 1.5, style))
        painter.drawRoundedRect(box, radius, radius)
        if words:
            self._paint_label(painter, box, words, colour, chosen=chosen, labels=labels)

    def _paint_label(
        self, painter: QPainter, box: QRectF, words: str, colour: QColor, *, chosen: bool, labels: list[QRectF]
    ) -> None:
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        font.setBold(chosen)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        room = max(int(box.width() * 1.8), metrics.horizontalAdvance("M") * (12 if chosen else 3))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width, height = metrics.horizontalAdvance(shown) + 6, metrics.height()
        place = QRectF(box.center().x() - width / 2, box.bottom() + 2, width, height)
        place.moveLeft(min(max(place.left(), 2), self.width() - width - 2))
        place.moveTop(min(place.top(), self.height() - height - 2))
        if any(place.intersects(other) for other in labels):
            return
        labels.append(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().palette.surface))
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)

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
            over = self.face_at(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            self.setToolTip("" if over is None else self.label_of(over))
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() > CLICK_PIXELS:
            self._dragged = True
            place = self._place(self._picture)
            self._centre -= QPointF(moved.x() / place.width(), moved.y() / place.height())
            self._pressed = event.position()
            self._keep_inside()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._dragged:
            face = self.face_at(event.position())
            if face is not None:
                self.face_clicked.emit(face)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.face_at(event.position()) is None:
            self.fit()


class PhotoView(TranslatedWidget):
    """The photographs of a roll, one at a time."""

    face_clicked = Signal(object, object)
    """With the FaceView and its QRect in global pixels."""

    def __init__(self, name_of: Callable[[int], str], asks_about: Callable[[int], bool]) -> None:
        super().__init__()
        self._pictures: list[PhotoPicture] = []
        self._faces: tuple[PhotoFaces, ...] = ()
        self._named: dict[int, int | None] = {}
        """Student ids by track, as the teacher has named the faces."""
        self._at = 0
        self.canvas = PhotoCanvas(name_of, asks_about)
        self.bind_text(self.canvas.setAccessibleName, "Photograph of the room")
        self.canvas.face_clicked.connect(self._on_face)
        self.caption = label("quiet")
        self.back = Button("quiet", "caret-left").with_text("", hint="Photograph before")
        self.on = Button("quiet", "caret-right").with_text("", hint="Next photograph")
        self.nearer = Button("quiet", "magnifying-glass-plus").with_text("", hint="Enlarge")
        self.whole = Button("quiet", "arrows-out").with_text("", hint="Show the whole photograph")
        self.back.on_click(lambda: self.show_photograph(self._at - 1))
        self.on.on_click(lambda: self.show_photograph(self._at + 1))
        self.nearer.on_click(lambda: self.canvas.zoom_by(1.5))
        self.whole.on_click(self.canvas.fit)
        bar = QHBoxLayout()
        bar.addWidget(self.back)
        bar.addWidget(self.caption, 1)
        for button in (self.on, self.nearer, self.whole):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.canvas, 1)
        column.addLayout(bar)
        self._show()

    def clear(self) -> None:
        """Forget the photographs of the session before."""
        self._pictures, self._faces, self._named, self._at = [], (), {}, 0
        self._show()

    def add(self, picture: PhotoPicture, faces: Sequence[PhotoFaces]) -> None:
        """Show another photograph, with what is known of the faces of all."""
        self._pictures.append(picture)
        self._faces = tuple(faces)
        self._at = len(self._pictures) - 1
        self._show()

    def name_faces(self, tracks: Sequence[int], student_id: int | None) -> None:
        """The teacher has said who somebody is; None: that was taken back."""
        for track in tracks:
            self._named[track] = student_id
        self._show()

    def show_photograph(self, place: int) -> None:
        """Show a photograph by its place, counted from 0; a place beyond the ends does nothing."""
        if 0 <= place < len(self._pictures):
            self._at = place
            self._show()

    def choose(self, student_id: int | None) -> None:
        """Show where a student is: here, or else in the first photograph that has them."""
        if student_id is not None and not self._has(self._at, student_id):
            found = next((place for place in range(len(self._pictures)) if self._has(place, student_id)), None)
            if found is not None:
                self.show_photograph(found)
        self.canvas.choose(student_id)

    def set_discreet(self, discreet: bool) -> None:
        """Hide names and doubts: the class can see the screen."""
        self.canvas.discreet = discreet
        self.canvas.update()

    def faces_at(self, place: int) -> tuple[FaceView, ...]:
        """Return the faces of a photograph, with the names that the teacher has given."""
        faces = self._faces[place].faces if place < len(self._faces) else ()
        return tuple(self._as_named(face) for face in faces)

    def retranslate(self) -> None:
        self._show()

    def _as_named(self, face: FaceView) -> FaceView:
        named = self._named.get(face.track_id)
        return face if named is None else replace(face, state=FaceState.KNOWN, student_id=named)

    def _has(self, place: int, student_id: int) -> bool:
        return any(face.student_id == student_id for face in self.faces_at(place))

    def _on_face(self, face: FaceView) -> None:
        place = self.canvas.place_of(face).toRect()
        place.moveTo(self.canvas.mapToGlobal(place.topLeft()))
        self.face_clicked.emit(face, place)

    def _show(self) -> None:
        if not self._pictures:
            self.canvas.show_picture(None, ())
            self.caption.setText("")
            return
        picture = self._pictures[self._at]
        self.canvas.show_picture(picture, self.faces_at(self._at))
        words = tr("{name} ({number} of {count})").format(
            name=picture.name, number=self._at + 1, count=len(self._pictures)
        )
        self.caption.setText(words)
        self.back.setEnabled(self._at > 0)
        self.on.setEnabled(self._at + 1 < len(self._pictures))
