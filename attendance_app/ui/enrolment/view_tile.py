"""One of the three views: its picture once it is taken, pressed to take it again."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from attendance_app.services.capture_coach import View
from attendance_app.ui.enrolment.coach_words import view_word
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.pictures import paint_portrait
from attendance_app.ui.theme import theme

SIDE = 72
"""Pixels a side of the picture at 100 %."""


class ViewTile(QAbstractButton):
    """Enabled once its view is taken."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self._image = QImage()
        self._wanted = False
        self._odd = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Qt then repaints when the pointer comes or goes, which changes the sign.
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_picture(QImage())

    def sizeHint(self) -> QSize:
        return QSize(theme().px(SIDE + 8), theme().px(SIDE + 8) + theme().text_px("small") + 12)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_picture(self, image: QImage, *, odd: bool = False) -> None:
        """Show what was taken, or nothing yet. ``odd``: something about it has to be looked at."""
        self._image, self._odd = image, odd
        self.setEnabled(not image.isNull())
        self.retranslate()
        self.update()

    def show_wanted(self, wanted: bool) -> None:
        """Say whether this is the view that the coach asks for."""
        if wanted != self._wanted:
            self._wanted = wanted
            self.update()

    def retranslate(self) -> None:
        """Say the name again, after a change of language or picture."""
        name = view_word(self.view)
        if self._image.isNull():
            words = tr("{view}: not taken yet").format(view=name)
            self.setToolTip("")
        else:
            words = tr("{view}: take it again").format(view=name)
            self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, side = theme().palette, theme().px(SIDE)
        place = QRectF((self.width() - side) / 2, 4, side, side)
        if self._image.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(place, 8, 8)
            sign = pixmap("user", 32, "text_quiet")
            size = sign.deviceIndependentSize()
            painter.drawPixmap(
                round(place.center().x() - size.width() / 2), round(place.center().y() - size.height() / 2), sign
            )
        else:
            paint_portrait(painter, place, self._image, "", radius=8)
            self._paint_sign(painter, place)
        ring = palette.accent if self._wanted or self.hasFocus() else palette.border
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(ring), 3 if self.hasFocus() else 2 if self._wanted else 1))
        painter.drawRoundedRect(place.adjusted(-1, -1, 1, 1), 9, 9)
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        painter.setFont(font)
        painter.setPen(QColor(palette.text if self._wanted else palette.text_quiet))
        below = QRectF(0, place.bottom() + 4, self.width(), self.height() - place.bottom() - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, view_word(self.view))
        painter.end()

    def _paint_sign(self, painter: QPainter, place: QRectF) -> None:
        name, tint = ("warning", "late") if self._odd else ("check-circle", "present")
        if self.underMouse():
            name, tint = "arrow-clockwise", "text"
        sign = pixmap(name, 18, tint)
        side = sign.deviceIndependentSize().width()
        corner = QRectF(place.right() - side - 3, place.bottom() - side - 3, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().palette.surface))
        painter.drawEllipse(corner.adjusted(-2, -2, 2, 2))
        painter.drawPixmap(corner.topLeft(), sign)
