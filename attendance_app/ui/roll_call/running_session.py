"""Shows the events of a roll in the page's widgets: marks, doubts, unknown faces, the camera's state."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from attendance_app.domain.errors import KnownError, SourceError, StoreError
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, Session
from attendance_app.services.errors import MarksWaiting
from attendance_app.services.session.lifecycle import StartedSession
from attendance_app.services.session.roll_messages import PictureKnown, RollOrder, RollState
from attendance_app.ui.app_context import MARKS, SESSIONS, AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.hints import PictureHint
from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.live_runner import LiveRunner
from attendance_app.ui.roll_call.marking import Marking
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.recording_progress import RecordingPosition
from attendance_app.ui.roll_call.roll_call_data import ShownMatch
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import PictureMode, SourceState


class RunningSession(QObject):
    """At most one at a time."""

    changed = Signal()
    """The state has changed."""
    ticked = Signal()
    """A second of the session has passed."""
    closed = Signal(object)
    """With the Session, or None when it was left open."""
    broken = Signal()
    """It could not begin or continue; the error has been shown."""

    def __init__(self, context: AppContext, model: MarksModel, parts: RollCallLayout, screen: Screen) -> None:
        super().__init__(parts)
        self._context = context
        self._model = model
        self._parts = parts
        self.runner = LiveRunner(context, screen, self)
        self.marking = Marking(context, model, self.runner.by_hand, self)
        self.started: StartedSession | None = None
        self.course: Course | None = None
        """Whose roll is being taken."""
        self.ending = False
        self.marks_wait = False
        """Marks can't be written at the moment."""
        self.picture: PictureMode | None = None
        """What the camera gives, while it is known."""
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self.ticked)
        self._listen()

    def _listen(self) -> None:
        runner = self.runner
        runner.began.connect(self._on_began)
        runner.recorded.connect(self._on_recorded)
        runner.unwritten.connect(self._on_unwritten)
        runner.matched.connect(self._on_matched)
        runner.unknown.connect(self._parts.tray.show_strangers)
        runner.state_changed.connect(self._on_state)
        runner.hint_changed.connect(self._show_hint)
        runner.regions_changed.connect(self._parts.show_regions)
        runner.sideways.connect(self._parts.show_sideways)
        runner.recording_read.connect(self._on_recording_read)
        runner.photographed.connect(self._parts.photographs.add)
        runner.skipped.connect(self._context.show_error)
        runner.picture_known.connect(self._on_picture_known)
        runner.source_ended.connect(self._on_source_ended)
        runner.closed.connect(self._on_closed)
        runner.failed.connect(self._on_failed)
        runner.crashed.connect(self._on_crashed)
        self.marking.changed.connect(self._on_marked)

    @property
    def running(self) -> bool:
        """Whether a session is open or being opened."""
        return self.runner.running

    def start(self, order: RollOrder) -> None:
        """Begin, or resume an unfinished session."""
        self._context.clear_error()
        self._parts.trouble.show_error(None)
        self.course = order.course
        self._parts.cut_off.hide()
        self._parts.unsaved.hide()
        self._model.clear_marks()
        self._parts.choose_first()
        self._parts.tray.begin([line.student for line in self._model.rows])
        self._prepare_picture(order.source)
        self.runner.start(order)
        self.changed.emit()

    def _prepare_picture(self, spec: str | PhotoSet | None) -> None:
        self._parts.show_photographs(isinstance(spec, PhotoSet))
        self._parts.show_regions(())
        self._parts.video.say_instead(_by_hand_words() if spec is None else tr("Getting ready…"))

    def use_source(self, spec: str | PhotoSet | None, *, turn: int = 0) -> None:
        """Continue with another source, None: by hand; ``turn`` as in ``RollOrder``."""
        self._parts.trouble.show_error(None)
        self._prepare_picture(spec)
        self.runner.use_source(spec, turn=turn)

    def name_faces(self, tracks: Sequence[int], student_id: int | None, *, before: int | None = None) -> None:
        """Set who a face is, or (None) withdraw that it is ``before``."""
        self.runner.name_faces(tracks, student_id, before=before)
        self._parts.photographs.name_faces(tracks, student_id)

    def end(self) -> None:
        """Close the session; ``closed`` follows."""
        if self.started is None or self.ending:
            return
        self.ending = True
        self.changed.emit()
        self.runner.end()

    def close_down(self) -> None:
        """Leave the session open, because the window closes."""
        self._ticks.stop()
        self.runner.close_down()

    def _on_began(self, started: StartedSession, marks: tuple[Mark, ...]) -> None:
        self.started = started
        self.marking.begin(started.session)
        self._on_recorded(marks)
        self._ticks.start()
        self.ticked.emit()
        self.changed.emit()
        self._parts.roster.setFocus()

    def _on_recorded(self, marks: tuple[Mark, ...]) -> None:
        for mark in marks:
            self._model.show_mark(mark.student_id, mark)
            self._parts.tray.settle(mark.student_id)
        self._parts.show_marks()

    def _on_marked(self) -> None:
        """Remove the doubt about a student whom the teacher has marked."""
        for line in self._model.rows:
            if line.mark is not None:
                self._parts.tray.settle(line.student.id)
        self._parts.show_marks()

    def _on_unwritten(self, error: StoreError | None) -> None:
        self.marks_wait = error is not None
        if error is None:
            self._context.clear_error()
            self._context.show_toast(tr("Marks are being saved again"))
        else:
            self._context.show_error(MarksWaiting(cause=error))

    def _on_matched(self, match: ShownMatch, decided: bool) -> None:
        self._model.show_match(match, decided=decided)
        line = self._model.get(match.student_id)
        # The model has made no doubt of it where the student is marked already.
        if line is not None and line.doubt is match:
            self._parts.tray.ask(line, match)
        self._parts.show_marks()

    def _on_state(self, state: RollState, error: KnownError | None) -> None:
        if state is not RollState.RUNNING:
            # The roll sends no position of this recording after that.
            self._parts.recording.show_position(None)
        if state in {RollState.OPENING, RollState.PAUSED, RollState.ENDED}:
            self._use_picture(None)
        if state is RollState.SOURCE_LOST:
            self._parts.trouble.show_error(error)
        elif state is not RollState.OPENING:
            self._parts.trouble.show_error(None)
        if state in {RollState.OPENING, RollState.RUNNING, RollState.SOURCE_LOST}:
            self._parts.show_hint(SourceState.OPENING if state is RollState.OPENING else None)

    def _on_recording_read(self, position: RecordingPosition) -> None:
        # A position may still arrive after the session has ended.
        if self.started is not None and not self.ending:
            self._parts.recording.show_position(position)

    def _on_picture_known(self, known: PictureKnown) -> None:
        self._use_picture(known.picture)

    def _use_picture(self, picture: PictureMode | None) -> None:
        if picture != self.picture:
            self.picture = picture
            self.changed.emit()

    def _on_source_ended(self, _ended: object) -> None:
        # All photographs are read in any case; only the end of a recording is news.
        if not self.ending and self._parts.photographs.isHidden():
            self._show_hint(SourceState.ENDED)

    def _show_hint(self, hint: Enum | None) -> None:
        """Show a hint. The offer to turn the picture stays until the source is opened again, also after a recording
        has ended."""
        if self._parts.shown_hint is not PictureHint.SIDEWAYS:
            self._parts.show_hint(hint)

    def _on_closed(self, session: Session | None) -> None:
        self._rest()
        self._context.changed(SESSIONS, MARKS)
        self.closed.emit(session)

    def _on_failed(self, error: KnownError) -> None:
        self._rest()
        # Beside the error of a source there are buttons to try again or to go on by hand.
        if isinstance(error, SourceError):
            self._parts.trouble.show_error(error)
        else:
            self._context.show_error(error)
        self.broken.emit()

    def _on_crashed(self, error: BaseException) -> None:
        self._rest()
        self._context.jobs.crashed.emit(error)
        self.broken.emit()

    def _rest(self) -> None:
        """Return to the idle state."""
        self.started = None
        self.ending = self.marks_wait = False
        self._ticks.stop()
        self.marking.begin(None)
        self._parts.tray.begin(())
        self._parts.show_hint(None)
        self._parts.trouble.show_error(None)
        self._parts.show_photographs(False)
        self._parts.recording.show_position(None)
        self.changed.emit()


def _by_hand_words() -> str:
    return tr("The roll is taken by hand: select a student and press P, L, A or E.")
