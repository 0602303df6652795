"""Beside the camera's picture: the student, the consent, the three views, and the primary button."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from attendance_app.domain.people import Student
from attendance_app.services.capture_coach import View
from attendance_app.ui.controls import Button, Card, ChoiceBox, label
from attendance_app.ui.enrolment.view_tile import ViewTile
from attendance_app.ui.i18n import tr
from attendance_app.ui.students.roster_data import RosterItem
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

WIDTH = 296
"""Pixels at 100 %."""


class CoachCard(TranslatedWidget):
    """Holds the roster and the chosen student; stores nothing."""

    student_chosen = Signal(object)
    """With the Student."""
    new_student_wanted = Signal()
    consent_given = Signal(str)
    """With its ground."""
    view_clicked = Signal(object)
    """With the View to be taken again."""
    sure_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._roster: tuple[RosterItem, ...] = ()
        self._student_id: int | None = None
        self._expected: int | None = None
        """Id of the student to choose when the next roster arrives."""
        self._enrolled = False
        self._lay_out()
        theme().changed.connect(self._fit)
        self._fit()
        self.retranslate()

    def _lay_out(self) -> None:
        card = Card()
        caption = label("small")
        self.bind_text(caption.setText, "Student")
        self.students = ChoiceBox()
        # By default the longest name decides the width, and the card would grow with it.
        self.students.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.students.setMinimumContentsLength(10)
        self.bind_text(self.students.setAccessibleName, "Student")
        # ``activated`` is emitted for a choice of the user only, not for changes by ``choose``.
        self.students.activated.connect(lambda row: self.student_chosen.emit(self._roster[row].student))
        new_button = Button("quiet", "user-plus").with_text("", hint="New student")
        new_button.on_click(self.new_student_wanted.emit)
        choice = QHBoxLayout()
        choice.setSpacing(4)
        choice.addWidget(self.students, 1)
        choice.addWidget(new_button)
        card.column.addWidget(caption)
        card.column.addLayout(choice)
        self._about = label("quiet", wrap=True)
        card.column.addWidget(self._about)
        card.column.addWidget(self._consent())
        card.column.addSpacing(8)
        self.tiles = {view: ViewTile(view) for view in View}
        tiles = QHBoxLayout()
        tiles.setSpacing(4)
        for view, tile in self.tiles.items():
            # ``view`` is bound here: without it every tile would have the loop's last one.
            tile.clicked.connect(lambda _checked=False, view=view: self.view_clicked.emit(view))
            tiles.addWidget(tile)
        card.column.addLayout(tiles)
        self._doubt = label("warning", wrap=True)
        self.sure_button = Button("plain", "check").with_text("They are two people").on_click(self.sure_clicked.emit)
        card.column.addWidget(self._doubt)
        card.column.addWidget(self.sure_button)
        card.column.addStretch(1)
        self._progress = label("small", wrap=True)
        self.next_button = Button("quiet", "skip-forward").with_text("Leave out, next student")
        self.primary = Button("primary", "check")
        for part in (self._progress, self.next_button, self.primary):
            card.column.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _consent(self) -> QWidget:
        self._consent_words = label(wrap=True)
        self.bind_text(
            self._consent_words.setText,
            "No consent on record. Without one no face template is made: write down who consented and where the "
            "paper is.",
        )
        self.consent_line = QLineEdit()
        self.bind_text(self.consent_line.setPlaceholderText, "e.g. parents' form, binder 3")
        self.bind_text(self.consent_line.setAccessibleName, "Ground of the consent")
        self.consent_line.textChanged.connect(lambda _text: self.retranslate())
        self.consent_line.returnPressed.connect(self.give_consent)
        self._consent_part = QWidget()
        column = QVBoxLayout(self._consent_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._consent_words)
        column.addWidget(self.consent_line)
        return self._consent_part

    # -- the list

    @property
    def has_roster(self) -> bool:
        return bool(self._roster)

    @property
    def sitter(self) -> RosterItem | None:
        """The student in front of the camera."""
        return next((item for item in self._roster if item.student.id == self._student_id), None)

    @property
    def lacks_consent(self) -> bool:
        """Whether the student in front of the camera has no consent on record."""
        return self.sitter is not None and self.sitter.consent is None

    def show_roster(self, roster: tuple[RosterItem, ...]) -> None:
        """Show the roster as stored now; the expected student is chosen."""
        self._roster = roster
        self.students.clear()
        for item in roster:
            photos = f" · {tr('%n photo(s)', '', item.photos)}" if item.photos else ""
            self.students.addItem(f"{item.student.name}{photos}", item.student.id)
        expected = next((item for item in roster if item.student.id == self._expected), None)
        if expected is not None:
            self._expected = None
            self.student_chosen.emit(expected.student)
        self.students.setCurrentIndex(self.students.findData(self._student_id))
        self.retranslate()

    def choose(self, student: Student) -> None:
        """Choose the student in front of the camera."""
        self._student_id = student.id
        self.students.setCurrentIndex(self.students.findData(student.id))
        self.retranslate()

    def expect(self, student: Student) -> None:
        """Choose this student when the next roster arrives; the roster does not have them yet."""
        self._expected = student.id

    def forget(self) -> None:
        """Choose nobody."""
        self._student_id = self._expected = None
        self.show_roster(())

    def following(self) -> RosterItem | None:
        """Return the next student of the list without photos, after the current one; at its end, from its beginning."""
        ids = [item.student.id for item in self._roster]
        start = ids.index(self._student_id) + 1 if self._student_id in ids else 0
        order = [*self._roster[start:], *self._roster[:start]]
        return next((one for one in order if not one.photos and one.student.id != self._student_id), None)

    # -- the consent and the views

    def give_consent(self) -> None:
        """Record what is written, if anything is."""
        ground = self.consent_line.text().strip()
        if ground and self.lacks_consent:
            self.consent_given.emit(ground)

    def want(self, view: View | None) -> None:
        """Highlight the view that the coach asks for."""
        for tile in self.tiles.values():
            tile.show_wanted(tile.view is view)

    def show_taken(self, taken: Mapping[View, tuple[QImage, bool]]) -> None:
        """Show the pictures taken so far, and which have a problem."""
        for view, tile in self.tiles.items():
            image, odd = taken.get(view, (QImage(), False))
            tile.show_picture(image, odd=odd)

    def show_state(self, photos: int, *, ready: bool, enrolled: bool, doubt: str, sure: bool) -> None:
        """Show what comes next, which the primary button names.

        ``photos``: how many views are taken; ``ready``: they can be enrolled; ``doubt``: what the teacher should check,
        empty for nothing; ``sure``: whether they may confirm that it is another person.
        """
        self._enrolled = enrolled
        self._doubt.setText(doubt)
        self._doubt.setVisible(bool(doubt))
        self.sure_button.setVisible(sure)
        for tile in self.tiles.values():
            tile.setVisible(not self.lacks_consent)
            tile.setEnabled(tile.isEnabled() and not enrolled)
        if enrolled or self.lacks_consent:
            self.want(None)
        written = bool(self.consent_line.text().strip())
        following = self.following() is not None
        if enrolled:
            self.primary.show_icon("arrow-right")
            self.primary.show_text(tr("Next student"))
        elif self.lacks_consent:
            self.primary.show_icon("check")
            self.primary.show_text(tr("Record consent"))
        else:
            self.primary.show_icon("check")
            self.primary.show_text(tr("Enrol %n photo(s)", "", photos))
        self.primary.setEnabled(following if enrolled else written if self.lacks_consent else ready)
        self.next_button.setVisible(following and not enrolled and self.sitter is not None)

    # -- showing

    def retranslate(self) -> None:
        sitter = self.sitter
        self.students.setPlaceholderText(tr("Choose the student"))
        self._consent_part.setVisible(self.lacks_consent)
        about = ""
        if sitter is not None and sitter.consent is not None:
            about = tr("Consent: {ground}").format(ground=sitter.consent.ground)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        with_photos = sum(bool(item.photos) for item in self._roster)
        self._progress.setText(
            tr("{count} of {all} students have photos").format(count=with_photos, all=len(self._roster))
        )
        if self.lacks_consent and not self._enrolled:
            self.primary.setEnabled(bool(self.consent_line.text().strip()))

    def _fit(self) -> None:
        self.setFixedWidth(theme().px(WIDTH))
