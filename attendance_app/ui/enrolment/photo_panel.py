"""The chosen file large, with the face outlined, and whose photo it is."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Box
from attendance_app.domain.people import Student
from attendance_app.services.enrolment import LONGEST_SIDE
from attendance_app.services.photo_folders import StudentName
from attendance_app.ui.controls import Button, Card, ElidedLabel, label
from attendance_app.ui.desk import Desk
from attendance_app.ui.enrolment.enrolment_work import Item
from attendance_app.ui.enrolment.photos_model import remedy, verdict_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import image_of
from attendance_app.ui.speaking import Speaking
from attendance_app.ui.theme import theme
from attendance_app.vision.photo import photo_from_bytes


class PhotoPanel(Speaking):
    """Emits whom the user chose for the photo."""

    student_chosen = Signal(object, object)
    """With the Item and the Student."""
    removed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._item: Item | None = None
        self._picture = FacePicture()
        self._file = ElidedLabel()
        self._file.setProperty("role", "strong")
        self._verdict = label(wrap=True)
        self._remedy = label("quiet", wrap=True)
        caption = label("small")
        self.say(caption.setText, "Whose photo it is")
        self.students = QComboBox()
        self.students.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.students.setMinimumContentsLength(12)
        self.say(self.students.setAccessibleName, "Whose photo it is")
        self.students.activated.connect(self._on_student)
        self.remove_button = Button("quiet", "trash").says("Leave out")
        self.remove_button.does(lambda: self.removed.emit(self._item))
        card = Card()
        for part in (self._picture, self._file, self._verdict, self._remedy, caption, self.students):
            card.column.addWidget(part)
        card.column.addWidget(self.remove_button, alignment=Qt.AlignmentFlag.AlignLeft)
        card.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_students(self, students: Sequence[Student]) -> None:
        """Offer the course's list."""
        self.students.clear()
        for student in students:
            self.students.addItem(f"{student.name} · {student.number}", student)

    def show_item(self, item: Item | None) -> None:
        """Show another file, or the same in a new state."""
        another = item is None or self._item is None or item.key != self._item.key
        self._item = item
        self.setEnabled(item is not None)
        if another:
            self._picture.show_image(QImage())
            if item is not None:
                self._load(item)
        face = item.candidate.face if item else None
        self._picture.outline(face.pose.detection.box if face else None)
        self.retranslate()

    def retranslate(self) -> None:
        item = self._item
        new = item.who.name if item and isinstance(item.who, StudentName) else ""
        self.students.setPlaceholderText(tr("New: {name}").format(name=new) if new else tr("Choose the student"))
        self._file.setText(item.photo.name if item else "")
        self._verdict.setText(verdict_words(item) if item else "")
        self._remedy.setText(remedy(item) if item else "")
        who = item.who if item else None
        row = next((i for i in range(self.students.count()) if self.students.itemData(i) == who), -1)
        self.students.setCurrentIndex(row)

    def _load(self, item: Item) -> None:
        def read(_job: object) -> QImage:
            if not item.photo.is_picture:
                return QImage()
            try:
                return image_of(photo_from_bytes(item.photo.content(), name=item.photo.name, longest_side=LONGEST_SIDE))
            except (KnownError, OSError):
                return QImage()  # why it can't be read stands beside it

        def done(image: QImage) -> None:
            if self._item is not None and self._item.key == item.key:
                self._picture.show_image(image)

        self._desk.run(read, done=done)

    def _on_student(self, row: int) -> None:
        if self._item is not None:
            self.student_chosen.emit(self._item, self.students.itemData(row))


class FacePicture(Speaking):
    """A photo with a rounded box around the face."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._box: Box | None = None
        self.say(self.setAccessibleName, "The photo")
        self.setMinimumHeight(theme().px(200))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(260), theme().px(220))

    def show_image(self, image: QImage) -> None:
        """Show another photo."""
        self._image = image
        self.update()

    def outline(self, box: Box | None) -> None:
        """Say where the face is, in the photo's pixels."""
        self._box = box
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(rect, 8, 8)
        painter.setClipPath(outline)
        painter.fillRect(rect, QColor(theme().palette.raised))
        if not self._image.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(rect.center())
            painter.drawImage(place, self._image)
            if self._box is not None:
                scale = size.width() / self._image.width()
                box = QRectF(self._box.left, self._box.top, self._box.width, self._box.height)
                shown = QRectF(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale)
                shown.translate(place.topLeft())
                painter.setPen(QPen(QColor(theme().palette.surface), 4))
                painter.drawRoundedRect(shown, 6, 6)
                painter.setPen(QPen(QColor(theme().palette.accent), 2))
                painter.drawRoundedRect(shown, 6, 6)
        painter.end()
