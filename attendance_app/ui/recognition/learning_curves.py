"""The curves of a training while it runs: what is named right, and the loss, epoch by epoch."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from attendance_app.services.training_events import EpochDone
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.reports.curve import paint_curve
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


class LearningCurves(TranslatedWidget):
    """Two charts side by side, each of the photos learnt and of those kept back; hidden before the first epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: tuple[EpochDone, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._fit)
        self._fit()
        self.hide()

    def show_epochs(self, epochs: Sequence[EpochDone]) -> None:
        """Show the epochs so far."""
        self.epochs = tuple(epochs)
        self.setVisible(bool(self.epochs))
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        if self.epochs:
            last = self.epochs[-1]
            # The same in words, for those who hear the window.
            self.setAccessibleName(
                tr("Epoch {epoch}: of the photos kept back {share} named right").format(
                    epoch=dates.number(last.epoch), share=dates.percent(last.val_accuracy)
                )
            )
            self.setToolTip(self.accessibleName())

    def _fit(self) -> None:
        self.setFixedHeight(theme().px(168))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(480), theme().px(168))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        half = (self.width() - theme().px(16)) / 2
        right = QRectF(half + theme().px(16), 0, half, self.height())
        named = [(one.accuracy, one.val_accuracy) for one in self.epochs]
        losses = [(one.loss, one.val_loss) for one in self.epochs]
        self._paint(painter, QRectF(0, 0, half, self.height()), tr("Named right"), named, top=1.0)
        highest = max((value for pair in losses for value in pair), default=1.0)
        self._paint(painter, right, tr("Loss"), losses, top=highest or 1.0)
        painter.end()

    def _paint(
        self, painter: QPainter, place: QRectF, title: str, pairs: Sequence[tuple[float, float]], *, top: float
    ) -> None:
        """Draw one chart from 0 to ``top``; ``pairs``: of the photos learnt and of those kept back, an epoch each."""
        palette, scale = theme().palette, theme().px
        plot = place.adjusted(scale(8), scale(48), -scale(8), -scale(12))
        painter.setPen(QPen(QColor(palette.border), 1))
        for height in (plot.top(), plot.center().y(), plot.bottom()):
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
        painter.setPen(QColor(palette.text))
        head = QRectF(plot.left(), place.top(), plot.width(), scale(20))
        highest = dates.percent(top) if top == 1.0 else f"{top:.1f}"
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(QColor(palette.text_quiet))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, highest)
        left = plot.left()
        for index, (name, colour) in enumerate(
            ((tr("photos learnt"), palette.text_quiet), (tr("photos kept back"), palette.accent))
        ):
            paint_curve(painter, plot, [pair[index] / top for pair in pairs], colour)
            painter.setPen(QColor(colour))
            line = QRectF(left, place.top() + scale(22), plot.width(), scale(20))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
            left += painter.fontMetrics().horizontalAdvance(name) + scale(16)
