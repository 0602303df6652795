"""The current student: enrolled and seen picture side by side, when and how sure, and the four buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from attendance_app.services.registers import RegisterLine
from attendance_app.ui.controls import Button, Card, ElidedLabel, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.roll_call.marks_model import state_words
from attendance_app.ui.roll_call.review_cards import ChoiceCard, DoubtCard
from attendance_app.ui.roll_call.roll_call_data import RollLine
from attendance_app.ui.sessions.why_panel import figure_words, seen_words
from attendance_app.ui.status_buttons import StatusButtons
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

PICTURE = 72
LEAST_WIDTH = 380
"""Pixels at 100 %: a narrower card has no room for a short name beside the pictures."""


class StudentCard(TranslatedWidget):
    """Explains a mark; the button or the key "?" shows the numbers."""

    chosen = Signal(object)
    """With the Status that was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._line: RollLine | None = None
        self._more_chosen = 0
        self._asking: DoubtCard | ChoiceCard | None = None
        self._figures_shown = False
        self._discreet = False
        self._roomy = self._wide = True
        self._enrolled, self._seen = QLabel(), QLabel()
        self._captions = (label("small"), label("small"))
        self.bind_text(self._captions[0].setText, "Enrolled", "caption of a photo")
        self.bind_text(self._captions[1].setText, "Seen now", "caption of a photo")
        for caption in self._captions:
            caption.setContentsMargins(4, 0, 4, 0)
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._state = label()
        self._why = label("quiet", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.why_button = Button("quiet", "question").with_text("Why?", hint="Show the numbers behind this mark (?)")
        self.why_button.on_click(self.toggle_figures)
        self.buttons = StatusButtons()
        self.buttons.show_keys(False)
        self.buttons.chosen.connect(self.chosen)
        self._assemble()
        theme().changed.connect(self.retranslate)
        self.retranslate()

    def _assemble(self) -> None:
        pictures = QHBoxLayout()
        pictures.setSpacing(8)
        for picture, caption in zip((self._enrolled, self._seen), self._captions, strict=True):
            column = QVBoxLayout()
            column.setSpacing(2)
            for part in (picture, caption):
                part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                column.addWidget(part)
            column.addStretch(1)
            pictures.addLayout(column)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self.why_button)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(top)
        words.addWidget(self._state)
        words.addWidget(self._why, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(pictures)
        row.addLayout(words, 1)
        card = Card()
        card.column.setContentsMargins(12, 8, 12, 8)
        card.column.addLayout(row, 1)
        card.column.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_line(self, line: RollLine | None, *, more_chosen: int = 0) -> None:
        """Show another student; ``more_chosen`` others are selected with them."""
        self._line, self._more_chosen = line, more_chosen
        self.retranslate()

    def show_keys(self, card: DoubtCard | ChoiceCard | None) -> None:
        """Show what Enter and Delete do for this student; None: nothing."""
        if card is not self._asking:
            self._asking = card
            self.retranslate()

    def set_discreet(self, discreet: bool) -> None:
        """Hide photos and doubts."""
        self._discreet = discreet
        self.retranslate()

    def show_pictures(self, roomy: bool) -> None:
        """Leave the pictures out where there is no height for them."""
        if roomy != self._roomy:
            self._roomy = roomy
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (self.width() >= theme().px(LEAST_WIDTH)) != self._wide:
            self.retranslate()

    def set_marking(self, possible: bool) -> None:
        """Marks can be set only while a session runs."""
        self.buttons.setEnabled(possible)

    def toggle_figures(self) -> None:
        self._figures_shown = not self._figures_shown
        self.retranslate()

    def retranslate(self) -> None:
        line = self._line
        self.setEnabled(line is not None)
        self._wide = self.width() >= theme().px(LEAST_WIDTH)
        for part in (self._enrolled, self._seen, *self._captions):
            part.setVisible(line is not None and self._roomy and self._wide and not self._discreet)
        if line is None:
            self._name.setText(tr("Nobody selected"))
            self._state.setText("")
            self._why.setText("")
            return
        name = line.student.name
        self._name.setText(name + (" " + tr("and %n more", "", self._more_chosen) if self._more_chosen else ""))
        self._state.setText(f"{line.student.number} · {state_words(line, discreet=self._discreet)}")
        self._enrolled.setPixmap(portrait(line.portrait, name, PICTURE))
        # What the teacher is asked about, although newer matches may have come since.
        shown = line.doubt or line.match
        self._seen.setPixmap(portrait(shown.image if shown else QImage(), "–", PICTURE))
        self._why.setText("" if self._discreet else self._reason(line))

    def _keys(self, line: RollLine) -> str:
        if self._asking is None:
            return ""
        if isinstance(self._asking, ChoiceCard):
            return tr("Enter: it is {name}. Delete: neither of the two.").format(name=line.student.name)
        return tr("Enter: yes, it is. Delete: no.")

    def _reason(self, line: RollLine) -> str:
        if line.mark is None:
            looks = tr("Looks like {name}, but not surely.").format(name=line.student.name) if line.doubt else ""
            return f"{looks} {self._keys(line)}".strip()
        words = seen_words(RegisterLine(line.student, line.mark))
        if self._figures_shown and line.mark.evidence is not None:
            words += "\n" + figure_words(line.mark.evidence)
        return words
