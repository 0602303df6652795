"""Enter and Delete answer the doubt about the selected student; the card that they answer is marked."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.review_cards import ChoiceCard, DoubtCard

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class AnswerKeys(QObject):
    """The keys work while the focus is in the roster or in the card itself, and one student is selected.

    The card that they answer has a frame, and the student's own card shows what each key does. Without a doubt about
    the selected student, no card has a frame and the keys do nothing.
    """

    def __init__(self, parts: RollCallLayout) -> None:
        super().__init__(parts)
        self._parts = parts
        self._target: tuple[DoubtCard | ChoiceCard, int] | None = None
        parts.roster.selectionModel().selectionChanged.connect(self.refresh)
        parts.roster.selectionModel().currentChanged.connect(self.refresh)
        parts.tray.counted.connect(self.refresh)
        parts.tray.visibility_changed.connect(self.refresh)
        for answered in (parts.tray.answered, parts.tray.assigned):
            answered.connect(self._leave_card)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def press(self, event: QKeyEvent) -> bool:
        """Answer with this key; False for another key, or when there is nothing to answer."""
        key = Qt.Key(event.key())
        if key not in ENTER | {Qt.Key.Key_Delete} or event.isAutoRepeat() or self._target is None:
            return False
        card, student_id = self._target
        in_tray = self._in_tray()
        self._parts.tray.answered.emit(card.match, student_id if key in ENTER else None)
        following = self._parts.tray.first_doubt()
        if in_tray and following is not None:
            following.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def refresh(self, *_changed: object) -> None:
        """Find the card that the keys answer now, and mark it."""
        self._target = self._find()
        card, student_id = self._target or (None, None)
        self._parts.tray.frame(card)
        self._parts.card.show_keys(None if student_id is None else card)

    def _find(self) -> tuple[DoubtCard | ChoiceCard, int] | None:
        chosen = self._parts.roster.chosen()
        if len(chosen) != 1 or not self._parts.tray.isVisible():
            return None
        student_id = chosen[0].student.id
        card = self._parts.tray.card_about(student_id)
        focus = QApplication.focusWidget()
        # No widget has the focus while the window is not active.
        if card is None or not (focus is None or self._reaches(focus, card)):
            return None
        return card, student_id

    def _reaches(self, focus: QWidget, card: QWidget) -> bool:
        roster = self._parts.roster
        return focus in {roster, card} or roster.isAncestorOf(focus) or card.isAncestorOf(focus)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Select the student of a card that gets the focus."""
        card = None if now is None else self._parts.tray.card_with(now)
        chosen = {line.student.id for line in self._parts.roster.chosen()}
        if card is not None and not (len(chosen) == 1 and chosen <= set(card.student_ids)):
            self._parts.roster.choose(card.match.student_id)
        self.refresh()

    def _in_tray(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self._parts.tray.isAncestorOf(focus)

    def _leave_card(self, *_answer: object) -> None:
        """Move the focus to the roster before the card is removed, else Qt would move it somewhere else."""
        if self._in_tray():
            self._parts.roster.setFocus(Qt.FocusReason.OtherFocusReason)
