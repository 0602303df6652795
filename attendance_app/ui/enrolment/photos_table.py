"""The files of an enrolment as a table: face, file, student, verdict with its remedy."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.services.verdicts import Verdict
from attendance_app.ui.enrolment.enrolment_work import DONE, Item
from attendance_app.ui.enrolment.verdict_words import FIXABLE, doubt_words, remedy_words, verdict_word, warning_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.pictures import paint_portrait
from attendance_app.ui.rows_model import ROW_ROLE, Column, Index, RowsModel
from attendance_app.ui.theme import theme

FACE, FILE, STUDENT, VERDICT = range(4)


def photos_model() -> RowsModel[Item]:
    """Return an empty list of files; a row keeps its place when its file is examined again or saved."""
    columns: list[Column[Item]] = [
        Column(tooltip=lambda item: item.photo.name),
        Column(header=lambda: tr("File"), text=lambda item: item.photo.name),
        Column(header=lambda: tr("Student"), text=student_words, tooltip=lambda item: item.photo.name),
        Column(
            header=lambda: tr("Result"),
            text=verdict_words,
            tooltip=lambda item: f"{verdict_words(item)}\n{remedy(item)}".strip(),
        ),
    ]
    return RowsModel(columns, key=lambda item: item.key)


def student_words(item: Item) -> str:
    """Return the student's name, "–" if the photo has no student yet."""
    return "–" if item.who is None else f"{item.who.name}"


def verdict_words(item: Item) -> str:
    """Return "Ready", or the reason why the photo is not ready."""
    candidate = item.candidate
    other = candidate.other.name if candidate.other else ""
    if item.verdict is None:
        if candidate.doubt is not None:
            return doubt_words(candidate.doubt, other)
        return warning_words(candidate) or tr("Ready")
    if item.verdict is Verdict.LOOKS_LIKE_ANOTHER and other:
        return tr("Looks like {name}").format(name=other)
    if item.verdict is Verdict.SAME_PHOTO and other:
        return tr("The same photo as {name}'s").format(name=other)
    if candidate.error is not None:
        return message_of(candidate.error)
    return verdict_word(item.verdict)


def remedy(item: Item) -> str:
    """Return what to do about a photo that is not ready."""
    if item.candidate.error is not None:
        return remedy_of(item.candidate.error)
    if item.verdict is None:
        return tr("Kept until a better photo of the student comes.") if item.candidate.weak else ""
    return remedy_words(item.verdict)


class PhotoDelegate(QStyledItemDelegate):
    """Draws the face, and the verdict with its sign and remedy on two lines."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.data(ROW_ROLE)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        # Qt draws background, selection and focus; the contents are painted below.
        style_option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, option.widget)
        rect = QRectF(option.rect)
        painter.save()
        if index.column() == FACE:
            side = theme().px(44)
            place = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
            paint_portrait(painter, place, item.thumbnail, "?", radius=8)
        else:
            self._verdict(painter, rect, item)
        painter.restore()

    def _verdict(self, painter: QPainter, rect: QRectF, item: Item) -> None:
        sign, tint = verdict_sign(item)
        picture = pixmap(sign, 20, tint)
        side = picture.deviceIndependentSize().height()
        painter.drawPixmap(int(rect.left() + 8), int(rect.center().y() - side / 2), picture)
        words = QRectF(rect.left() + 16 + side, rect.top() + 6, rect.width() - 24 - side, rect.height() - 12)
        below = remedy(item)
        upper = words if not below else QRectF(words.left(), words.top(), words.width(), words.height() / 2)
        elide = Qt.TextElideMode.ElideRight
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(theme().palette.text))
        painter.drawText(upper, flags, painter.fontMetrics().elidedText(verdict_words(item), elide, int(words.width())))
        if below:
            lower = upper.translated(0, upper.height())
            font = painter.font()
            font.setPixelSize(theme().text_px("small"))
            painter.setFont(font)
            painter.setPen(QColor(theme().palette.text_quiet))
            painter.drawText(lower, flags, painter.fontMetrics().elidedText(below, elide, int(words.width())))


def verdict_sign(item: Item) -> tuple[str, str]:
    """Return icon and colour of a verdict."""
    if item.verdict is None:
        odd = item.candidate.warning or item.candidate.weak or item.candidate.doubt
        return ("warning", "late") if odd else ("check-circle", "present")
    if item.verdict in DONE:
        return "checks", "present"
    return ("question", "review") if item.verdict in FIXABLE else ("x-circle", "danger")
