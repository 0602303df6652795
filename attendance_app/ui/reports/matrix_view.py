"""The matrix with fixed columns for names and totals: two views of one model."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from attendance_app.domain.sessions import Status
from attendance_app.services.reports import StudentShare
from attendance_app.ui.reports.curve import paint_curve
from attendance_app.ui.reports.matrix_model import CURVE_ROLE, STATUS_ROLE, TOTALS, MatrixModel
from attendance_app.ui.rows_model import ROW_ROLE, Index
from attendance_app.ui.status_look import paint_status
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

CELL, ROW, NAMES = 44, 36, 190
"""Pixels at 100 %: width of a day, height of a row, width of the names."""
NARROW = 760
"""Below this width at 100 % the share is the only total shown."""
COUNT_WIDTH, SHARE_WIDTH, CURVE_WIDTH = 36, 92, 120
"""Pixels at 100 %: widths of the totals' columns."""


class MatrixView(TranslatedWidget):
    """Emits ``session_wanted`` with a column on Enter or double click, ``student_chosen`` with a row."""

    session_wanted = Signal(int)
    student_chosen = Signal(int)

    def __init__(self, model: MatrixModel) -> None:
        super().__init__()
        self._model = model
        self.days = _plain_view()
        self.totals = _plain_view()
        self.bind_text(self.days.setAccessibleName, "Attendance by student and date")
        self.bind_text(self.totals.setAccessibleName, "Totals by student")
        for view in (self.days, self.totals):
            view.setModel(model)
        # One selection for both views: a row is chosen as a whole.
        self.totals.setSelectionModel(self.days.selectionModel())
        self.totals.verticalHeader().hide()
        self.days.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self._days_delegate, self._totals_delegate = DayDelegate(), TotalDelegate()
        self.days.setItemDelegate(self._days_delegate)
        self.totals.setItemDelegate(self._totals_delegate)
        self.days.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Both have one always, so that their rows end at the same height and stay level.
        self.totals.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.days.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.days.verticalScrollBar().valueChanged.connect(self.totals.verticalScrollBar().setValue)
        self.totals.verticalScrollBar().valueChanged.connect(self.days.verticalScrollBar().setValue)
        across = self.days.horizontalScrollBar()
        across.rangeChanged.connect(lambda _least, most: across.setValue(most))  # the newest is in sight
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.days, 1)
        row.addWidget(self.totals)
        model.modelReset.connect(self.fit)
        theme().changed.connect(self.fit)
        self.days.activated.connect(self._on_activated)
        self.days.selectionModel().currentRowChanged.connect(lambda index: self.student_chosen.emit(index.row()))
        self.fit()

    def fit(self) -> None:
        """Lay out the columns for the sessions there are."""
        scale, sessions = theme().px, self._model.session_columns
        for view in (self.days, self.totals):
            view.verticalHeader().setDefaultSectionSize(scale(ROW))
            view.horizontalHeader().setFixedHeight(scale(44))
        self.days.verticalHeader().setFixedWidth(scale(NAMES))
        for column in range(sessions + TOTALS):
            self.days.setColumnHidden(column, column >= sessions)
            self.totals.setColumnHidden(column, column < sessions)
            if column < sessions:
                self.days.setColumnWidth(column, scale(CELL))
        widths = [scale(COUNT_WIDTH)] * len(Status) + [scale(SHARE_WIDTH), scale(CURVE_WIDTH)]
        for total, width in enumerate(widths):
            self.totals.setColumnWidth(sessions + total, width)
        narrow = self.width() < scale(NARROW)
        for total, width in enumerate(widths):
            if narrow and width != scale(SHARE_WIDTH):
                self.totals.setColumnHidden(sessions + total, True)
        self.totals.setFixedWidth((scale(SHARE_WIDTH) if narrow else sum(widths)) + scale(12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Only when the limit is crossed: fitting sets every column.
        if (event.size().width() < theme().px(NARROW)) != (event.oldSize().width() < theme().px(NARROW)):
            self.fit()

    def _on_activated(self, index: Index) -> None:
        if index.column() < self._model.session_columns:
            self.session_wanted.emit(index.column())

    def retranslate(self) -> None:
        self._model.refresh()


class DayDelegate(QStyledItemDelegate):
    """One sign a cell; a dot where there is no mark."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        _background(painter, option)
        status = index.data(STATUS_ROLE)
        rect = QRectF(option.rect)
        side = theme().px(16)
        if status is None:
            painter.setPen(QColor(theme().palette.text_quiet))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "·")
        else:
            cell = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
            paint_status(painter, cell, status)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme().palette.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))


class TotalDelegate(QStyledItemDelegate):
    """Counts as text, the share as a bar with the limit, the course of time as a small curve."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: StudentShare = index.data(ROW_ROLE)
        curve = index.data(CURVE_ROLE)
        _background(painter, option)
        rect = QRectF(option.rect)
        if curve is not None:
            paint_curve(painter, rect.adjusted(8, 8, -8, -8), curve, theme().palette.accent)
            return
        text = index.data() or ""
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        below = line.below and colour is None
        painter.save()
        painter.setPen(QColor(theme().palette.absent) if below else colour or QColor(theme().palette.text))
        font = painter.font()
        font.setBold(below)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"▼ {text}" if below else text)
        painter.restore()


def _background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(theme().palette.accent_soft))


def _plain_view() -> QTableView:
    view = QTableView()
    view.setProperty("role", "matrix")
    view.setShowGrid(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    for header in (view.horizontalHeader(), view.verticalHeader()):
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
    return view
