"""What stands on a page, from the top: a title, facts, rows of tables, totals, lines to sign on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen, QPolygonF

from attendance_app.domain.sessions import Status
from attendance_app.services.sheets.looks import HEAD, INK, LINE, TINTS

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_CENTRED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True, slots=True)
class Pens:
    """Fonts and distances in a device's own dots."""

    device: QPagedPaintDevice

    def font(self, points: float, *, bold: bool = False) -> QFont:
        font = QFont()
        font.setPointSizeF(points)
        font.setBold(bold)
        return font

    def metrics(self, font: QFont) -> QFontMetricsF:
        return QFontMetricsF(font, self.device)

    def points(self, count: float) -> float:
        """A length in typographic points."""
        return count * self.device.logicalDpiY() / 72


@dataclass(frozen=True, slots=True)
class Block:
    """A part that stays whole; it is ``height`` dots high, with what is free under it."""

    pens: Pens
    height: float

    def draw(self, painter: QPainter, top: float) -> None:
        """Draw it with its upper edge at ``top``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Line(Block):
    """Texts side by side, each at its place (x in dots)."""

    texts: tuple[tuple[float, str, QFont], ...]

    def draw(self, painter: QPainter, top: float) -> None:
        painter.setPen(QColor(f"#{INK}"))
        for x, text, font in self.texts:
            painter.setFont(font)
            painter.drawText(QPointF(x, top + self.pens.metrics(font).ascent()), text)


@dataclass(frozen=True, slots=True)
class Row(Block):
    """One row of a table. ``statuses``: None for a cell without one. ``head``: it is the columns' titles."""

    widths: tuple[float, ...]
    texts: tuple[str, ...]
    statuses: tuple[Status | None, ...]
    font: QFont
    padding: float
    centred: bool = False
    head: bool = False

    def draw(self, painter: QPainter, top: float) -> None:
        painter.setFont(self.font)
        left = 0.0
        for width, text, status in zip(self.widths, self.texts, self.statuses, strict=True):
            cell = QRectF(left, top, width, self.height)
            ink = "ffffff" if self.head else INK
            if self.head:
                painter.fillRect(cell, QColor(f"#{HEAD}"))
            elif status is not None:
                painter.fillRect(cell, QColor(f"#{TINTS[status].paper}"))
                ink = TINTS[status].ink
            painter.setPen(QPen(QColor(f"#{LINE}"), self.pens.points(0.5)))
            painter.drawRect(cell)
            painter.setPen(QColor(f"#{ink}"))
            inner = cell.adjusted(self.padding, self.padding, -self.padding, -self.padding)
            side = _CENTRED if self.centred and status is not None else _LEFT
            painter.drawText(inner, side | Qt.TextFlag.TextWordWrap, text)
            left += width


@dataclass(frozen=True, slots=True)
class Totals(Block):
    """How often each status occurs, on its colour."""

    caption: str
    counts: tuple[tuple[Status, str], ...]
    font: QFont = field(repr=False)

    def draw(self, painter: QPainter, top: float) -> None:
        metrics, gap = self.pens.metrics(self.font), self.pens.points(6)
        painter.setFont(self.font)
        painter.setPen(QColor(f"#{INK}"))
        painter.drawText(QPointF(0, top + metrics.ascent()), self.caption)
        left = metrics.horizontalAdvance(self.caption) + 2 * gap
        for status, text in self.counts:
            width = metrics.horizontalAdvance(text) + 2 * gap
            painter.fillRect(
                QRectF(left, top - gap / 4, width, metrics.height() + gap / 2), QColor(f"#{TINTS[status].paper}")
            )
            painter.setPen(QColor(f"#{TINTS[status].ink}"))
            painter.drawText(QPointF(left + gap, top + metrics.ascent()), text)
            left += width + gap


@dataclass(frozen=True, slots=True)
class Curve(Block):
    """Shares over time as a curve between 0 and 100 %, with a dashed line at a limit."""

    width: float
    shares: tuple[float | None, ...]
    limit: float | None
    font: QFont = field(repr=False)

    def draw(self, painter: QPainter, top: float) -> None:
        metrics = self.pens.metrics(self.font)
        left = metrics.horizontalAdvance("100 %") + self.pens.points(6)
        plot = QRectF(left, top + metrics.height() / 2, self.width - left, self.height - 2 * metrics.height())
        painter.setFont(self.font)
        for share in (0.0, 0.5, 1.0):
            height = plot.bottom() - share * plot.height()
            painter.setPen(QPen(QColor(f"#{LINE}"), self.pens.points(0.5)))
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
            painter.setPen(QColor(f"#{INK}"))
            place = QRectF(0, height - metrics.height() / 2, left - self.pens.points(4), metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share:.0%}")
        if self.limit is not None:
            pen = QPen(QColor(f"#{TINTS[Status.ABSENT].ink}"), self.pens.points(0.8), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            height = plot.bottom() - self.limit * plot.height()
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
        # Sessions with nothing to count leave no point; a single one stands in the middle.
        step = plot.width() / max(1, len(self.shares) - 1)
        start = plot.left() if len(self.shares) > 1 else plot.center().x()
        points = [
            QPointF(start + place * step, plot.bottom() - share * plot.height())
            for place, share in enumerate(self.shares)
            if share is not None
        ]
        painter.setPen(QPen(QColor(f"#{HEAD}"), self.pens.points(1.5)))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(f"#{HEAD}"))
        for point in points:
            painter.drawEllipse(point, self.pens.points(1.2), self.pens.points(1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def row_height(texts: Sequence[str], widths: Sequence[float], *, metrics: QFontMetricsF, padding: float) -> float:
    """Return the height of the tallest cell, its texts cut into lines at their spaces."""
    flags = int(_LEFT | Qt.TextFlag.TextWordWrap)
    # A little narrower than the cell, so that no text is drawn in more lines than were measured.
    rooms = [QRectF(0, 0, (width - 2 * padding) * 0.99, 1e6) for width in widths]
    tallest = max(metrics.boundingRect(room, flags, text).height() for text, room in zip(texts, rooms, strict=True))
    return max(tallest, metrics.height()) + 2 * padding
