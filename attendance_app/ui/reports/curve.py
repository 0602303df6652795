"""Shares over time as a curve: small in a cell, large with the limit as a line that can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip

from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

Shares = Sequence[float | None]
TALLEST = 176
"""Pixels: the chart grows with the text up to here, since the matrix above it needs the room."""
GRAB = 8
"""Distance in pixels from the limit's line within which the pointer drags it."""


def paint_curve(painter: QPainter, rect: QRectF, shares: Shares, colour: str, *, dots: bool = False) -> None:
    """Draw shares (0 to 1) from left to right; sessions with nothing to count leave no point."""
    points = [
        QPointF(_x(rect, index, len(shares)), _y(rect, share))
        for index, share in enumerate(shares)
        if share is not None
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), theme().px(2))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if len(points) > 1:
        painter.drawPolyline(QPolygonF(points))
    painter.setBrush(QColor(colour))
    for point in points if dots else points[-1:]:
        painter.drawEllipse(point, theme().px(2), theme().px(2))
    painter.restore()


def _x(rect: QRectF, index: int, count: int) -> float:
    # A single session stands in the middle.
    return rect.left() + rect.width() * (index / (count - 1) if count > 1 else 0.5)


def _y(rect: QRectF, share: float) -> float:
    return rect.bottom() - rect.height() * share


class ShareChart(TranslatedWidget):
    """The course's curve, a student's beside it, and the limit. ``limit_changed`` has a percentage."""

    limit_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._course: Shares = ()
        self._student: Shares = ()
        self._student_name = ""
        self._days: Sequence[str] = ()
        self._limit = 80
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.bind_text(self.setAccessibleName, "Attendance over time; arrow keys move the limit")
        theme().changed.connect(self._fit)
        self._fit()

    def show_course(self, shares: Shares, days: Sequence[str]) -> None:
        """Show another course; ``days`` name the sessions."""
        self._course, self._days = shares, days
        self.update()

    def show_student(self, name: str, shares: Shares) -> None:
        """Show a student's running share beside the course's; an empty one for nobody."""
        self._student_name, self._student = name, shares
        self.update()

    def set_limit(self, percent: int) -> None:
        self._limit = percent
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(min(theme().px(152), TALLEST))

    def _plot(self) -> QRectF:
        scale = theme().px
        return QRectF(self.rect()).adjusted(scale(64), scale(28), -scale(72), -scale(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, plot = theme().palette, self._plot()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.border_strong if not self.hasFocus() else palette.accent), 1))
        painter.setBrush(QColor(palette.surface))
        # Half a pixel inwards: a line of one pixel is sharp on the middle of pixels.
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        for share in (0.0, 0.5, 1.0):
            painter.setPen(QPen(QColor(palette.border), 1))
            painter.drawLine(QPointF(plot.left(), _y(plot, share)), QPointF(plot.right(), _y(plot, share)))
            painter.setPen(QColor(palette.text_quiet))
            words = QRectF(0, _y(plot, share) - 10, plot.left() - 8, 20)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, dates.percent(share))
        paint_curve(painter, plot, self._course, palette.accent, dots=True)
        if self._student:
            paint_curve(painter, plot, self._student, palette.review)
        self._paint_limit(painter, plot)
        self._paint_legend(painter, plot)
        painter.end()

    def _paint_limit(self, painter: QPainter, plot: QRectF) -> None:
        palette, height = theme().palette, _y(plot, self._limit / 100)
        pen = QPen(QColor(palette.absent), theme().px(1.5))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
        words = QRectF(plot.right() + 8, height - 12, self.width() - plot.right() - 12, 24)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"≥ {dates.percent(self._limit / 100)}"
        )

    def _paint_legend(self, painter: QPainter, plot: QRectF) -> None:
        palette = theme().palette
        entries = [(tr("Whole course"), palette.accent)]
        if self._student:
            entries.append((self._student_name, palette.review))
        left = plot.left()
        for text, colour in entries:
            room = plot.right() - left
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(max(0, min(room, 320))))
            painter.setPen(QPen(QColor(colour), theme().px(2)))
            painter.drawLine(QPointF(left, theme().px(14)), QPointF(left + 16, theme().px(14)))
            painter.setPen(QColor(palette.text))
            words = QRectF(left + 22, 0, room, theme().px(28))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            left += 22 + painter.fontMetrics().horizontalAdvance(shown) + 24

    # -- the limit by mouse and keyboard

    def _near_limit(self, y: float) -> bool:
        return abs(y - _y(self._plot(), self._limit / 100)) <= GRAB

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragging = self._near_limit(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = self._dragging or self._near_limit(event.position().y())
        self.setCursor(Qt.CursorShape.SizeVerCursor if near else Qt.CursorShape.ArrowCursor)
        if self._dragging:
            plot = self._plot()
            self._move_limit(round(100 * (plot.bottom() - event.position().y()) / plot.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        key = Qt.Key(event.key())
        if key in step:
            self._move_limit(self._limit + step[key])
        else:
            super().keyPressEvent(event)

    def _move_limit(self, percent: int) -> None:
        bounded = min(max(percent, 0), 100)
        if bounded != self._limit:
            self._limit = bounded
            self.update()
            self.limit_changed.emit(bounded)

    def event(self, event: QEvent) -> bool:
        # Qt's own tool tip is one text for the whole widget; here each session has its own.
        if isinstance(event, QHelpEvent) and self._days:
            plot = self._plot()
            position = (event.pos().x() - plot.left()) / max(1.0, plot.width())
            index = min(max(round(position * (len(self._days) - 1)), 0), len(self._days) - 1)
            share = self._course[index]
            QToolTip.showText(
                event.globalPos(), f"{self._days[index]}: {'–' if share is None else dates.percent(share)}", self
            )
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(400, theme().px(152))
