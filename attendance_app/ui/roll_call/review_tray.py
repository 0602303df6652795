"""People to look at: doubtful matches and pairs, and unknown faces (assign, enrol or ignore)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from attendance_app.domain.people import Student
from attendance_app.ui.controls import label
from attendance_app.ui.roll_call.review_cards import ChoiceCard, DoubtCard, StrangerCard, tray_height
from attendance_app.ui.roll_call.roll_call_data import RollLine, ShownMatch, Stranger
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


class ReviewTray(TranslatedWidget):
    """Keeps its height during a session; cards keep their place, and new ones come last.

    ``line_of`` returns a student's line of the roster.
    """

    answered = Signal(object, object)
    """With the ShownMatch, and the id of the student it is, None for none of those asked about."""
    assigned = Signal(object, int)
    """With the Stranger and the student's id."""
    enrol_wanted = Signal(object)
    """With the Stranger."""
    counted = Signal()
    """The number of cards has changed."""
    visibility_changed = Signal()

    def __init__(self, line_of: Callable[[int], RollLine | None]) -> None:
        super().__init__()
        self._line_of = line_of
        self._doubts: dict[int, DoubtCard | ChoiceCard] = {}
        self._strangers: list[StrangerCard] = []
        # By track: which tracks are one person may change with every look.
        self._ignored: set[int] = set()
        self._students: tuple[Student, ...] = ()
        self._nothing = label("quiet")
        self.bind_text(self._nothing.setText, "Nobody to look at: doubtful and unknown faces will wait here.")
        inside = QWidget()
        inside.setProperty("role", "plain")
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._nothing)
        self._row.addStretch(1)
        scroll = self._scroll = QScrollArea()
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.visibility_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibility_changed.emit()

    def _fit(self) -> None:
        self.setFixedHeight(tray_height() + 12)

    @property
    def doubts(self) -> int:
        return len(self._doubts)

    @property
    def strangers(self) -> int:
        return len(self._strangers)

    def begin(self, students: Sequence[Student]) -> None:
        """Empty the tray for another session."""
        self._ignored.clear()
        for card in (*self._doubts.values(), *self._strangers):
            self._drop(card)
        self._doubts.clear()
        self._strangers.clear()
        self.show_students(students)
        self._count()

    def show_students(self, students: Sequence[Student]) -> None:
        """Offer these names for unknown faces."""
        self._students = tuple(students)
        for card in self._strangers:
            card.show_students(self._students)

    def ask(self, line: RollLine, match: ShownMatch) -> None:
        """Show a doubtful match, or a newer picture of it."""
        before = self._doubts.get(match.student_id)
        # The same question: the card stays where it is, with the focus that it may have.
        if before is not None and before.match.alternatives == match.alternatives:
            before.show_match(match)
            return
        card = self._doubts[match.student_id] = self._card(line, match)
        card.answered.connect(self.answered)
        if before is None:
            self._row.insertWidget(self._row.count() - 1, card)
        else:
            self._row.insertWidget(self._row.indexOf(before), card)
            # Put in before the old card is dropped, so that the question keeps its place.
            self._drop(before)
        self._count()

    def _card(self, line: RollLine, match: ShownMatch) -> DoubtCard | ChoiceCard:
        asked = match.alternatives.student_ids if match.alternatives else ()
        lines = [self._line_of(student_id) for student_id in asked]
        first, second = lines if len(lines) == 2 else (None, None)
        return DoubtCard(line, match) if first is None or second is None else ChoiceCard((first, second), match)

    def settle(self, student_id: int) -> None:
        """Remove the student's doubt, because it is answered."""
        card = self._doubts.pop(student_id, None)
        if card is not None:
            self._drop(card)
            self._count()

    def show_strangers(self, strangers: Sequence[Stranger]) -> None:
        """Show all unknown people without the ignored ones; those shown already keep their card."""
        wanted = [one for one in strangers if not self._ignored & set(one.tracks)]
        kept: list[StrangerCard] = []
        for one in wanted:
            # A person keeps their card as long as one of their tracks is the same.
            card = next((c for c in self._strangers if set(c.stranger.tracks) & set(one.tracks)), None)
            if card is None:
                card = self._new_card(one)
            elif card not in kept:
                card.show_stranger(one)
            if card not in kept:
                kept.append(card)
        for card in self._strangers:
            if card not in kept:
                self._drop(card)
        self._strangers = kept
        self._count()

    def _new_card(self, stranger: Stranger) -> StrangerCard:
        card = StrangerCard(stranger, self._students)
        card.assigned.connect(self.assigned)
        card.enrol_wanted.connect(self.enrol_wanted)
        card.ignored.connect(self.ignore)
        self._row.insertWidget(self._row.count() - 1, card)
        return card

    def card_about(self, student_id: int) -> DoubtCard | ChoiceCard | None:
        """Return the card that asks about a student, alone or as one of two."""
        both = (card for card in self._doubts.values() if student_id in card.student_ids)
        return self._doubts.get(student_id) or next(both, None)

    def card_with(self, widget: QWidget) -> DoubtCard | ChoiceCard | None:
        """Return the doubt's card that is, or contains, ``widget``."""
        return next((card for card in self._doubts.values() if card is widget or card.isAncestorOf(widget)), None)

    def first_doubt(self) -> DoubtCard | ChoiceCard | None:
        """Return the leftmost card of a doubt."""
        return next(iter(self._doubts.values()), None)

    def frame(self, card: DoubtCard | ChoiceCard | None) -> None:
        """Frame the card that Enter and Delete answer, and scroll to it; None: no card."""
        for one in self._doubts.values():
            one.set_framed(one is card)
        if card is not None:
            self._scroll.ensureWidgetVisible(card)

    def stranger(self, track_id: int) -> Stranger | None:
        """Return the unknown person to whom a track belongs, if it is asked about."""
        people = (card.stranger for card in self._strangers)
        return next((one for one in people if track_id in one.tracks), None)

    def ignore(self, stranger: Stranger) -> None:
        """Stop asking about this person."""
        self._ignored |= set(stranger.tracks)
        self.show_strangers([card.stranger for card in self._strangers])

    def bring_back(self, stranger: Stranger) -> None:
        """Ask about an ignored person again, after an undo."""
        self._ignored -= set(stranger.tracks)
        self.show_strangers([*(card.stranger for card in self._strangers), stranger])

    def _drop(self, card: QWidget) -> None:
        self._row.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _count(self) -> None:
        self._nothing.setVisible(not self._doubts and not self._strangers)
        self.counted.emit()

    def retranslate(self) -> None:
        cards: list[DoubtCard | ChoiceCard | StrangerCard] = [*self._doubts.values(), *self._strangers]
        for card in cards:
            card.say_again()
