"""Photos from the camera: choose the student, record the consent, be coached, enrol, next student."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Student
from attendance_app.services.capture_coach import Coaching, View
from attendance_app.services.enrolment import EnrolmentOrder
from attendance_app.services.verdicts import Doubt, Verdict
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.enrolment.coach_card import CoachCard
from attendance_app.ui.enrolment.coach_runner import CoachRunner, ExaminedView
from attendance_app.ui.enrolment.coach_video import CoachVideo
from attendance_app.ui.enrolment.coach_words import advice_words
from attendance_app.ui.enrolment.enrolment_work import EnrolmentWork
from attendance_app.ui.i18n import tr
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.roll_call.hints import hint_words
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.ui.students.roster_data import RosterItem, read_roster
from attendance_app.ui.students.student_dialogs import StudentDialog, consent_recorded
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.source_protocol import SourceState

STEADY = 2
"""Number of equal results in a row before the text changes, so that it does not flicker."""


class CoachView(TranslatedWidget):
    """Holds the camera while it is visible. Before "Enrol" is pressed, only the consent is stored."""

    def __init__(self, context: AppContext, work: EnrolmentWork) -> None:
        super().__init__()
        self._context = context
        self._work = work
        self._error: KnownError | None = None
        self._state: SourceState | None = None
        self._said: tuple[str, int] = ("", 0)
        """The newest advice, and how many times in a row it came."""
        self._coaching: Coaching | None = None
        self.taken: tuple[ExaminedView, ...] = ()
        self.enrolled = False
        self._saving = False
        screen = Screen()
        self.runner = CoachRunner(context, work, screen, self)
        self.video = CoachVideo(screen)
        self.card = CoachCard()
        self._lay_out()
        self._listen()
        self.retranslate()

    def _lay_out(self) -> None:
        self.words = label("title", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note = label("quiet", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again_button = Button("plain", "arrow-clockwise").with_text("Try again").on_click(self._start)
        self.settings_button = Button("quiet", "gear").with_text("Choose another camera")
        self.settings_button.on_click(lambda: self._context.open_page("settings"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.settings_button)
        buttons.addStretch(1)
        self._trouble = QWidget()
        self._trouble.setLayout(buttons)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.words)
        left.addWidget(self.video, 1)
        left.addWidget(self._trouble)
        left.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.card)

    def _listen(self) -> None:
        runner, card = self.runner, self.card
        runner.opened.connect(self._on_opened)
        runner.coached.connect(self._on_coached)
        runner.taken.connect(self._on_taken)
        runner.state_changed.connect(self._on_state)
        runner.failed.connect(self._on_failed)
        runner.ended.connect(lambda: self._on_state(SourceState.ENDED))
        card.student_chosen.connect(self._begin)
        card.new_student_wanted.connect(self._add_student)
        card.consent_given.connect(self._record_consent)
        card.view_clicked.connect(self._again)
        card.sure_clicked.connect(runner.confirm_student)
        card.primary.on_click(self.go_on)
        card.next_button.on_click(self.next_student)

    # -- the list

    def refresh(self) -> None:
        """Read the list again; the current student stays."""
        course, store = self._context.course, self._context.store
        if course is not None and self.isVisible():
            self._context.run(lambda _job: read_roster(store, course, archived=False), done=self._show_roster)

    def _show_roster(self, roster: tuple[RosterItem, ...]) -> None:
        self.card.show_roster(roster)
        if self.card.sitter is None:
            self.next_student()
        self._show()

    def forget(self) -> None:
        """Choose nobody, because the course has changed."""
        self.card.forget()
        self.taken = ()
        self.runner.rest()
        self.refresh()

    def next_student(self) -> None:
        """Go on with the next student of the list without photos."""
        following = self.card.following()
        if following is not None:
            self._begin(following.student)

    def _begin(self, student: Student) -> None:
        """Coach this student, once there is a consent."""
        self.card.choose(student)
        self.taken, self.enrolled, self._coaching = (), False, None
        self._show_taken()
        self._resume()
        self._show()
        self._focus_next_step()

    def _focus_next_step(self) -> None:
        """Give the focus to the control of the next step, but never to a button that would skip the student."""
        card = self.card
        next_step = (
            card.consent_line if card.lacks_consent else card.primary if card.primary.isEnabled() else self.video
        )
        next_step.setFocus()

    def _resume(self) -> None:
        course, sitter = self._context.course, self.card.sitter
        if course is not None and sitter is not None and sitter.consent is not None and not self.enrolled:
            self.runner.coach(course, sitter.student)
        else:
            self.runner.rest()

    def _add_student(self) -> None:
        course = self._context.course
        if course is None:
            return
        dialog = StudentDialog(self._context, course=course, parent=self.window())
        dialog.saved.connect(self.card.expect)
        dialog.open()

    def _record_consent(self, ground: str) -> None:
        sitter = self.card.sitter
        if sitter is None:
            return
        student, now = sitter.student, self._context.clock()
        self.card.expect(student)
        self._context.act(lambda tx: tx.consents.record(student.id, ground, now), message=consent_recorded(student))

    # -- the camera

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()

    def stop(self) -> None:
        """Let the camera go."""
        self.runner.stop()
        self._coaching = None
        self.video.coach(None)

    def _start(self) -> None:
        self._error, self._state = None, SourceState.OPENING
        self.runner.start(self._context.settings.camera)
        # The networks load while the camera opens.
        self._context.run(lambda _job: self._work.warm_up(), long=True)
        # The runner begins anew and knows nothing of views taken before; enrolled ones stay in view.
        if not self.enrolled:
            self.taken = ()
        self.video.say_instead(tr("Opening the camera…"))
        self._show_taken()
        self._show()

    def _on_opened(self) -> None:
        self._state = SourceState.STREAMING
        self._resume()
        self._show()

    def _on_state(self, state: SourceState) -> None:
        if state is SourceState.ENDED and self.runner.running:
            return  # this is the source's state; the runner's ``ended`` comes when its job is over
        self._state = state
        if state is not SourceState.STREAMING:
            self._coaching = None
        self._show()

    def _on_failed(self, error: KnownError) -> None:
        self._error = error
        self._show()

    # -- the coach

    def _on_coached(self, coaching: Coaching) -> None:
        if not self.runner.running or self.enrolled or self.card.lacks_consent:
            return
        self._coaching = coaching
        self.video.coach(coaching)
        self.card.want(coaching.wanted)
        words = advice_words(coaching.advice)
        self._said = (words, self._said[1] + 1 if self._said[0] == words else 1)
        if self._said[1] >= STEADY or coaching.progress > 0 or coaching.taken is not None:
            self._tell(words)

    def _on_taken(self, taken: tuple[ExaminedView, ...]) -> None:
        sitter = self.card.sitter
        # Photos of the student before may arrive after another one was chosen.
        late = any(sitter is None or one.student_id != sitter.student.id for one in taken)
        if not self.enrolled and not late:
            self.taken = taken
            self._show_taken()
            self._show()

    def _again(self, view: View) -> None:
        self.runner.again([view])

    # -- saving

    def go_on(self) -> None:
        """Run the primary button's action: record the consent, enrol, or continue with the next student."""
        if self.enrolled:
            self.next_student()
        elif self.card.lacks_consent:
            self.card.give_consent()
        elif self.ready:
            self._enrol()

    @property
    def ready(self) -> bool:
        """Whether there are photos and none has a problem."""
        refusals = {one.candidate.refusal for one in self.taken}
        # A weak photo beside a good one is left out when the photos are kept.
        return None in refusals and refusals <= {None, Verdict.BETTER_THERE} and not self._saving

    def _enrol(self) -> None:
        course = self._context.course
        if course is None:
            return
        order, work = EnrolmentOrder(course), self._work
        candidates = [one.candidate for one in self.taken]
        self._saving = True
        self.runner.rest()
        job = self._context.act(
            lambda tx: work.keep(tx, candidates, order), message=_enrolled_words, partial=True, then=self._on_enrolled
        )
        job.ended.connect(self._on_saved)

    def _on_saved(self) -> None:
        self._saving = False
        self._show()

    def _on_enrolled(self, _photos: int) -> None:
        self.enrolled = True
        self._coaching = None
        self.video.coach(None)
        self._show()
        self.card.primary.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.go_on()
        else:
            super().keyPressEvent(event)

    # -- showing

    def _show_taken(self) -> None:
        self.card.show_taken({one.view: (one.image, _odd(one)) for one in self.taken})

    def _tell(self, words: str) -> None:
        if self.words.text() != words:
            self.words.setText(words)
            self.words.setAccessibleName(words)

    def _show(self) -> None:
        trouble = self._error is not None or self._state is SourceState.ENDED
        self._trouble.setVisible(trouble)
        if self._error is not None:
            self._tell(message_of(self._error))
            self.video.say_instead(remedy_of(self._error))
        elif self._state is SourceState.ENDED:
            self._tell(tr("The recording has ended."))
            self.video.coach(None)
        elif self._state in {SourceState.OPENING, SourceState.RECONNECTING}:
            self._tell(hint_words(self._state))
        elif self._coaching is None:
            self._tell(self._waiting_words())
            self.video.coach(None)
        self._note.setText(
            tr("The picture is mirrored. Each view is taken by itself; nothing is kept before you press Enrol.")
        )
        # Asked before ``show_state``, which may hide or disable the control that has the focus.
        waiting = self.card.primary.hasFocus() or self.video.hasFocus()
        self.card.show_state(
            len(self.taken), ready=self.ready, enrolled=self.enrolled, doubt=self._doubt_words(), sure=self._asks_sure()
        )
        if waiting:
            self._focus_next_step()

    def _waiting_words(self) -> str:
        kept = sum(one.candidate.refusal is None for one in self.taken)
        if self.enrolled and kept < len(View):
            return tr("Enrolled with %n of three views", "", kept)
        if self.enrolled:
            return tr("Enrolled", "photo")
        if self.card.sitter is None:
            return tr("Everybody on the list has photos") if self.card.has_roster else tr("Choose the student")
        return tr("First the consent") if self.card.lacks_consent else tr("Look at the camera")

    def _doubt_words(self) -> str:
        """Return what the teacher should check before enrolling."""
        if self.enrolled:
            return ""
        other = next((one.candidate.other for one in self.taken if one.candidate.refusal is not None), None)
        if other is not None:
            return tr("Looks like {name}. Is the right student chosen?").format(name=other.name)
        if {one.candidate.refusal for one in self.taken} == {Verdict.BETTER_THERE}:
            return tr("Better photos of this student are enrolled already. Take the views again, with more light.")
        if any(one.candidate.doubt is Doubt.UNLIKE_OWN for one in self.taken):
            return tr("The photos do not look like one person. Was somebody else in the picture?")
        return ""

    def _asks_sure(self) -> bool:
        """Whether the teacher may confirm that two people only look alike."""
        refusals = {one.candidate.refusal for one in self.taken} - {None}
        return not self.enrolled and refusals == {Verdict.LOOKS_LIKE_ANOTHER}

    def retranslate(self) -> None:
        self._said = ("", 0)
        self._show()


def _odd(taken: ExaminedView) -> bool:
    return taken.candidate.refusal is not None or taken.candidate.doubt is Doubt.UNLIKE_OWN


def _enrolled_words(photos: int) -> str:
    words = tr("%n photo(s) enrolled", "", photos)
    if photos < len(View):
        words += ". " + tr("With three views a student is recognised better: take the others when there is time.")
    return words
