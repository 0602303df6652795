"""Shows the events of a roll in the page's widgets: marks, doubts, unknown faces, the camera's state."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from attendance_app.domain.errors import KnownError, SourceError, StoreError
from attendance_app.domain.excuses import seen_though_away
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, Session
from attendance_app.services.errors import MarksWaiting
from attendance_app.services.session.lifecycle import StartedSession
from attendance_app.services.session.photo_report import PhotoFaces
from attendance_app.services.session.roll_messages import PictureKnown, RollOrder, RollState, SourceEnded, SourceStatus
from attendance_app.ui import dates
from attendance_app.ui.app_context import MARKS, SESSIONS, AppContext
from attendance_app.ui.camera_words import picture_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.picture_canvas import PhotoPicture
from attendance_app.ui.roll_call.hints import PictureHint
from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.live_runner import LiveRunner
from attendance_app.ui.roll_call.marking import Marking
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.picture_choice import PHOTOGRAPHS, PictureItem
from attendance_app.ui.roll_call.recording_progress import RecordingPosition
from attendance_app.ui.roll_call.roll_call_data import ShownMatch
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.ui.roll_call.source_choice import spec_words
from attendance_app.ui.status_look import status_word
from attendance_app.vision.photographs import PhotoSet, photo_set
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
        self._told_away: set[int] = set()
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
        self.pictures: dict[int, PictureMode] = {}
        """What the cameras give, by the source's number, while it is known."""
        self.sources: tuple[SourceStatus, ...] = ()
        """Those that the roll has now."""
        self._photographs = 0
        """How many have been read."""
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
        runner.unknown_card.connect(self._on_unknown_card)
        runner.state_changed.connect(self._on_state)
        runner.hint_changed.connect(self._show_hint)
        runner.regions_changed.connect(self._parts.show_regions)
        runner.sideways.connect(self._parts.show_sideways)
        runner.recording_read.connect(self._on_recording_read)
        runner.photographed.connect(self._on_photographed)
        runner.skipped.connect(self._context.show_error)
        runner.picture_known.connect(self._on_picture_known)
        runner.sources_changed.connect(self._on_sources)
        self._parts.pictures.chosen.connect(self.show_picture)
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
        """Continue with another source, None: by hand; ``turn`` as in ``RollOrder``.

        Of several it takes the place of the one that is lost, else of the main one; by hand there is none.
        """
        several, lost = len(self.sources) > 1, self.lost
        self._parts.trouble.show_error(None)
        instead_of = None if spec is None or not several else 0 if lost is None else lost.number
        if not instead_of:
            self._prepare_picture(spec)
        self.runner.use_source(spec, turn=turn, instead_of=instead_of)

    @property
    def lost(self) -> SourceStatus | None:
        """The source that the bar above the page tells of."""
        return next((one for one in self.sources if one.error is not None), None)

    def try_again(self) -> None:
        """Open the lost source again."""
        self.runner.try_again(None if self.lost is None else self.lost.number)

    def go_on_without(self) -> bool:
        """Drop the lost source if there are others; False where it is the only one."""
        lost = self.lost
        if lost is None or len(self.sources) < 2:
            return False
        self.runner.drop_source(lost.number)
        return True

    def drop_source(self, number: int) -> None:
        """Go on without that source."""
        self.runner.drop_source(number)

    def add_camera(self, spec: str) -> None:
        """Take the roll from one more camera."""
        self.runner.add_source(spec)

    def add_photographs(self, paths: Sequence[Path]) -> None:
        """Read photographs of the room as well; a missing file is shown in the message bar."""
        if paths:
            self._context.run(lambda _job: photo_set(paths), done=self.runner.add_source)

    def show_picture(self, number: int) -> None:
        """Show the picture of that source, or the photographs."""
        photographs = number == PHOTOGRAPHS
        self._parts.show_photographs(photographs)
        if not photographs:
            self._show_camera(number)
        self._offer_pictures()

    def _show_camera(self, number: int) -> None:
        if number != self.runner.shown:
            self.runner.shown = number
            self._parts.show_regions(())
            self._parts.video.say_instead(tr("Getting ready…"))

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
            self._tell_if_away(mark)
        self._parts.show_marks()

    def _tell_if_away(self, mark: Mark) -> None:
        """Say once that somebody is seen whom the register has as excused or absent."""
        line = self._model.get(mark.student_id)
        if line is None or not seen_though_away(mark) or mark.student_id in self._told_away:
            return
        self._told_away.add(mark.student_id)
        words = tr("{name} is marked {status}, and the camera sees them")
        self._context.show_toast(words.format(name=line.student.name, status=status_word(mark.status).lower()))

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

    def _on_unknown_card(self) -> None:
        self._context.show_toast(tr("A card of another course, or one that was replaced: it marks nobody"))

    def _on_state(self, state: RollState, error: KnownError | None) -> None:
        if state is not RollState.RUNNING:
            # The roll sends no position of this recording after that.
            self._parts.recording.show_position(None)
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
        self.pictures[known.source] = known.picture
        self._offer_pictures()

    def _on_sources(self, sources: tuple[SourceStatus, ...]) -> None:
        lost_before = self.lost
        self.sources = sources
        there = {one.number for one in sources if one.error is None and not one.opening}
        self.pictures = {number: picture for number, picture in self.pictures.items() if number in there}
        others_go_on = bool(there)
        if self.lost is not None:
            self._parts.trouble.show_error(self.lost.error, others_go_on=others_go_on)
        elif lost_before is not None:
            self._parts.trouble.show_error(None)
        cameras = [one.number for one in sources if isinstance(one.spec, str)]
        if cameras and self.runner.shown not in cameras:
            # The one that was shown has gone.
            self._show_camera(cameras[0])
        self._offer_pictures()
        self.changed.emit()

    def _on_photographed(self, picture: PhotoPicture, faces: tuple[PhotoFaces, ...]) -> None:
        self._parts.photographs.add(picture, faces)
        if len(faces) != self._photographs:
            self._photographs = len(faces)
            # What was added last is what the teacher wants to see.
            self.show_picture(PHOTOGRAPHS)

    def _offer_pictures(self) -> None:
        """Let the teacher choose where there is more than one picture."""
        items = [
            PictureItem(one.number, spec_words(one.spec), lost=one.error is not None)
            for one in self.sources
            if isinstance(one.spec, str)
        ]
        if self._photographs:
            words = tr("Photographs ({count})").format(count=dates.number(self._photographs))
            items.append(PictureItem(PHOTOGRAPHS, words))
        shown = PHOTOGRAPHS if not self._parts.photographs.isHidden() else self.runner.shown
        self._parts.pictures.show_items(items, shown)
        lines = [
            f"{spec_words(one.spec)}: {picture_words(self.pictures[one.number])}"
            for one in self.sources
            if one.number == self.runner.shown and one.number in self.pictures
        ]
        self._parts.show_source("".join(lines))

    def retranslate(self) -> None:
        """Say what has no widget of its own again, in another language."""
        self._offer_pictures()

    def _on_source_ended(self, ended: SourceEnded) -> None:
        self._parts.recording.show_position(None)
        # All photographs are read in any case; only the end of a recording is news.
        if not self.ending and self._parts.photographs.isHidden() and ended.source == self.runner.shown:
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
        self._told_away.clear()
        self.ending = self.marks_wait = False
        self._ticks.stop()
        self.marking.begin(None)
        self._parts.tray.begin(())
        self._parts.show_hint(None)
        self._parts.trouble.show_error(None)
        self.sources, self.pictures, self._photographs = (), {}, 0
        self._parts.show_photographs(False)
        self._parts.photographs.clear()
        self._offer_pictures()
        self._parts.recording.show_position(None)
        self.changed.emit()


def _by_hand_words() -> str:
    return tr("The roll is taken by hand: select a student and press P, L, A or E.")
