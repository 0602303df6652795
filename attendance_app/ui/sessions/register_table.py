"""One session's register as a table; remarks are edited in place, a status by one key."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.excuses import seen_though_away
from attendance_app.domain.presence import Presence
from attendance_app.domain.sessions import CAME
from attendance_app.services.registers import RegisterLine
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.rows_model import ROW_ROLE, Column, Index, RowsModel
from attendance_app.ui.status_look import KEYS, marked_by_word, paint_status, status_word
from attendance_app.ui.tables import RowTable
from attendance_app.ui.theme import theme

NAME, STATUS, ARRIVED, MINUTES, MARKED_BY, REMARK = range(6)


def register_model(
    name: Callable[[RegisterLine], str], presence: Callable[[RegisterLine], Presence | None]
) -> RowsModel[RegisterLine]:
    """Return an empty register; ``name`` says how a student is listed, ``presence`` how long they were seen.

    A remark can be edited where there is a mark, the arrival of whoever came.
    """
    columns: list[Column[RegisterLine]] = [
        Column(header=lambda: tr("Name"), text=name),
        Column(header=lambda: tr("Status"), text=_status),
        Column(
            header=lambda: tr("Arrived"),
            text=_arrived,
            tooltip=_arrived_in_words,
            colour=_arrived_colour,
            edited_text=_typed_arrival,
        ),
        Column(
            header=lambda: tr("Minutes"),
            header_tooltip=lambda: tr("From arriving to being last seen; a question mark: left early?"),
            text=lambda line: _minutes(presence(line)),
            tooltip=lambda line: minutes_in_words(presence(line)),
            colour=lambda line: _minutes_colour(presence(line)),
        ),
        Column(header=lambda: tr("Marked by"), text=_marked_by, colour=_quiet),
        Column(header=lambda: tr("Remark"), text=lambda line: _remark(line) or "", edited_text=_remark),
    ]
    return RowsModel(columns, key=lambda line: line.student.id)


def _status(line: RegisterLine) -> str:
    return status_word(line.mark.status) if line.mark else tr("not marked yet")


def _arrived(line: RegisterLine) -> str:
    """When the student came; of one who did not, when they were seen all the same."""
    if line.mark is None:
        return ""
    if seen_though_away(line.mark) and line.mark.first_seen_at is not None:
        return f"({dates.time(line.mark.first_seen_at)})"
    return dates.time(line.mark.arrival) if line.mark.arrival else "–"


def _arrived_in_words(line: RegisterLine) -> str:
    if line.mark is not None and seen_though_away(line.mark) and line.mark.first_seen_at is not None:
        words = tr("Marked {status}, and seen at {time}")
        status = status_word(line.mark.status).lower()
        return words.format(status=status, time=dates.time(line.mark.first_seen_at))
    return _arrived(line)


def _minutes(presence: Presence | None) -> str:
    if presence is None:
        return ""
    return dates.number(presence.minutes) + (" ?" if presence.left_at is not None else "")


def minutes_in_words(presence: Presence | None) -> str:
    """Say that somebody seems to have left early; empty for whoever does not."""
    if presence is None or presence.left_at is None:
        return ""
    return tr("Last seen at {time}, most of the class later: left early?").format(time=dates.time(presence.left_at))


def _minutes_colour(presence: Presence | None) -> QColor:
    left = presence is not None and presence.left_at is not None
    return QColor(theme().palette.review if left else theme().palette.text_quiet)


def _typed_arrival(line: RegisterLine) -> str | None:
    """What an editor begins with; only somebody who came has an arrival."""
    if line.mark is None or line.mark.status not in CAME:
        return None
    return dates.time(line.mark.arrival) if line.mark.arrival else ""


def _marked_by(line: RegisterLine) -> str:
    return marked_by_word(line.mark.marked_by) if line.mark else ""


def _remark(line: RegisterLine) -> str | None:
    return line.mark.remark if line.mark else None


def _quiet(_line: RegisterLine) -> QColor:
    return QColor(theme().palette.text_quiet)


def _arrived_colour(line: RegisterLine) -> QColor:
    away = line.mark is not None and seen_though_away(line.mark)
    return QColor(theme().palette.review if away else theme().palette.text_quiet)


class StatusDelegate(QStyledItemDelegate):
    """The sign before the word."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: RegisterLine = index.data(ROW_ROLE)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        # Qt draws background, selection and focus; the contents are painted below.
        style_option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, option.widget)
        side = theme().px(18)
        rect = QRectF(option.rect).adjusted(8, 0, -4, 0)
        if line.mark is not None:
            paint_status(painter, QRectF(rect.left(), rect.center().y() - side / 2, side, side), line.mark.status)
        painter.save()
        painter.setPen(QColor(theme().palette.text if line.mark else theme().palette.text_quiet))
        words = rect.adjusted(side + 8, 0, 0, 0)
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


class RegisterTable(RowTable):
    """A letter sets the status of the selected students, Enter edits the remark."""

    status_wanted = Signal(object)

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__(memory, "register_with_minutes")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)

    def chosen_lines(self) -> list[RegisterLine]:
        """The selected students' lines, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        model = self.model()
        return [model.index(row, 0).data(ROW_ROLE) for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        status = KEYS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if status is not None:
            self.status_wanted.emit(status)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.edit(self.currentIndex().siblingAtColumn(REMARK))
        else:
            super().keyPressEvent(event)
