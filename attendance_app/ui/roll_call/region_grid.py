"""Nine regions drawn over a picture, each with how many of its faces are named."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from attendance_app.services.session.regions import RegionCount
from attendance_app.ui.icons import pixmap
from attendance_app.ui.theme import theme

SIDES = 3
NAMES_FROM = 640
"""Width of the shown picture in pixels at 100 % from which names of faces have room beside the counts."""


def leave_names_out(place: QRectF, regions: Sequence[RegionCount]) -> bool:
    """Whether counts and names would cover the faces of a picture that is shown at ``place``."""
    return bool(regions) and place.width() < theme().px(NAMES_FROM)


def paint_regions(painter: QPainter, place: QRectF, regions: Sequence[RegionCount]) -> None:
    """Paint over a picture that is shown at ``place``; ``regions`` row by row, or none at all."""
    if not regions:
        return
    for colour, width in ((theme().palette.surface, 3), (theme().palette.text_quiet, 1)):
        painter.setPen(QPen(QColor(colour), width))
        for part in range(1, SIDES):
            x = place.left() + place.width() * part / SIDES
            y = place.top() + place.height() * part / SIDES
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
    font = painter.font()
    font.setPixelSize(theme().text_px("small"))
    painter.setFont(font)
    for number, region in enumerate(regions):
        if region.found:
            row, column = divmod(number, SIDES)
            x = place.left() + place.width() * column / SIDES
            y = place.top() + place.height() * row / SIDES
            _paint_count(painter, QPointF(x, y), region)


def _paint_count(painter: QPainter, corner: QPointF, region: RegionCount) -> None:
    """Paint "4 / 6" with a sign at the upper left of its region."""
    palette, gap, side = theme().palette, theme().px(4), theme().px(14)
    icon, tint = sign_of(region)
    words, metrics = f"{region.named} / {region.found}", painter.fontMetrics()
    width = metrics.horizontalAdvance(words) + side + 3 * gap
    room = QRectF(corner.x() + gap, corner.y() + gap, width, metrics.height() + gap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.surface))
    painter.drawRoundedRect(room, 4, 4)
    painter.drawPixmap(QPointF(room.left() + gap, room.center().y() - side / 2), pixmap(icon, 14, tint))
    painter.setPen(QColor(palette.text))
    beside = room.adjusted(side + 2 * gap, 0, 0, 0)
    painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


def sign_of(region: RegionCount) -> tuple[str, str]:
    """Return icon and colour: all named, only doubts left, or faces without a name."""
    if region.named == region.found:
        return "check-circle", "present"
    if region.named + region.doubtful == region.found:
        return "question", "review"
    return "warning-circle", "late"
