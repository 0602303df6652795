"""The roster as tiles or as a list: photo, name, status by shape and colour, time. Keys set marks."""

from typing import Literal

from PySide6.QtCore import QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QPixmap, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.names import search_rank
from attendance_app.domain.sessions import Status
from attendance_app.ui.pictures import paint_portrait
from attendance_app.ui.roll_call.marks_model import MarksModel, state_words, time_words
from attendance_app.ui.roll_call.roll_call_data import RollLine
from attendance_app.ui.rows_model import Index
from attendance_app.ui.status_look import KEYS, paint_status, status_colour
from attendance_app.ui.theme import theme

Shape = Literal["grid", "list"]
TILE, TILE_HEIGHT, ROW_HEIGHT, PHOTO = 96, 112, 48, 52
"""Pixels at 100 %: least width and height of a tile, height of a row, side of a tile's photo."""
FADED = 0.45
"""Opacity of the portrait of a student without a mark."""
_PAGE_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Escape})
"""Keys that the page answers, wherever in it the focus is."""


class RosterView(QListView):
    """Emits the actions of the keys; several students can be selected at once."""

    status_wanted = Signal(object)
    why_wanted = Signal()
    found_marked = Signal()
    """A student who was searched for has been marked."""

    def __init__(self, model: MarksModel) -> None:
        super().__init__()
        self._delegate = RosterDelegate(model)
        self._shape: Shape = "grid"
        self.advances = False
        """A key that marks one student moves on to the next: a roll by hand is one key a student."""
        self._only_missing = False
        self._wanted = ""
        """What is searched for."""
        self.setModel(model)
        model.dataChanged.connect(self._hide_rows)
        model.modelReset.connect(self._hide_rows)
        model.rowsInserted.connect(self._hide_rows)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme().changed.connect(self._fit)
        self.set_shape("grid")

    @property
    def shape(self) -> Shape:
        return self._shape

    def set_shape(self, shape: Shape) -> None:
        """Show tiles or rows; the current student stays visible."""
        self._shape = self._delegate.shape = shape
        grid = shape == "grid"
        self.setViewMode(QListView.ViewMode.IconMode if grid else QListView.ViewMode.ListMode)
        # Students keep their place: in the mode with icons Qt would let them be dragged.
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWrapping(grid)
        self._fit()
        self.scrollTo(self.currentIndex())

    def _fit(self) -> None:
        self.setGridSize(self._grid_size() if self._shape == "grid" else QSize())
        self.scheduleDelayedItemsLayout()

    def _grid_size(self) -> QSize:
        """As many columns as fit, together as wide as the view."""
        room = self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width() - 2
        least = theme().px(TILE)
        return QSize(max(least, room // max(1, room // least)), theme().px(TILE_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def chosen(self) -> list[RollLine]:
        """The selected students' lines, from the top."""
        # Qt has them in the order in which they were selected.
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._line(row) for row in rows]

    def choose(self, student_id: int) -> None:
        """Make this student the only one selected."""
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            if index.data(Qt.ItemDataRole.UserRole).student.id == student_id:
                self.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys of the number pad and capital letters set marks too; Ctrl and Alt belong to shortcuts.
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
        status = KEYS.get(Qt.Key(event.key())) if plain else None
        if status is not None and event.isAutoRepeat() and self.advances:
            event.accept()  # a key that is held down must not mark the whole class
        elif status is not None:
            self.mark(status)
        elif event.text() in {"?", "¿"}:
            self.why_wanted.emit()
        elif event.key() in _PAGE_KEYS or event.text() == "/":
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mark(self, status: Status) -> None:
        """Mark the selected students; then go on to the next, or to the next search."""
        self.status_wanted.emit(status)
        if self._wanted and self.selectedIndexes():
            self.found_marked.emit()
        elif self.advances and len(self.selectedIndexes()) == 1:
            self._advance()

    def _advance(self) -> None:
        """Make the next student who is shown the current one; the last one stays."""
        rows = range(self.currentIndex().row() + 1, self.model().rowCount())
        following = next((row for row in rows if not self.isRowHidden(row)), None)
        if following is not None:
            self.setCurrentIndex(self.model().index(following, 0))

    def show_only_missing(self, only: bool) -> None:
        """Show only those who are absent or have no mark yet; False: everybody."""
        self._only_missing = only
        self._hide_rows()

    def search(self, text: str) -> bool:
        """Show only those with every word of ``text`` in name or number, and select the best match; empty: everybody.

        Returns whether anybody is shown. The selection stays when the search ends.
        """
        self._wanted = text.strip()
        self._hide_rows()
        if not self._wanted:
            self.scrollTo(self.currentIndex())
            return True
        found = self._best_found()
        if found is not None:
            self.setCurrentIndex(self.model().index(found, 0))
        return found is not None

    def finds(self, text: str) -> bool:
        """Whether a search for ``text`` would show anybody."""
        return bool(self._shown_rows(text))

    def choose_found(self) -> None:
        """Select the best match if nobody is selected."""
        found = None if self.selectedIndexes() else self._best_found()
        if found is not None:
            self.setCurrentIndex(self.model().index(found, 0))

    def _best_found(self) -> int | None:
        ranks = {row: search_rank(self._line(row).student, self._wanted) for row in self._shown_rows(self._wanted)}
        # Of equal ones the first on the list.
        return min(ranks, key=lambda row: (ranks[row], row), default=None)

    def _shown_rows(self, wanted: str) -> list[int]:
        return [row for row in range(self.model().rowCount()) if self._shows(self._line(row), wanted)]

    def _shows(self, line: RollLine, wanted: str) -> bool:
        here = line.mark is not None and line.mark.status is not Status.ABSENT
        return not (self._only_missing and here) and (not wanted or search_rank(line.student, wanted) is not None)

    def _line(self, row: int) -> RollLine:
        line: RollLine = self.model().index(row, 0).data(Qt.ItemDataRole.UserRole)
        return line

    def _hide_rows(self) -> None:
        for row in range(self.model().rowCount()):
            hidden = not self._shows(self._line(row), self._wanted)
            if hidden != self.isRowHidden(row):
                self.setRowHidden(row, hidden)
                if hidden:
                    # A key must not mark somebody who is not shown.
                    self.selectionModel().select(self.model().index(row, 0), QItemSelectionModel.SelectionFlag.Deselect)


class RosterDelegate(QStyledItemDelegate):
    """Draws a student in either shape; one who is not there yet is drawn faintly."""

    def __init__(self, model: MarksModel) -> None:
        super().__init__()
        self._model = model
        self.shape: Shape = "grid"
        self._portraits: dict[tuple[int, float, float], QPixmap] = {}
        model.modelReset.connect(self.forget_portraits)
        theme().changed.connect(self.forget_portraits)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if self.shape == "grid":
            view = option.widget
            grid = view.gridSize() if isinstance(view, QListView) else QSize()
            return grid if grid.isValid() else QSize(theme().px(TILE), theme().px(TILE_HEIGHT))
        return QSize(theme().px(160), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: RollLine = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, line)
        if self.shape == "grid":
            self._tile(painter, option, line)
        else:
            self._row(painter, option, line)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, line: RollLine) -> None:
        palette = theme().palette
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(QColor(palette.accent_soft if selected else palette.surface))
        if focused:
            painter.setPen(QPen(QColor(palette.accent), 2))
        elif line.mark is not None:
            painter.setPen(QPen(status_colour(line.mark.status), 1.5))
        else:
            painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawRoundedRect(rect, 8, 8)

    def _portrait(self, painter: QPainter, rect: QRectF, line: RollLine) -> None:
        image = QImage() if self._model.discreet else line.portrait
        if image.isNull():
            paint_portrait(painter, rect, image, line.student.name, radius=rect.width() / 6)
            return
        # Who has no mark yet is faint: the class shows at a glance who is there.
        painter.setOpacity(1.0 if line.mark is not None else FADED)
        painter.drawPixmap(rect, self._scaled(painter, image, rect.width()), QRectF())
        painter.setOpacity(1.0)

    def _scaled(self, painter: QPainter, image: QImage, side: float) -> QPixmap:
        """Return a portrait at the screen's size from a cache: scaling all of them at each repaint takes tens of
        milliseconds."""
        ratio = painter.device().devicePixelRatio()
        key = (image.cacheKey(), side, ratio)
        made = self._portraits.get(key)
        if made is None:
            made = QPixmap(round(side * ratio), round(side * ratio))
            made.fill(Qt.GlobalColor.transparent)
            inside = QPainter(made)
            paint_portrait(inside, QRectF(made.rect()), image, "", radius=made.width() / 6)
            inside.end()
            self._portraits[key] = made
        return made

    def forget_portraits(self) -> None:
        """Clear the cache, because roster or size have changed."""
        self._portraits.clear()

    def _sign(self, painter: QPainter, rect: QRectF, line: RollLine) -> None:
        if line.mark is None and (line.doubt is None or self._model.discreet):
            return
        ground = QColor(theme().palette.surface)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(rect.adjusted(-2, -2, 2, 2))
        paint_status(painter, rect, line.mark.status if line.mark else None, on=ground)

    def _tile(self, painter: QPainter, option: QStyleOptionViewItem, line: RollLine) -> None:
        rect, px = QRectF(option.rect), theme().px
        photo = QRectF(rect.center().x() - px(PHOTO) / 2, rect.top() + px(8), px(PHOTO), px(PHOTO))
        self._portrait(painter, photo, line)
        side = px(22)
        self._sign(painter, QRectF(photo.right() - side * 0.7, photo.bottom() - side * 0.7, side, side), line)
        words = QRectF(rect.left() + 6, photo.bottom() + px(3), rect.width() - 12, px(31))
        _two_lines(painter, words, line.name)
        below = QRectF(words.left(), words.bottom(), words.width(), rect.bottom() - words.bottom() - px(3))
        small = time_words(line) or ("" if line.mark is None and line.doubt is None else state_words(line))
        if line.mark is not None or not self._model.discreet:
            _words(painter, below, small, size="small", tint="text_quiet", centred=True)

    def _row(self, painter: QPainter, option: QStyleOptionViewItem, line: RollLine) -> None:
        rect, px = QRectF(option.rect), theme().px
        side = px(32)
        photo = QRectF(rect.left() + 10, rect.center().y() - side / 2, side, side)
        self._portrait(painter, photo, line)
        sign = px(20)
        right = rect.right() - px(140)
        self._sign(painter, QRectF(right, rect.center().y() - sign / 2, sign, sign), line)
        state = QRectF(right + sign + 8, rect.top(), rect.right() - right - sign - 16, rect.height())
        _words(painter, state, state_words(line, discreet=self._model.discreet), size="text", tint="text")
        name = QRectF(photo.right() + 12, rect.top(), right - photo.right() - 16, rect.height())
        _words(painter, name, line.name, size="large", tint="text")


def _words(painter: QPainter, rect: QRectF, text: str, *, size: str, tint: str, centred: bool = False) -> None:
    font = painter.font()
    font.setPixelSize(theme().text_px(size))
    painter.setFont(font)
    painter.setPen(QColor(getattr(theme().palette, tint)))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    across = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | across, shown)


def _two_lines(painter: QPainter, rect: QRectF, text: str) -> None:
    """Draw a name on one line or two, the second shortened with "…"."""
    font = painter.font()
    font.setPixelSize(theme().text_px("small"))
    painter.setFont(font)
    painter.setPen(QColor(theme().palette.text))
    metrics = painter.fontMetrics()
    # ``drawText`` breaks lines or shortens, never both: the first line's end is found here, the rest is shortened.
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(rect.width())
    layout.endLayout()
    ends = first.textStart() + first.textLength()
    rest = metrics.elidedText(text[ends:].strip(), Qt.TextElideMode.ElideRight, int(rect.width()))
    height = metrics.lineSpacing()
    for number, words in enumerate(filter(None, (text[:ends].strip(), rest))):
        place = QRectF(rect.left(), rect.top() + number * height, rect.width(), height)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
