"""A course's sessions, newest first, each with its counts; no widgets but the delegate's painting."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.people import Course
from attendance_app.domain.session_edits import looks_accidental
from attendance_app.domain.sessions import Mark, Session, Status
from attendance_app.store.database import Store
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import ROW_ROLE, Column, Index, RowsModel
from attendance_app.ui.status_look import paint_status, status_count
from attendance_app.ui.theme import theme


@dataclass(frozen=True, slots=True)
class SessionItem:
    """A session with how many students have each status. ``accidental``: it looks begun by mistake."""

    session: Session
    counts: dict[Status, int]
    accidental: bool = False


def read_sessions(store: Store, course: Course) -> tuple[SessionItem, ...]:
    """Read a course's sessions, newest first."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in store.marks.of_course(course.id):
        marks[mark.session_id].append(mark)
    return tuple(
        SessionItem(
            session,
            dict(Counter(mark.status for mark in marks[session.id])),
            looks_accidental(session, marks[session.id]),
        )
        for session in store.sessions.all(course.id)
    )


def session_model() -> RowsModel[SessionItem]:
    """Return an empty list of sessions."""
    return RowsModel([Column(text=_text)], key=lambda item: item.session.id)


def _text(item: SessionItem) -> str:
    counts = ", ".join(status_count(status, count) for status, count in item.counts.items())
    parts = [f"{dates.day(item.session.started_at, long=True)} {dates.time(item.session.started_at)}"]
    if item.session.topic:
        parts.append(item.session.topic)
    if not item.session.counts:
        parts.append(tr("void", "session"))
    if item.accidental:
        parts.append(tr("by mistake?", "session"))
    return f"{', '.join(parts)}: {counts}"


def _state(item: SessionItem) -> str:
    """Return a word for a session that does not count like others."""
    if item.session.ended_at is None:
        return tr("open", "session")
    if item.accidental:
        return tr("by mistake?", "session")
    return "" if item.session.counts else tr("void", "session")


class SessionDelegate(QStyledItemDelegate):
    """Two lines: day and time; the signs with their counts."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: SessionItem = index.data(ROW_ROLE)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        # Qt draws background, selection and focus; the contents are painted below.
        style_option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, option.widget)
        palette, scale = theme().palette, theme().px
        painter.save()
        rect = QRectF(option.rect).adjusted(scale(12), scale(8), -scale(12), -scale(8))
        font = painter.font()
        state, state_width = _state(item), painter.fontMetrics().horizontalAdvance(_state(item))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        started = item.session.started_at
        day = f"{dates.weekday_and_day(started)}  {dates.time(started)}"
        if painter.fontMetrics().horizontalAdvance(day) > rect.width():
            day = day.partition(" ")[2]  # without the weekday
        fits = painter.fontMetrics().horizontalAdvance(day) + state_width + scale(8) <= rect.width()
        painter.drawText(rect, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, day)
        font.setBold(False)
        painter.setFont(font)
        used = self._counts(painter, rect, item)
        # On the line of the counts.
        side = scale(14)
        rest = QRectF(rect.left() + used, rect.bottom() - side - 5, rect.width() - used, side + 8)
        painter.setPen(
            QColor(palette.review if item.session.ended_at is None or item.accidental else palette.text_quiet)
        )
        if state and fits:
            painter.drawText(rect, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, state)
        words = item.session.topic if fits or not state else state
        if words:
            if words != state:
                painter.setPen(QColor(palette.text_quiet))
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        painter.restore()

    @staticmethod
    def _counts(painter: QPainter, rect: QRectF, item: SessionItem) -> float:
        """Paint the signs with their counts; return how much of the width they take."""
        side = theme().px(14)
        left, top = rect.left(), rect.bottom() - side - 1
        for status in Status:
            count = item.counts.get(status, 0)
            if not count:
                continue
            paint_status(painter, QRectF(left, top, side, side), status)
            painter.setPen(QColor(theme().palette.text_quiet))
            text = dates.number(count)
            width = painter.fontMetrics().horizontalAdvance(text)
            words = QRectF(left + side + 4, top - 4, width + 4, side + 8)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            left += side + width + theme().px(16)
        return left - rect.left()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(200), theme().px(64))
