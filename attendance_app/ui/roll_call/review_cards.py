"""Cards of people to look at: a doubtful match, one of two students, an unknown face."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLayout, QPushButton, QSizePolicy, QVBoxLayout

from attendance_app.domain.people import Student
from attendance_app.services.session.doubts import AlternativesKind
from attendance_app.ui.controls import Button, Card, ChoiceBox, ElidedLabel
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.roll_call.roll_call_data import RollLine, ShownMatch, Stranger
from attendance_app.ui.theme import theme

PICTURE, HEIGHT, CHOICE_PICTURE, CHOICE_WIDTH = 64, 104, 40, 152
"""At 100 %. Pictures and the tray grow less than the text does: on a small screen the roster needs the height."""


def tray_height() -> int:
    """Height of the tray in pixels: one line of text and a button below it, or the picture."""
    return round(HEIGHT + (theme().px(HEIGHT) - HEIGHT) * 0.4)


def _picture(image: QImage, name: str, pixels: int) -> QPixmap:
    """A portrait that does not grow with the text."""
    return portrait(image, name, round(pixels / theme().scale))


class _Question(Card):
    """A card that Tab or a click focuses, with a frame while Enter and Delete answer it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_framed(self, framed: bool) -> None:
        if bool(self.property("framed")) != framed:
            self.setProperty("framed", framed)
            self.style().unpolish(self)
            self.style().polish(self)


class DoubtCard(_Question):
    """ "Is this Ana?", with both pictures."""

    answered = Signal(object, object)
    """With the ShownMatch, and the id of the student it is, None for somebody else."""

    def __init__(self, line: RollLine, match: ShownMatch) -> None:
        super().__init__()
        self.match = match
        self.name = line.student.name
        self._faces = QLabel(), QLabel()
        self._faces[1].setPixmap(_picture(line.portrait, self.name, PICTURE))
        self._question = ElidedLabel()
        self._question.setProperty("role", "strong")
        self.yes = Button("plain", "check").with_text("Yes", hint="It is (Enter while the student is selected)")
        self.yes.on_click(lambda: self.answered.emit(self.match, self.match.student_id))
        self.no = Button("quiet", "x").with_text(
            "No", hint="It is somebody else (Delete while the student is selected)"
        )
        self.no.on_click(lambda: self.answered.emit(self.match, None))
        buttons = QHBoxLayout()
        for button in (self.yes, self.no):
            button.setAutoDefault(True)  # Enter presses the button that has the focus
            buttons.addWidget(button)
        _fill(self, self._faces, self._question, buttons, width=324)
        self.show_match(match)
        self.say_again()

    @property
    def student_ids(self) -> tuple[int, ...]:
        """The student that it asks about."""
        return (self.match.student_id,)

    def show_match(self, match: ShownMatch) -> None:
        """Show a newer picture of the same doubt."""
        self.match = match
        self._faces[0].setPixmap(_picture(match.image, "?", PICTURE))

    def say_again(self) -> None:
        self._question.setText(tr("Is this {name}?").format(name=self.name))
        self.setAccessibleName(self._question.text())


