"""A student's sessions as a row of signs, newest at the right; each opens its session."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from attendance_app.domain.sessions import Mark, Session
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.status_look import paint_status, status_word
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

CELL = 24
"""Pixels a side of a sign with its margin, at 100 %."""


class Attended(Protocol):
    """One session and how the student was marked in it."""

    @property
    def session(self) -> Session: ...
    @property
    def mark(self) -> Mark: ...


class StatusStrip(TranslatedWidget):
    """As many sessions as fit, wrapped into at most four rows. Emits a session's id."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._history: Sequence[Attended] = ()
        self._focused = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.bind_text(self.setAccessibleName, "Sessions, newest last")

    def show_history(self, newest_first: Sequence[Attended]) -> None:
        """Show a student's sessions: at most 96, the newest at the right end."""
        self._history = tuple(reversed(newest_first[:96]))
        self._focused = max(0, len(self._history) - 1)
        self.setFixedHeight(self._rows() * theme().px(CELL) + 2)
        self.update()

    def _columns(self) -> int:
        return max(1, self.width() // theme().px(CELL))

    def _rows(self) -> int:
        # Rounded up.
        return max(1, min(4, -(-len(self._history) // self._columns())))

    def _shown(self) -> Sequence[Attended]:
        # The newest that fit into four rows.
        return self._history[-self._columns() * 4 :]

    def _cell(self, index: int) -> QRectF:
        side = theme().px(CELL)
        row, column = divmod(index, self._columns())
        return QRectF(column * side, row * side, side, side)

    def _index_at(self, x: float, y: float) -> int:
        return next((i for i in range(len(self._shown())) if self._cell(i).contains(x, y)), -1)

    def resizeEvent(self, event: object) -> None:
        self.setFixedHeight(self._rows() * theme().px(CELL) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for index, attended in enumerate(self._shown()):
            cell = self._cell(index)
            paint_status(painter, cell.adjusted(4, 4, -4, -4), attended.mark.status)
            if self.hasFocus() and index == self._focused:
                painter.setPen(QPen(QColor(theme().palette.accent), 2))
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns(),
            Qt.Key.Key_Down: self._columns(),
        }
        key = Qt.Key(event.key())
        if key in step:
            self._focused = min(max(self._focused + step[key], 0), len(self._shown()) - 1)
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._shown():
            self.chosen.emit(self._shown()[self._focused].session.id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x(), event.position().y())
        if index >= 0:
            self._focused = index
            self.update()
            self.chosen.emit(self._shown()[index].session.id)

    def event(self, event: QEvent) -> bool:
        # Qt's own tool tip is one text for the whole widget; here each sign has its own.
        if isinstance(event, QHelpEvent):
            index = self._index_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self._describe(self._shown()[index]) if index >= 0 else "", self)
            return True
        return super().event(event)

    @staticmethod
    def _describe(attended: Attended) -> str:
        words = f"{dates.day_and_time(attended.session.started_at)}: {status_word(attended.mark.status)}"
        remark = attended.mark.remark
        return words + (f"\n{tr('Remark')}: {remark}" if remark else "")

    def sizeHint(self) -> QSize:
        return QSize(theme().px(CELL) * 8, self._rows() * theme().px(CELL) + 2)
