"""The students of a course as a table."""

from PySide6.QtCore import QRectF, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from attendance_app.domain.people import sort_key
from attendance_app.domain.roster_order import LIST_NUMBERS
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import paint_portrait
from attendance_app.ui.rows_model import ROW_ROLE, SORT_ROLE, Column, Index, RowsModel
from attendance_app.ui.students.roster_data import RosterItem
from attendance_app.ui.theme import theme

LIST_NUMBER, NAME, NUMBER, PHOTOS, CONSENT = range(5)


def roster_model() -> RowsModel[RosterItem]:
    """Return an empty roster with the columns list number, name, number, photos, consent."""
    columns: list[Column[RosterItem]] = [
        Column(
            header=lambda: tr("No.", "number in a class list"),
            text=lambda item: "" if item.student.list_number is None else str(item.student.list_number),
            colour=_quiet_if_archived,
            # Who has none comes last, and equal ones stand by name.
            sort_key=lambda item: (item.student.list_number or LIST_NUMBERS.stop) * 1_000_000 + item.place,
        ),
        Column(
            header=lambda: tr("Name"),
            text=_name,
            colour=_quiet_if_archived,
            sort_key=lambda item: item.place,
        ),
        Column(
            header=lambda: tr("Number", "of a student"),
            text=lambda item: item.student.number,
            colour=_quiet_if_archived,
            # With leading zeros, 9 comes before 10 although the numbers are texts.
            sort_key=lambda item: item.student.number.zfill(20),
        ),
        Column(
            header=lambda: tr("Photos"),
            text=_photos,
            tooltip=lambda item: tr("Small or blurred: a better photo replaces it.") if item.weak else "",
            colour=_quiet_if_archived,
            sort_key=lambda item: item.photos,
        ),
        Column(
            header=lambda: tr("Consent"),
            text=lambda item: tr("on record") if item.consent else tr("none yet", "consent"),
            colour=lambda item: _quiet_if_archived(item) if item.consent else QColor(theme().palette.text_quiet),
            sort_key=lambda item: item.consent is not None,
        ),
    ]
    return RowsModel(columns, key=lambda item: item.student.id)


def _name(item: RosterItem) -> str:
    archived = tr("archived", "student")
    return f"{item.name} ({archived})" if item.student.archived else item.name


def _photos(item: RosterItem) -> str:
    if item.weak:
        return tr("%n weak", "photos", item.photos)
    return str(item.photos) if item.photos else "–"


def _quiet_if_archived(item: RosterItem) -> QColor | None:
    return QColor(theme().palette.text_quiet) if item.student.archived else None


class RosterFilter(QSortFilterProxyModel):
    """Filters by part of a name, number or e-mail, whatever its case and accents."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""
        self.setSortRole(SORT_ROLE)

    def search(self, text: str) -> None:
        """Show only the students with ``text`` in them."""
        # Qt wants to know before and after what the filter asks for changes (from Qt 6.10 on).
        self.beginFilterChange()
        self._wanted = sort_key(text.strip())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        item: RosterItem = self.sourceModel().index(row, 0).data(ROW_ROLE)
        student = item.student
        return self._wanted in sort_key(f"{student.name} {student.number} {student.email} {item.name}")


class NameDelegate(QStyledItemDelegate):
    """A portrait before the name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: RosterItem = index.data(ROW_ROLE)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        text = style_option.text
        # Qt draws background, selection and focus; portrait and name are painted below.
        style_option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, style_option, painter, widget)
        side = theme().px(32)
        rect = QRectF(option.rect)
        face = QRectF(rect.left() + 8, rect.center().y() - side / 2, side, side)
        paint_portrait(painter, face, item.portrait, item.student.name, radius=side / 6)
        painter.save()
        painter.setPen(QColor(theme().palette.text_quiet if item.student.archived else theme().palette.text))
        words = rect.adjusted(side + 18, 0, -8, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(200), theme().px(48))
