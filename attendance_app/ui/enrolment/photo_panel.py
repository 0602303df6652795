"""The selected file, enlarged, with the faces outlined: whose photo it is, and which face."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QTransform
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Student
from attendance_app.services.enrolment import LONGEST_SIDE, PhotoInstructions
from attendance_app.services.photo_folders import StudentName
from attendance_app.services.verdicts import Verdict
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, ChoiceBox, ElidedLabel, label
from attendance_app.ui.enrolment.enrolment_work import DONE, Item
from attendance_app.ui.enrolment.face_picture import FacePicture, left_to_right
from attendance_app.ui.enrolment.photos_table import remedy, verdict_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import image_of
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.photo import photo_from_bytes


class PhotoPanel(TranslatedWidget):
    """Emits the user's instructions for the photo."""

    chosen = Signal(object, object)
    """With the Item and the PhotoInstructions."""
    removed = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._item: Item | None = None
        self._photo = QImage()
        self._turned: int | None = None
        """By how many quarters to the left the user has turned the photo, until it is examined so."""
        self.picture = FacePicture()
        self.picture.chosen.connect(self._on_face)
        self._file = ElidedLabel()
        self._file.setProperty("role", "strong")
        self._verdict = label(wrap=True)
        self._remedy = label("quiet", wrap=True)
        caption = label("small")
        self.bind_text(caption.setText, "Whose photo it is")
        self.students = _choosing_box()
        self.bind_text(self.students.setAccessibleName, "Whose photo it is")
        self.students.activated.connect(self._on_student)
        self.faces = _choosing_box()
        self.bind_text(self.faces.setAccessibleName, "Which face")
        self.faces.activated.connect(lambda row: self._on_face(self.faces.itemData(row)))
        self.two_button = Button("plain", "check").with_text("They are two people")
        self.two_button.on_click(self._on_two_people)
        self.turn_button = Button("plain", "arrow-clockwise").with_text("Turn", hint="Turn the photo by a quarter (R)")
        self.turn_button.on_click(self.turn)
        self.remove_button = Button("quiet", "trash").with_text("Leave out")
        self.remove_button.on_click(lambda: self.removed.emit(self._item))
        card = Card()
        card.column.addWidget(self.picture, 1)
        for part in (self._file, self._verdict, self._remedy, self.faces, caption, self.students):
            card.column.addWidget(part)
        card.column.addWidget(self.two_button, alignment=Qt.AlignmentFlag.AlignLeft)
        below = QHBoxLayout()
        below.addWidget(self.turn_button)
        below.addWidget(self.remove_button)
        below.addStretch(1)
        card.column.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_students(self, students: Sequence[Student]) -> None:
        """Offer the course's list."""
        self.students.clear()
        for student in students:
            self.students.addItem(f"{student.name} · {student.number}", student)
        self.retranslate()

    def show_item(self, item: Item | None) -> None:
        """Show another file, or the same in a new state."""
        if item is self._item and item is not None:
            return
        another = item is None or self._item is None or item.key != self._item.key
        self._item = item
        self.setEnabled(item is not None)
        if another:
            self._photo = QImage()
            if item is not None:
                self._load(item)
        if another or item is None or item.candidate.quarters == self._turned:
            self._turned = None
        self._show_photo()
        self.retranslate()

    def retranslate(self) -> None:
        item = self._item
        new = item.who.name if item and isinstance(item.who, StudentName) else ""
        self.students.setPlaceholderText(tr("New: {name}").format(name=new) if new else tr("Choose the student"))
        self._file.setText(item.photo.name if item else "")
        self._verdict.setText(verdict_words(item) if item else "")
        words = remedy(item) if item else ""
        self._remedy.setText(words)
        self._remedy.setVisible(bool(words))
        who = item.who if item else None
        row = next((i for i in range(self.students.count()) if self.students.itemData(i) == who), -1)
        self.students.setCurrentIndex(row)
        self.two_button.setVisible(item is not None and item.verdict is Verdict.LOOKS_LIKE_ANOTHER)
        open_one = item is not None and item.verdict not in DONE
        self.students.setEnabled(open_one)
        self.turn_button.setEnabled(item is not None and open_one and item.photo.is_picture)
        self._offer_faces(item if open_one else None)

    def _offer_faces(self, item: Item | None) -> None:
        boxes = item.candidate.boxes if item else ()
        self.faces.clear()
        self.faces.setVisible(len(boxes) > 1)
        self.faces.setPlaceholderText(tr("Choose the face"))
        places = left_to_right(boxes)
        for place, index in sorted((place, index) for index, place in enumerate(places)):
            self.faces.addItem(tr("Face {number}").format(number=place + 1), index)
        self.faces.setCurrentIndex(self.faces.findData(_meant(item)))

    def _load(self, item: Item) -> None:
        def read(_job: object) -> QImage:
            if not item.photo.is_picture:
                return QImage()
            try:
                photo = photo_from_bytes(item.photo.content(), name=item.photo.name, longest_side=LONGEST_SIDE)
            except (KnownError, OSError):
                return QImage()  # why it can't be read stands beside it
            return image_of(photo)

        def done(image: QImage) -> None:
            # Another file may be selected by now.
            if self._item is not None and self._item.key == item.key:
                self._photo = image
                self._show_photo()

        self._context.run(read, done=done)

    @property
    def _quarters(self) -> int:
        """How the photo is shown."""
        quarters = self._item.candidate.quarters if self._item else 0
        return quarters if self._turned is None else self._turned

    def _show_photo(self) -> None:
        item = self._item
        self.picture.show_image(self._photo.transformed(QTransform().rotate(-90 * self._quarters)))
        # The boxes are those of the photo as it was examined, not as the user has turned it since.
        outlined = item is not None and self._turned is None
        self.picture.outline(item.candidate.boxes if item and outlined else (), _meant(item) if outlined else None)

    def turn(self) -> None:
        """Turn the photo to the right by a quarter; it is examined again."""
        if self._item is not None and self.turn_button.isEnabled():
            self._turned = (self._quarters - 1) % 4
            self._show_photo()
            self._choose(replace(self._item.choice, face=None, sure=False, quarters=self._turned))

    def _choose(self, choice: PhotoInstructions) -> None:
        """Emit the instructions so far with the new ones; a confirmation doesn't hold for another student or face."""
        if self._item is not None and self._item.verdict not in DONE:
            self.chosen.emit(self._item, choice)

    def _on_student(self, row: int) -> None:
        if self._item is not None:
            self._choose(replace(self._item.choice, student=self.students.itemData(row), sure=False))

    def _on_face(self, face: int) -> None:
        if self._item is not None:
            self._choose(replace(self._item.choice, face=face, sure=False))

    def _on_two_people(self) -> None:
        if self._item is not None:
            self._choose(replace(self._item.choice, sure=True))


def _choosing_box() -> QComboBox:
    box = ChoiceBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def _meant(item: Item | None) -> int | None:
    """Return the index of the face that is the student's."""
    face = item.candidate.face if item else None
    return item.candidate.boxes.index(face.pose.detection.box) if item and face else None