class PortraitButton(QPushButton):
    """A student to choose: portrait and name, shortened when it is long."""

    def __init__(self, image: QImage, name: str) -> None:
        super().__init__()
        self._image, self._name = image, name
        self.setProperty("kind", "plain")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setIcon(QIcon(_picture(self._image, self._name, CHOICE_PICTURE)))
        self.setIconSize(QSize(CHOICE_PICTURE, CHOICE_PICTURE))
        room = theme().px(CHOICE_WIDTH - 32) - CHOICE_PICTURE
        words = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText("\u2002" + words.replace("&", "&&"))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(CHOICE_WIDTH), max(CHOICE_PICTURE + 6, theme().px(34)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ChoiceCard(_Question):
    """A choice of two: look-alikes, or students of whom the photos name one and the second opinion the other."""

    answered = Signal(object, object)
    """With the ShownMatch, and the id of the student it is, None for neither."""

    def __init__(self, lines: tuple[RollLine, RollLine], match: ShownMatch) -> None:
        super().__init__()
        self.match = match
        self._names = tuple(line.student.name for line in lines)
        self._face = QLabel()
        self._question = ElidedLabel()
        self._question.setProperty("role", "strong")
        self.buttons = {line.student.id: PortraitButton(line.portrait, line.student.name) for line in lines}
        for student_id, button in self.buttons.items():
            button.setAutoDefault(True)  # Enter presses the button that has the focus
            # ``chosen`` is bound here: without it both buttons would have the loop's last student.
            button.clicked.connect(lambda _on, chosen=student_id: self.answered.emit(self.match, chosen))
        self.neither = Button("quiet", "x").with_text(
            "Neither", hint="It is neither of them (Delete while one of them is selected)"
        )
        self.neither.on_click(lambda: self.answered.emit(self.match, None))
        self.neither.setAutoDefault(True)
        actions = QHBoxLayout()
        for widget in (*self.buttons.values(), self.neither):
            actions.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)
        _fill(self, (self._face,), self._question, actions, width=PICTURE + 2 * CHOICE_WIDTH + 136)
        self.show_match(match)

    @property
    def student_ids(self) -> tuple[int, ...]:
        """The students that it asks about."""
        return tuple(self.buttons)

    def show_match(self, match: ShownMatch) -> None:
        """Show a newer picture of the same doubt."""
        self.match = match
        self._face.setPixmap(_picture(match.image, "?", PICTURE))
        self.say_again()

    def say_again(self) -> None:
        first, second = self._names
        if self.match.alternatives is not None and self.match.alternatives.kind is AlternativesKind.OPINIONS:
            words = tr("Camera says {first}, second opinion says {second}")
        else:
            words = tr("{first} or {second}? They look alike")
        self._question.setText(words.format(first=first, second=second))
        self.setAccessibleName(self._question.text())
        for button in self.buttons.values():
            button.setToolTip(tr("It is {name}").format(name=button.accessibleName()))


class StrangerCard(Card):
    """An unknown person: who is it?"""

    assigned = Signal(object, int)
    enrol_wanted = Signal(object)
    ignored = Signal(object)

    def __init__(self, stranger: Stranger, students: Sequence[Student]) -> None:
        super().__init__()
        self.stranger = stranger
        self._face = QLabel()
        self._question = ElidedLabel()
        self._question.setProperty("role", "strong")
        self.box = ChoiceBox()
        self.box.setMinimumContentsLength(10)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.show_students(students)
        # ``activated`` is emitted for a choice of the user only, not for changes by ``show_students``.
        self.box.activated.connect(lambda row: self.assigned.emit(self.stranger, self.box.itemData(row)))
        self.enrol = Button("plain", "user-plus").with_text(
            "New student…", hint="Enrol as a new student of this course"
        )
        self.enrol.on_click(lambda: self.enrol_wanted.emit(self.stranger))
        self.enrol.setAutoDefault(True)
        self.ignore = Button("quiet", "x").with_text("", hint="Ignore: not a student of this course")
        self.ignore.on_click(lambda: self.ignored.emit(self.stranger))
        self.ignore.setAutoDefault(True)
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.enrol)
        row.addWidget(self.ignore)
        _fill(self, (self._face,), self._question, row, width=448)
        self.show_stranger(stranger)
        self.say_again()

    def show_students(self, students: Sequence[Student]) -> None:
        """Offer these names."""
        self.box.clear()
        for student in students:
            self.box.addItem(student.name, student.id)
        self.box.setCurrentIndex(-1)

    def show_stranger(self, stranger: Stranger) -> None:
        """Show more tracks or a better picture of the same person."""
        self.stranger = stranger
        self._face.setPixmap(_picture(stranger.image, "?", PICTURE))

    def say_again(self) -> None:
        self._question.setText(tr("Unknown face"))
        self.box.setPlaceholderText(tr("Who is it?"))
        self.box.setAccessibleName(tr("Who is it?"))


def _fill(card: Card, faces: Sequence[QLabel], question: QLabel, actions: QLayout, *, width: int) -> None:
    """``width`` at 100 % is the least: longer words of another language widen the card."""
    card.setFixedHeight(tray_height() - 8)
    card.column.setContentsMargins(8, 8, 8, 8)
    card.column.addStrut(theme().px(width) - 16)
    actions.setSpacing(4)
    words = QVBoxLayout()
    words.setSpacing(4)
    words.addWidget(question)
    words.addLayout(actions)
    row = QHBoxLayout()
    row.setSpacing(8)
    for face in faces:
        row.addWidget(face)
    row.addLayout(words, 1)
    card.column.addLayout(row)
