"""The camera's picture as a mirror, with an oval to sit in and a ring that fills while a view is held."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent

from attendance_app.services.capture_coach import Advice, Coaching
from attendance_app.ui.painting import paint_camera_words, paint_room
from attendance_app.ui.roll_call.screen import ScaledFrame, Screen
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

OVAL_HEIGHT, OVAL_RATIO, OVAL_MIDDLE = 0.72, 0.76, 0.47
"""The oval's height as a share of the picture's, its width as a share of its height, and its centre."""

RING = "#5b8cff"
"""Colour of the ring. It and the white of the oval have a dark rim, so that they are visible on any picture."""


class CoachVideo(TranslatedWidget):
    """Paints each picture as it comes; the coach's result for it arrives later."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._shown: ScaledFrame | None = None
        self._coaching: Coaching | None = None
        self._words = ""
        self.setMinimumSize(320, 180)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bind_text(self.setAccessibleName, "Picture of the camera")
        screen.arrived.connect(self._on_arrival)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._screen.make_room(self)

    def say_instead(self, words: str) -> None:
        """Show a text (translated) in place of the picture."""
        self._words = words
        self._shown = self._coaching = None
        self._screen.take()
        self.update()

    def coach(self, coaching: Coaching | None) -> None:
        """Draw oval and ring for the coach's result; None: only the picture."""
        self._coaching = coaching
        self.update()

    def _on_arrival(self) -> None:
        shown, _ = self._screen.take()
        if shown is not None:
            self._shown = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        paint_room(painter, rect)
        if self._shown is None:
            paint_camera_words(painter, rect, self._words)
        else:
            place = self._paint_mirrored(painter, rect, self._shown)
            if self._coaching is not None:
                self._paint_oval(painter, place, self._coaching)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme().palette.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _paint_mirrored(self, painter: QPainter, rect: QRectF, shown: ScaledFrame) -> QRectF:
        ratio = self.devicePixelRatioF()
        place = QRectF(0, 0, shown.image.width() / ratio, shown.image.height() / ratio)
        place.moveCenter(rect.center())
        painter.save()
        # Mirrored about the middle of ``place``: a student moves as before a mirror.
        painter.translate(place.left() + place.right(), 0)
        painter.scale(-1, 1)
        painter.drawImage(place, shown.image)
        painter.restore()
        return place

    def _paint_oval(self, painter: QPainter, place: QRectF, coaching: Coaching) -> None:
        height = place.height() * OVAL_HEIGHT
        oval = QRectF(0, 0, height * OVAL_RATIO, height)
        oval.moveCenter(QPointF(place.center().x(), place.top() + place.height() * OVAL_MIDDLE))
        around, inside = QPainterPath(), QPainterPath()
        around.addRect(place)
        inside.addEllipse(oval)
        painter.fillPath(around.subtracted(inside), QColor(0, 0, 0, 96))
        good = coaching.progress > 0 or coaching.advice is Advice.DONE or coaching.taken is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 120), 6))
        painter.drawEllipse(oval)
        style = Qt.PenStyle.SolidLine if good else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor("#ffffff"), 3, style))
        painter.drawEllipse(oval)
        share = 1.0 if coaching.advice is Advice.DONE else coaching.progress
        if share > 0:
            ring = QPen(QColor(RING), 8)
            ring.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(ring)
            # Qt counts angles in sixteenths of a degree, anticlockwise from three o'clock.
            painter.drawArc(oval, 90 * 16, -round(share * 360 * 16))
        if coaching.advice in {Advice.TURN_LEFT, Advice.TURN_RIGHT}:
            _paint_arrow(painter, oval, to_left=coaching.advice is Advice.TURN_LEFT)


def _paint_arrow(painter: QPainter, oval: QRectF, *, to_left: bool) -> None:
    """Paint an arrow beside the oval; in a mirrored picture the student's left is at the left."""
    side = max(18.0, oval.width() * 0.12)
    sign = -1 if to_left else 1
    edge = oval.left() if to_left else oval.right()
    tip = QPointF(edge + sign * (side * 2.4), oval.center().y())
    back = tip.x() - sign * side
    points = [tip, QPointF(back, tip.y() - side), QPointF(back, tip.y() + side)]
    painter.setPen(QPen(QColor(0, 0, 0, 120), 2))
    painter.setBrush(QColor("#ffffff"))
    painter.drawPolygon(QPolygonF(points))
