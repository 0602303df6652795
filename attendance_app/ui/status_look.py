"""How each status looks: a shape, a colour, a word and a key; never colour alone."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.ui.i18n import tr
from attendance_app.ui.theme import theme

KEYS = {
    Qt.Key.Key_P: Status.PRESENT,
    Qt.Key.Key_L: Status.LATE,
    Qt.Key.Key_A: Status.ABSENT,
    Qt.Key.Key_E: Status.EXCUSED,
    Qt.Key.Key_R: Status.LATE,
    Qt.Key.Key_F: Status.ABSENT,
    Qt.Key.Key_J: Status.EXCUSED,
}
"""P L A E, and the initials of retardo, falta and justificada; all of them work in both languages."""

COLOURS = {
    Status.PRESENT: "present",
    Status.LATE: "late",
    Status.ABSENT: "absent",
    Status.EXCUSED: "excused",
}
"""Names in the palette."""


def key_letter(status: Status) -> str:
    """The letter that stands for the status on buttons and in the register."""
    return {
        Status.PRESENT: tr("P", "key that marks present"),
        Status.LATE: tr("L", "key that marks late"),
        Status.ABSENT: tr("A", "key that marks absent"),
        Status.EXCUSED: tr("E", "key that marks excused"),
    }[status]


def status_word(status: Status) -> str:
    """The school's word for a status."""
    return {
        Status.PRESENT: tr("Present", "status of a student"),
        Status.LATE: tr("Late", "status of a student"),
        Status.ABSENT: tr("Absent", "status of a student"),
        Status.EXCUSED: tr("Excused", "status of a student"),
    }[status]


def status_count(status: Status, count: int) -> str:
    """Such as "2 absent"."""
    return {
        Status.PRESENT: tr("%n present", "", count),
        Status.LATE: tr("%n late", "", count),
        Status.ABSENT: tr("%n absent", "", count),
        Status.EXCUSED: tr("%n excused", "", count),
    }[status]


def marked_by_word(marked_by: MarkedBy) -> str:
    """Who set a mark."""
    return {
        MarkedBy.CAMERA: tr("Camera"),
        MarkedBy.TEACHER: tr("Teacher"),
        MarkedBy.CLOSE: tr("End of session"),
        MarkedBy.CARD: tr("Card", "who marked"),
    }[marked_by]


def status_colour(status: Status | None) -> QColor:
    """The colour of a status; of a question (None), that of what is to review."""
    return QColor(getattr(theme().palette, COLOURS[status] if status else "review"))


def paint_status(painter: QPainter, rect: QRectF, status: Status | None, *, on: QColor | None = None) -> None:
    """Draw the sign of a status into a square: tick, clock, ring, square; a question mark for None.

    ``on`` is the colour behind the sign, used to cut the tick out of its disc.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(rect.width(), rect.height())
    box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    inner = box.adjusted(side * 0.08, side * 0.08, -side * 0.08, -side * 0.08)
    pen = QPen(status_colour(status), max(1.5, side * 0.1))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    cut = on if on is not None else QColor(theme().palette.surface)
    _SIGNS[status](painter, inner, cut)
    painter.restore()


def _present(painter: QPainter, box: QRectF, cut: QColor) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(box)
    pen = QPen(painter.pen())
    pen.setColor(cut)
    painter.setPen(pen)
    left, top, side = box.left(), box.top(), box.width()
    points = ((0.28, 0.53), (0.44, 0.68), (0.73, 0.36))
    for (x0, y0), (x1, y1) in pairwise(points):
        start = QPointF(left + side * x0, top + side * y0)
        painter.drawLine(start, QPointF(left + side * x1, top + side * y1))


def _late(painter: QPainter, box: QRectF, cut: QColor) -> None:
    painter.drawEllipse(box)
    center = box.center()
    painter.drawLine(center, QPointF(center.x(), box.top() + box.height() * 0.22))
    painter.drawLine(center, QPointF(box.left() + box.width() * 0.72, center.y() + box.height() * 0.1))


def _absent(painter: QPainter, box: QRectF, cut: QColor) -> None:
    painter.drawEllipse(box)


def _excused(painter: QPainter, box: QRectF, cut: QColor) -> None:
    painter.drawRect(box.adjusted(1, 1, -1, -1))
    painter.drawLine(
        QPointF(box.left() + box.width() * 0.3, box.center().y()),
        QPointF(box.right() - box.width() * 0.3, box.center().y()),
    )


def _review(painter: QPainter, box: QRectF, cut: QColor) -> None:
    font = painter.font()
    font.setPixelSize(max(8, round(box.height() * 1.0)))
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")


_SIGNS = {
    Status.PRESENT: _present,
    Status.LATE: _late,
    Status.ABSENT: _absent,
    Status.EXCUSED: _excused,
    None: _review,
}
