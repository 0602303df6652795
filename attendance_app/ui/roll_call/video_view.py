"""The live picture with a box for each face: name below, state by colour and shape; boxes move smoothly.

While the class can see the screen (``discreet``) there are only boxes: no names, no doubts, no masks.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent

from attendance_app.domain.masks import MaskState
from attendance_app.services.session.frame_result import FaceState, FaceView, FrameResult
from attendance_app.services.session.regions import RegionCount
from attendance_app.ui.painting import paint_camera_words, paint_room
from attendance_app.ui.roll_call.region_grid import leave_names_out, paint_regions
from attendance_app.ui.roll_call.screen import ScaledFrame, Screen
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

GLIDE_SECONDS = 0.08
"""Time constant with which a box follows its face; within 150 ms it is there."""
KEEP_SECONDS = 0.6
"""A box stays this long after its face was last reported, so that it does not blink."""


@dataclass(slots=True)
class _Gliding:
    """A face's box in motion: centre and size in the frame's pixels."""

    face: FaceView
    box: tuple[float, float, float, float]
    last: float


class VideoView(TranslatedWidget):
    """Paints at the source's rate.

    ``name_of`` returns a student's short name, ``asks_about`` whether the teacher is asked about them: a face that only
    needs another look has no question mark.
    """

    def __init__(self, screen: Screen, name_of: Callable[[int], str], asks_about: Callable[[int], bool]) -> None:
        super().__init__()
        self._asks_about = asks_about
        self._screen = screen
        self._name_of = name_of
        self._shown: ScaledFrame | None = None
        self._faces: dict[int, _Gliding] = {}
        self._painted = time.monotonic()
        """When the boxes were last moved."""
        self._words = ""
        self.discreet = False
        self.regions: Sequence[RegionCount] = ()
        """Drawn over the picture; none: no grid."""
        self.setMinimumSize(240, 112)
        self.bind_text(self.setAccessibleName, "Picture of the camera")
        screen.arrived.connect(self._on_arrival)

    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width * 9 // 16

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._screen.make_room(self)

    def say_instead(self, words: str) -> None:
        """Show a text (translated) in place of the picture."""
        self._words = words
        self._shown = None
        self._faces.clear()
        # A picture that is still waiting would replace the text at once.
        self._screen.take()
        self.update()

    def _on_arrival(self) -> None:
        shown, result = self._screen.take()
        if shown is not None:
            self._shown = shown
        if result is not None:
            self._follow(result)
        self.update()

    def _follow(self, result: FrameResult) -> None:
        now = time.monotonic()
        for face in result.faces:
            known = self._faces.get(face.track_id)
            if known is None:
                box = face.box
                self._faces[face.track_id] = _Gliding(face, (box.left, box.top, box.width, box.height), now)
            else:
                known.face, known.last = face, now
        # A face can be missing from one result because the scan has missed it; without the delay its box would blink.
        self._faces = {track: one for track, one in self._faces.items() if now - one.last < KEEP_SECONDS}

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        paint_room(painter, rect)
        if self._shown is None:
            paint_camera_words(painter, rect, self._words)
        else:
            self._paint_picture(painter, rect, self._shown)
        painter.end()

    def _paint_picture(self, painter: QPainter, rect: QRectF, shown: ScaledFrame) -> None:
        # The picture comes in device pixels, painting is in logical ones.
        ratio = self.devicePixelRatioF()
        size = QSize(round(shown.image.width() / ratio), round(shown.image.height() / ratio))
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(rect.center())
        painter.drawImage(place, shown.image)
        now = time.monotonic()
        # Exponential smoothing by elapsed time, so that the movement doesn't depend on the rate of frames.
        share = 1 - math.exp(-(now - self._painted) / GLIDE_SECONDS)
        self._painted = now
        scale = shown.scale / ratio
        named = not leave_names_out(place, self.regions)
        for one in self._faces.values():
            target = one.face.box
            goal = (target.left, target.top, target.width, target.height)
            left, top, width, height = (a + (b - a) * share for a, b in zip(one.box, goal, strict=True))
            one.box = (left, top, width, height)
            box = QRectF(place.left() + left * scale, place.top() + top * scale, width * scale, height * scale)
            self._paint_face(painter, box, one.face, named=named)
        # Last: names of faces would hide the counts.
        if not self.discreet:
            paint_regions(painter, place, self.regions)

    def label_of(self, face: FaceView) -> str:
        """Return the text below a face: its name, "?" for a doubt or an unknown person, else nothing."""
        if self.discreet:
            return ""
        if face.state is FaceState.KNOWN and face.student_id is not None:
            return self._name_of(face.student_id)
        asked = face.state is FaceState.DOUBTFUL and face.student_id is not None and self._asks_about(face.student_id)
        return "?" if asked or face.state is FaceState.UNKNOWN else ""

    def _paint_face(self, painter: QPainter, box: QRectF, face: FaceView, *, named: bool) -> None:
        words, palette, line = self.label_of(face), theme().palette, Qt.PenStyle
        known = face.state is FaceState.KNOWN
        colour = QColor(palette.present if known else palette.review if words else palette.text_quiet)
        open_style = line.DotLine if face.state is FaceState.UNKNOWN else line.DashLine
        radius = min(8.0, box.width() / 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.surface), 4))  # a rim that any picture leaves visible
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(QPen(colour, 2 if known or words else 1, open_style if words and not known else line.SolidLine))
        painter.drawRoundedRect(box, radius, radius)
        if words and named:
            self._paint_label(painter, box, words, colour)
        if face.mask in {MaskState.WITH_MASK, MaskState.WORN_INCORRECTLY} and not self.discreet:
            _paint_mask(painter, box.topRight(), properly=face.mask is MaskState.WITH_MASK)

    def _paint_label(self, painter: QPainter, box: QRectF, words: str, colour: QColor) -> None:
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        font.setBold(words == "?")
        painter.setFont(font)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(int(box.width() * 1.6), 48))
        width, height = metrics.horizontalAdvance(shown) + 8, metrics.height() + 2
        place = QRectF(box.center().x() - width / 2, box.bottom() + 2, width, height)
        place.moveLeft(min(max(place.left(), 2), self.width() - width - 2))
        place.moveTop(min(place.top(), self.height() - height - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().palette.surface))
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_mask(painter: QPainter, corner: QPointF, *, properly: bool) -> None:
    """Paint a small mask in a disc; one that is not worn properly is lower, crossed out, and in another colour."""
    palette, side = theme().palette, theme().px(18)
    disc = QRectF(corner.x() - side / 2, corner.y() - side / 2, side, side)
    colour = QColor(palette.accent if properly else palette.late)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(QColor(palette.surface))
    painter.drawEllipse(disc)
    top = disc.top() + side * (0.36 if properly else 0.54)
    cloth = QRectF(disc.left() + side * 0.24, top, side * 0.52, side * 0.3)
    painter.setBrush(colour)
    painter.drawRoundedRect(cloth, 2, side * 0.14)
    if not properly:
        painter.drawLine(QPointF(disc.center().x(), disc.top() + side * 0.16), QPointF(disc.center().x(), top - 2))
