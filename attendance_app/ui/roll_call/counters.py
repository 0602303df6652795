"""How many are present, late, absent, not yet seen, unknown and to review; signs beside the figures."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from attendance_app.domain.sessions import Status
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import icon
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.status_buttons import status_icon
from attendance_app.ui.status_look import status_count
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

GAP, SIGN_GAP = 16, 6


class Counters(TranslatedWidget):
    """Counters keep their place; those that are usually 0 are hidden at 0.

    Without room for the words, icon and number are shown alone, with the words as tool tip.
    """

    def __init__(self, model: MarksModel) -> None:
        super().__init__()
        self._model = model
        self._unknown = self._doubts = 0
        self._said: dict[str, tuple[int, str]] = {}
        """For each counter that is shown its figure, and the figure in words."""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._pairs = {name: self._pair() for name in ("present", "late", "absent", "excused", "blank", "unknown", "?")}
        self._row.addStretch(1)
        theme().changed.connect(self._draw_signs)
        self._draw_signs()

    def _draw_signs(self) -> None:
        size = QSize(theme().px(16), theme().px(16))
        signs = {status.value: status_icon(status).pixmap(size) for status in Status}
        signs |= {"blank": icon("circle-dashed", "text_quiet").pixmap(size), "?": status_icon(None).pixmap(size)}
        signs["unknown"] = icon("user-circle", "review").pixmap(size)
        for name, (_around, picture, _words) in self._pairs.items():
            picture.setPixmap(signs[name])
        self.retranslate()

    def _pair(self) -> tuple[QWidget, QLabel, QLabel]:
        around, sign, words = QWidget(), QLabel(), label("large")
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIGN_GAP)
        for part in (sign, words):
            row.addWidget(part)
        self._row.addWidget(around)
        return around, sign, words

    def show_open(self, *, unknown: int, doubts: int) -> None:
        """Count people to look at."""
        self._unknown, self._doubts = unknown, doubts
        self.retranslate()

    def retranslate(self) -> None:
        blank, discreet = self._model.count(None), self._model.discreet
        for status in Status:
            count = self._model.count(status)
            usual = status in {Status.PRESENT, Status.LATE}
            self._set(status.value, count, status_count(status, count), bool(count) or usual)
        self._set("blank", blank, tr("%n not yet", "", blank), bool(blank))
        self._set("unknown", self._unknown, tr("%n unknown", "", self._unknown), bool(self._unknown) and not discreet)
        self._set("?", self._doubts, tr("%n to review", "", self._doubts), bool(self._doubts) and not discreet)
        self._fit()

    def _set(self, name: str, count: int, words: str, shown: bool) -> None:
        self._pairs[name][0].setVisible(shown)
        if shown:
            self._said[name] = count, words
        else:
            self._said.pop(name, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = theme().px(16) + SIGN_GAP + GAP
        metrics = self._pairs["present"][2].fontMetrics()
        # From the words themselves: at the moment the labels may show figures alone.
        needed = sum(beside + metrics.horizontalAdvance(words) for _count, words in self._said.values()) - GAP
        for name, (count, words) in self._said.items():
            around, _picture, text = self._pairs[name]
            shown = words if needed <= self.width() else str(count)
            # Each new text makes Qt lay out the row again, which comes back here.
            if text.text() != shown:
                text.setText(shown)
            text.setAccessibleName(words)
            around.setToolTip("" if shown == words else words)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())
