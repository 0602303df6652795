"""People to look at: doubtful matches (Enter yes, Delete no) and unknown faces (assign or ignore)."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from attendance_app.domain.people import Student
from attendance_app.ui.controls import Button, Card, ElidedLabel, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.roll_call.roll_call_data import RollLine, Seen
from attendance_app.ui.speaking import Speaking
from attendance_app.ui.theme import theme

PICTURE, HEIGHT = 64, 104


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """An unknown person: the tracks that showed them and their best picture."""

    tracks: tuple[int, ...]
    image: QImage


class DoubtCard(Card):
    """ "Is this Ana?", with both pictures."""

    answered = Signal(object, bool)

    def __init__(self, line: RollLine, seen: Seen) -> None:
        super().__init__()
        self.seen = seen
        self.name = line.student.name
        self._faces = QLabel(), QLabel()
        self._faces[1].setPixmap(portrait(line.portrait, self.name, PICTURE))
        self._question = ElidedLabel()
        self._question.setProperty("role", "strong")
        self.yes = Button("plain", "check").says("Yes", hint="It is (Enter)").does(lambda: self._answer(True))
        self.no = Button("quiet", "x").says("No", hint="It is somebody else (Delete)").does(lambda: self._answer(False))
        buttons = QHBoxLayout()
        for button in (self.yes, self.no):
            buttons.addWidget(button)
        _fill(self, self._faces, self._question, buttons, width=324)
        self.show_seen(seen)
        self.say_again()

    def _answer(self, yes: bool) -> None:
        self.answered.emit(self.seen, yes)

    def show_seen(self, seen: Seen) -> None:
        """A newer picture of the same doubt."""
        self.seen = seen
        self._faces[0].setPixmap(portrait(seen.image, "?", PICTURE))

    def say_again(self) -> None:
        self._question.setText(tr("Is this {name}?").format(name=self.name))
        self.setAccessibleName(self._question.text())


class StrangerCard(Card):
    """Somebody unknown: who is it?"""

    assigned = Signal(object, int)
    ignored = Signal(object)

    def __init__(self, stranger: Stranger, students: Sequence[Student]) -> None:
        super().__init__()
        self.stranger = stranger
        self._face = QLabel()
        self._question = ElidedLabel()
        self._question.setProperty("role", "strong")
        self.box = QComboBox()
        self.box.setMinimumContentsLength(10)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for student in students:
            self.box.addItem(student.name, student.id)
        self.box.setCurrentIndex(-1)
        self.box.activated.connect(lambda row: self.assigned.emit(self.stranger, self.box.itemData(row)))
        self.ignore = Button("quiet", "x").says("", hint="Ignore: not a student of this course")
        self.ignore.does(lambda: self.ignored.emit(self.stranger))
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.ignore)
        _fill(self, (self._face,), self._question, row, width=288)
        self.show_stranger(stranger)
        self.say_again()

    def show_stranger(self, stranger: Stranger) -> None:
        """More tracks or a better picture of the same person."""
        self.stranger = stranger
        self._face.setPixmap(portrait(stranger.image, "?", PICTURE))

    def say_again(self) -> None:
        self._question.setText(tr("Unknown face"))
        self.box.setPlaceholderText(tr("Who is it?"))
        self.box.setAccessibleName(tr("Who is it?"))


class ReviewTray(Speaking):
    """Keeps its height during a session; cards keep their place, new ones come last."""

    confirmed = Signal(object, bool)
    """With the Seen, and whether it is the student."""
    assigned = Signal(object, int)
    """With the Stranger and the student's id."""
    counted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._doubts: dict[int, DoubtCard] = {}
        self._strangers: list[StrangerCard] = []
        self._ignored: set[int] = set()
        self._students: tuple[Student, ...] = ()
        self._nothing = label("quiet")
        self.say(self._nothing.setText, "Nobody to look at: doubtful and unknown faces will wait here.")
        inside = QWidget()
        inside.setProperty("role", "plain")
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._nothing)
        self._row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        frame = QFrame()
        frame.setProperty("role", "card")
        framed = QVBoxLayout(frame)
        framed.setContentsMargins(8, 4, 8, 4)
        framed.addWidget(scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(theme().px(HEIGHT) + 12)

    @property
    def doubts(self) -> int:
        return len(self._doubts)

    @property
    def strangers(self) -> int:
        return len(self._strangers)

    def begin(self, students: Sequence[Student]) -> None:
        """Empty the tray for another session."""
        self._students = tuple(students)
        self._ignored.clear()
        for card in (*self._doubts.values(), *self._strangers):
            self._drop(card)
        self._doubts.clear()
        self._strangers.clear()
        self._count()

    def ask(self, line: RollLine, seen: Seen) -> None:
        """Bring up a doubtful match, or a newer picture of it."""
        card = self._doubts.get(seen.student_id)
        if card is not None:
            card.show_seen(seen)
            return
        card = self._doubts[seen.student_id] = DoubtCard(line, seen)
        card.answered.connect(self.confirmed)
        self._row.insertWidget(self._row.count() - 1, card)
        self._count()

    def settle(self, student_id: int) -> None:
        """The student's doubt is answered."""
        card = self._doubts.pop(student_id, None)
        if card is not None:
            self._drop(card)
            self._count()

    def show_strangers(self, strangers: Sequence[Stranger]) -> None:
        """Show all unknown people; those ignored stay away, those known already keep their card."""
        wanted = [one for one in strangers if not self._ignored & set(one.tracks)]
        kept: list[StrangerCard] = []
        for one in wanted:
            card = next((c for c in self._strangers if set(c.stranger.tracks) & set(one.tracks)), None)
            if card is None:
                card = StrangerCard(one, self._students)
                card.assigned.connect(self._assign)
                card.ignored.connect(self._ignore)
                self._row.insertWidget(self._row.count() - 1, card)
            elif card not in kept:
                card.show_stranger(one)
            if card not in kept:
                kept.append(card)
        for card in self._strangers:
            if card not in kept:
                self._drop(card)
        self._strangers = kept
        self._count()

    def answer_first(self, yes: bool) -> bool:
        """Answer the first doubt (Enter, Delete); False when there is none."""
        card = next(iter(self._doubts.values()), None)
        if card is None:
            return False
        self.confirmed.emit(card.seen, yes)
        return True

    def bring_back(self, stranger: Stranger) -> None:
        """Undo: ask about somebody again."""
        self._ignored -= set(stranger.tracks)
        self.show_strangers([*(card.stranger for card in self._strangers), stranger])

    def _assign(self, stranger: Stranger, student_id: int) -> None:
        self._ignore(stranger)
        self.assigned.emit(stranger, student_id)

    def _ignore(self, stranger: Stranger) -> None:
        self._ignored |= set(stranger.tracks)
        self.show_strangers([card.stranger for card in self._strangers])

    def _drop(self, card: QWidget) -> None:
        self._row.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _count(self) -> None:
        self._nothing.setVisible(not self._doubts and not self._strangers)
        self.counted.emit()

    def retranslate(self) -> None:
        cards: list[DoubtCard | StrangerCard] = [*self._doubts.values(), *self._strangers]
        for card in cards:
            card.say_again()


def _fill(card: Card, faces: Sequence[QLabel], question: QLabel, actions: QHBoxLayout, *, width: int) -> None:
    card.setFixedSize(theme().px(width), theme().px(HEIGHT - 8))
    card.column.setContentsMargins(8, 8, 8, 8)
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
