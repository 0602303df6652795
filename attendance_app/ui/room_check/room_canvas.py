"""The checked picture: a frame for each face, by shape and colour, and a label for each row."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from attendance_app.services.room_check.room import RoomCheck, RoomFace, RoomRow, label_heights
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.painting import paint_camera_words
from attendance_app.ui.picture_canvas import PhotoPicture, PictureCanvas
from attendance_app.ui.room_check.room_words import SIGNS, row_words
from attendance_app.ui.theme import theme
from attendance_app.vision.reach import Reach

STYLES = {Reach.SURE: Qt.PenStyle.SolidLine, Reach.UNSURE: Qt.PenStyle.DashLine, Reach.OUT: Qt.PenStyle.SolidLine}


class RoomCanvas(PictureCanvas):
    """One checked picture."""

    def __init__(self) -> None:
        super().__init__()
        self._check: RoomCheck | None = None
        self._words = ""

    def show_check(self, picture: PhotoPicture, check: RoomCheck) -> None:
        """Show a picture with its check."""
        self._check = check
        self.set_picture(picture)

    def say_instead(self, words: str) -> None:
        """Show a text (translated) in place of a picture."""
        self._words, self._check = words, None
        self.set_picture(None)

    def paint_instead(self, painter: QPainter) -> None:
        paint_camera_words(painter, QRectF(self.rect()), self._words)

    def paint_over(self, painter: QPainter, picture: PhotoPicture) -> None:
        if self._check is None:
            return
        boxes = [self.box_in_widget(face.box, picture) for face in self._check.faces]
        for face, box in zip(self._check.faces, boxes, strict=True):
            _paint_face(painter, box, face)
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        painter.setFont(font)
        place, scale = self.place_in_widget(picture), self.pixels_a_pixel(picture)
        height = painter.fontMetrics().height() + theme().px(4)
        left = max(place.left(), 0) + theme().px(4)
        heights = label_heights(self._check.rows, (height + 2) / scale)
        for row, at in zip(self._check.rows, heights, strict=True):
            _paint_label(painter, QPointF(left, place.top() + at * scale - height / 2), row, boxes)

    def point_at(self, point: QPointF) -> bool:
        """Say of a face in which row it is and how large."""
        self.setToolTip(self._words_at(point))
        return False

    def _words_at(self, point: QPointF) -> str:
        if self._check is None or self._picture is None:
            return ""
        for row in self._check.rows:
            for face in row.faces:
                if self.box_in_widget(face.box, self._picture).adjusted(-3, -3, 3, 3).contains(point):
                    return tr("Row {number}: {size} px").format(number=row.number, size=face.box.width)
        return ""


def _paint_face(painter: QPainter, box: QRectF, face: RoomFace) -> None:
    palette = theme().palette
    colour = QColor(getattr(palette, SIGNS[face.reach][1]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # A rim first, which any picture leaves visible.
    for tint, width, style in ((QColor(palette.surface), 4, Qt.PenStyle.SolidLine), (colour, 2, STYLES[face.reach])):
        painter.setPen(QPen(tint, width, style))
        painter.drawRoundedRect(box, min(4.0, box.width() / 5), min(4.0, box.width() / 5))
        if face.reach is Reach.OUT:
            painter.drawLine(box.topLeft(), box.bottomRight())


def _paint_label(painter: QPainter, corner: QPointF, row: RoomRow, faces: list[QRectF]) -> None:
    """Paint a row's number and size, or its number alone where the size would cover a face."""
    palette, (icon, tint) = theme().palette, SIGNS[row.reach]
    side, gap, metrics = theme().px(14), theme().px(4), painter.fontMetrics()
    place, words = QRectF(), ""
    for words in (row_words(row), str(row.number)):
        width = metrics.horizontalAdvance(words) + side + 3 * gap
        place = QRectF(corner.x(), corner.y(), width, metrics.height() + gap)
        if not any(place.intersects(face) for face in faces):
            break
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.surface))
    painter.drawRoundedRect(place, 4, 4)
    painter.drawPixmap(QPointF(corner.x() + gap, place.center().y() - side / 2), pixmap(icon, 14, tint))
    painter.setPen(QColor(palette.text))
    beside = place.adjusted(side + 2 * gap, 0, 0, 0)
    painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
