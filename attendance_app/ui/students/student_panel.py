"""One student at the right of the list: name, consent, photos, attendance, removal."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.people import FaceTemplate
from attendance_app.domain.sessions import Status
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, ElidedLabel, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.status_look import status_count
from attendance_app.ui.status_strip import StatusStrip
from attendance_app.ui.students.roster_data import Photo, StudentRecord
from attendance_app.ui.translated_widget import TranslatedWidget

THUMBNAIL, LEAST_WIDTH = 72, 340
"""Pixels at 100 %: side of a photo; pixels: least width of the panel."""
GOOD, FAIR = 0.66, 0.4
"""Photo quality (0 to 1) from which the page calls it good, and fair."""


class StudentPanel(TranslatedWidget):
    """Shows a ``StudentRecord``; every change is requested from the page by a signal."""

    edit_wanted = Signal()
    photos_wanted = Signal()
    consent_wanted = Signal()
    withdraw_wanted = Signal()
    photo_removed = Signal(object)
    archive_wanted = Signal()
    excuse_wanted = Signal()
    changes_wanted = Signal()
    leave_wanted = Signal()
    erase_wanted = Signal()
    session_wanted = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._record: StudentRecord | None = None
        inside = QWidget()
        inside.setProperty("role", "plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        for part in (self._who(), self._consent(), self._photos(), self._attendance()):
            column.addWidget(part)
        column.addStretch(1)
        self._inside = inside
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        context.theme.changed.connect(self.retranslate)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest row of buttons, because the panel does not scroll sideways."""
        scroll_bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        wide = max(LEAST_WIDTH, self._inside.minimumSizeHint().width() + scroll_bar)
        return QSize(wide, super().minimumSizeHint().height())

    def _who(self) -> QWidget:
        card = Card()
        self._face = QLabel()
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._details = ElidedLabel()
        self._details.setProperty("role", "quiet")
        self._courses = ElidedLabel()
        self._courses.setProperty("role", "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        for line in (self._name, self._details, self._courses):
            words.addWidget(line)
        edit = (
            Button("quiet", "pencil-simple")
            .with_text("", hint="Edit name, number and e-mail")
            .on_click(self.edit_wanted.emit)
        )
        self._more = Button("quiet", "dots-three-vertical").with_text("", hint="More about this student")
        self._more.on_click(self._show_menu)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._face)
        row.addLayout(words, 1)
        row.addWidget(edit)
        row.addWidget(self._more)
        card.column.addLayout(row)
        return card

    def _consent(self) -> QWidget:
        card = Card()
        self._consent_text = label(wrap=True)
        self._record_consent = (
            Button("plain", "file-text").with_text("Record consent…").on_click(self.consent_wanted.emit)
        )
        self._withdraw = Button("quiet").with_text("Withdraw").on_click(self.withdraw_wanted.emit)
        row = QHBoxLayout()
        row.addWidget(self._record_consent)
        row.addWidget(self._withdraw)
        row.addStretch(1)
        heading = label("strong")
        self.bind_text(heading.setText, "Consent")
        card.column.addWidget(heading)
        card.column.addWidget(self._consent_text)
        card.column.addLayout(row)
        return card

    def _photos(self) -> QWidget:
        card = Card()
        self._photo_list = QListWidget()
        self._photo_list.setViewMode(QListWidget.ViewMode.IconMode)
        self._photo_list.setMovement(QListWidget.Movement.Static)
        self._photo_list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._photo_list.setWrapping(False)
        self._photo_list.setSpacing(4)
        self.bind_text(self._photo_list.setAccessibleName, "Enrolled photos")
        self._no_photos = label("quiet", wrap=True)
        self.bind_text(self._no_photos.setText, "No photo yet: the camera can't know this student.")
        self._weak = label("warning", wrap=True)
        self._add = Button("plain", "plus").with_text("Add photos").on_click(self.photos_wanted.emit)
        self._remove = Button("quiet", "trash").with_text("Remove photo").on_click(self._remove_photo)
        self._photo_list.itemSelectionChanged.connect(
            lambda: self._remove.setEnabled(bool(self._photo_list.selectedItems()))
        )
        self._remove.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addWidget(self._remove)
        row.addStretch(1)
        heading = label("strong")
        self.bind_text(heading.setText, "Photos")
        card.column.addWidget(heading)
        card.column.addWidget(self._no_photos)
        card.column.addWidget(self._photo_list)
        card.column.addWidget(self._weak)
        card.column.addLayout(row)
        return card

    def _attendance(self) -> QWidget:
        card = Card()
        self._summary = label(wrap=True)
        self._strip = StatusStrip()
        self._strip.chosen.connect(self._open_session)
        heading = label("strong")
        self.bind_text(heading.setText, "Attendance")
        card.column.addWidget(heading)
        card.column.addWidget(self._summary)
        card.column.addWidget(self._strip)
        return card

    def show_record(self, record: StudentRecord) -> None:
        """Show another student, or the same one after a change."""
        self._record = record
        self.retranslate()

    def retranslate(self) -> None:
        record = self._record
        if record is None:
            return
        student = record.student
        best = max(record.photos, key=lambda photo: photo.template.quality, default=None)
        image = best.image if best else QPixmap().toImage()
        self._face.setPixmap(portrait(image, student.name, 64))
        self._name.setText(student.name)
        self._details.setText(" · ".join(filter(None, [student.number, student.email])))
        self._courses.setText(", ".join(course.title or course.code for course in record.courses))
        self._say_consent(record)
        self._show_photos(record.photos)
        self._say_attendance(record)

    def _say_consent(self, record: StudentRecord) -> None:
        consent = record.consent
        if consent is None:
            self._consent_text.setText(tr("None on record: no face template can be made."))
        else:
            self._consent_text.setText(
                tr("On record since {day}: {ground}").format(day=dates.day(consent.given_at), ground=consent.ground)
            )
        self._record_consent.setVisible(consent is None)
        self._withdraw.setVisible(consent is not None)

    def _show_photos(self, photos: tuple[Photo, ...]) -> None:
        side = self._context.theme.px(THUMBNAIL)
        self._photo_list.clear()
        self._photo_list.setIconSize(QSize(side, side))
        self._photo_list.setFixedHeight(side + self._context.theme.px(48))
        for photo in photos:
            item = QListWidgetItem(QIcon(portrait(photo.image, "", THUMBNAIL)), quality_word(photo.template))
            item.setData(Qt.ItemDataRole.UserRole, photo)
            item.setToolTip(
                tr("Enrolled {day}, quality {percent}").format(
                    day=dates.day(photo.template.enrolled_at), percent=dates.percent(photo.template.quality)
                )
            )
            self._photo_list.addItem(item)
        weak = bool(photos) and all(photo.template.weak for photo in photos)
        self._weak.setVisible(weak)
        if weak:
            pixels = max(round(photo.template.face_px or 0) for photo in photos)
            self._weak.setText(
                tr(
                    "Small or blurred face: {pixels} pixels. The camera may miss this student; a better photo "
                    "replaces it."
                ).format(pixels=pixels)
            )
        self._photo_list.setVisible(bool(photos))
        self._no_photos.setVisible(not photos)
        self._remove.setVisible(bool(photos))
        self._remove.setEnabled(False)

    def _say_attendance(self, record: StudentRecord) -> None:
        statuses = [attended.mark.status for attended in record.history]
        counts = {status: statuses.count(status) for status in Status}
        parts = [status_count(status, count) for status, count in counts.items() if count]
        # Excused sessions don't count, as in the reports.
        counted = len(statuses) - counts[Status.EXCUSED]
        if counted:
            share = (counts[Status.PRESENT] + counts[Status.LATE]) / counted
            parts.insert(0, tr("{percent} attended").format(percent=dates.percent(share)))
        self._summary.setText(" · ".join(parts) or tr("No session yet."))
        self._strip.show_history(record.history)
        self._strip.setVisible(bool(statuses))

    def _remove_photo(self) -> None:
        for item in self._photo_list.selectedItems():
            self.photo_removed.emit(item.data(Qt.ItemDataRole.UserRole))

    def _open_session(self, session_id: int) -> None:
        self.session_wanted.emit(session_id)

    def _show_menu(self) -> None:
        if self._record is None:
            return
        menu = QMenu(self)
        archived = self._record.student.archived
        menu.addAction(tr("Excuse for days…"), self.excuse_wanted.emit)
        menu.addAction(tr("Changes…"), self.changes_wanted.emit)
        menu.addAction(tr("Take out of the archive") if archived else tr("Archive student"), self.archive_wanted.emit)
        menu.addAction(tr("Take off this course's list"), self.leave_wanted.emit)
        menu.addSeparator()
        menu.addAction(tr("Erase everything about this student…"), self.erase_wanted.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))


def quality_word(template: FaceTemplate) -> str:
    """Return a photo's quality in a word."""
    if template.weak:
        return tr("weak", "quality of a photo")
    if template.quality >= GOOD:
        return tr("good", "quality of a photo")
    return tr("fair", "quality of a photo") if template.quality >= FAIR else tr("poor", "quality of a photo")
