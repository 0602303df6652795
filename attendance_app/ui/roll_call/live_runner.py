"""Runs a roll on a separate thread and passes its events to the window as queued signals."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance

from attendance_app.bootstrap import open_reader, open_sideways_watch, roll_tools
from attendance_app.config.settings import DetectorName
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.photo_report import PhotoReport
from attendance_app.services.session.regions import RegionWatch
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    MarksDelayed,
    MarksRecorded,
    MatchConcluded,
    PictureKnown,
    RollEvent,
    RollOrder,
    SessionBegan,
    SourceEnded,
    SourcesChanged,
    StateChanged,
    UnknownCard,
    UnknownSeen,
)
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.picture_canvas import photo_picture
from attendance_app.ui.roll_call.hints import HintWatch
from attendance_app.ui.roll_call.recording_progress import RecordingClock
from attendance_app.ui.roll_call.roll_call_data import shown_match, stranger_of
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.vision.photographs import Photographs, PhotoSet
from attendance_app.vision.source_protocol import Source, StateListener
from attendance_app.vision.turned_source import turned_source
from attendance_app.vision.watched import ShownRecording, WatchedSource

REGIONS_OF_SECONDS = 15.0
"""Of the picture's regions: long enough for a scan to find who looks down, short enough for a class that moves."""


class LiveRunner(QObject):
    """At most one roll at a time; passes commands to ``LiveRoll`` and its events back."""

    began = Signal(object, object)
    """With StartedSession and the marks recorded so far."""
    recorded = Signal(object)
    """With marks that are committed."""
    unwritten = Signal(object)
    """With the StoreError that keeps marks from being written; None when they are written again."""
    matched = Signal(object, bool)
    """With a ShownMatch; True when it was decided, False when the teacher should settle it."""
    unknown = Signal(object)
    """With a Stranger for each unknown person so far."""
    unknown_card = Signal()
    """A card was shown that nobody of the course has."""
    state_changed = Signal(object, object)
    """With the RollState, and the KnownError that made it so or None."""
    hint_changed = Signal(object)
    regions_changed = Signal(object)
    """With a RegionCount for each region of the picture."""
    sideways = Signal(int)
    """Nobody is found, and the picture should be turned clockwise by so many degrees."""
    recording_read = Signal(object)
    """With the RecordingPosition, while a recording is read."""
    photographed = Signal(object, object)
    """With the PhotoPicture of a photograph that was read, and the PhotoFaces of all so far."""
    skipped = Signal(object)
    """With the SourceError of a photograph that can't be read."""
    picture_known = Signal(object)
    """With PictureKnown: size and rate of the camera's picture."""
    sources_changed = Signal(object)
    """With a SourceStatus for each source that the roll has now."""
    source_ended = Signal(object)
    """With SourceEnded: the session stays open."""
    closed = Signal(object)
    """With the Session that was closed, or None when it was left open."""
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, context: AppContext, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._screen = screen
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="session")
        self._job: JobRunner | None = None
        self._roll: LiveRoll | None = None
        self._reader: tuple[DetectorName, FaceReader] | None = None
        """The networks, kept from one session to the next, and the detector that they were loaded with."""
        self.shown = 0
        """The number of the source whose picture is shown."""
        self.numbers: dict[str, int] = {}
        """Of the sources of the roll, by what ``open_source`` takes."""
        # ``warm_up`` and a roll may want the networks at the same time.
        self._opening = threading.Lock()

    @property
    def running(self) -> bool:
        """Whether a session is open, or being opened, with or without its camera."""
        return self._job is not None

    def start(self, order: RollOrder) -> None:
        """Begin. ``began`` or ``failed`` follows."""
        tools = roll_tools(
            self._context.store,
            clock=self._now,
            read_faces=self.open_reader,
            open_source=self._open_source,
        )
        self.shown, self.numbers = 0, {}
        roll = self._roll = LiveRoll(order, tools, self._listener())
        self._job = JobRunner(lambda _job: roll.run())
        self._job.succeeded.connect(partial(self._finish, self.closed))
        self._job.failed.connect(partial(self._finish, self.failed))
        self._job.crashed.connect(partial(self._finish, self.crashed))
        self._job.start(self._pool)

    def warm_up(self, detector: DetectorName) -> None:
        """Load the networks before the first session, so that it starts at once."""
        if self._reader is None and not self.running:
            self._context.run(lambda _job: self.open_reader(detector), failed=lambda _error: None, long=True)

    def open_reader(self, detector: DetectorName) -> FaceReader:
        """Return the networks, loaded once for all sessions because that takes seconds; may be called in any thread."""
        with self._opening:
            if self._reader is None or self._reader[0] != detector:
                self._reader = detector, open_reader(detector)
            return self._reader[1]

    def end(self) -> None:
        """Close the session; ``closed`` follows."""
        if self._roll is not None:
            self._roll.end()

    def leave(self) -> None:
        """Leave the session open, to be resumed; ``closed`` follows."""
        if self._roll is not None:
            self._roll.leave()

    def use_source(self, spec: str | PhotoSet | None, *, turn: int = 0, instead_of: int | None = None) -> None:
        """Continue with another source, None: by hand; in the place of one or (None) of all."""
        if self._roll is not None:
            self._roll.use_source(spec, turn=turn, instead_of=instead_of)

    def add_source(self, spec: str | PhotoSet, *, turn: int = 0) -> None:
        """Take the roll from one more source."""
        if self._roll is not None:
            self._roll.add_source(spec, turn=turn)

    def drop_source(self, number: int) -> None:
        """Go on without that source."""
        if self._roll is not None:
            self._roll.drop_source(number)

    def try_again(self, number: int | None = None) -> None:
        """Open a lost source again, at once; None: the main one."""
        if self._roll is not None:
            self._roll.try_again(number)

    def name_faces(self, tracks: Sequence[int], student_id: int | None, *, before: int | None = None) -> None:
        """Set who a face is, or (None) withdraw that it is ``before``."""
        if self._roll is not None:
            self._roll.name_faces(tracks, student_id, before=before)

    def compare_again(self) -> None:
        """Read the gallery again, because the roster or its photos have changed."""
        if self._roll is not None:
            self._roll.compare_again()

    def by_hand(self, step: ManualWrite) -> bool:
        """Queue marks made by hand behind the camera's; False while they wait. Call it from a job's thread."""
        roll = self._roll
        return step.commit_now() if roll is None else roll.by_hand(step)

    def close_down(self) -> None:
        """Leave the session open and wait for its thread, because the window closes."""
        if self._job is not None and self._roll is not None:
            # Nothing may be emitted into a window that is being closed.
            self._job.silence()
            self._roll.give_up()
        self._pool.shutdown()

    def _finish(self, tell: SignalInstance, outcome: object) -> None:
        """The thread has ended; ``running`` is False before the signal is emitted."""
        if self._job is not None:
            self._job.deleteLater()
        # Before the signal: who hears it may start the next roll.
        self._job = self._roll = None
        tell.emit(outcome)

    # -- on the threads of the roll

    def _now(self) -> datetime:
        return self._context.clock()

    def _open_source(self, spec: str | PhotoSet, *, realtime: bool, on_state: StateListener, turn: int) -> Source:
        if isinstance(spec, PhotoSet):
            return turned_source(Photographs(spec, on_skipped=self.skipped.emit), turn)
        source = turned_source(self._context.cameras.open(spec, realtime=realtime, on_state=on_state), turn)

        def put(frame: Frame) -> None:
            if self.numbers.get(spec, 0) == self.shown:
                self._screen.put_frame(frame)

        if source.live:
            return WatchedSource(source, put)
        clock = RecordingClock(source.duration, self.recording_read.emit)

        def show(frame: Frame) -> None:
            put(frame)
            clock.note(frame.seconds)

        return ShownRecording(source, show)

    def _listener(self) -> "_Listener":
        return _Listener(self, self._screen)


class _Listener:
    """Turns a roll's events into signals; called on the roll's and the recorder's threads."""

    def __init__(self, runner: LiveRunner, screen: Screen) -> None:
        self._runner = runner
        self._screen = screen
        self._hints = HintWatch()
        self._sideways = open_sideways_watch()
        self._photographs = PhotoReport()
        self._regions: dict[int, RegionWatch] = {}
        """By the source's number."""

    def __call__(self, event: RollEvent) -> None:
        runner = self._runner
        match event:
            case FrameSeen():
                self._see(event)
            case SessionBegan(started, marks):
                runner.began.emit(started, marks)
            case MarksRecorded(marks):
                runner.recorded.emit(marks)
            case MarksDelayed(error):
                runner.unwritten.emit(error)
            case MatchConcluded():
                runner.matched.emit(shown_match(event), event.conclusion.decision.kind is DecisionKind.MARK)
            case UnknownCard():
                runner.unknown_card.emit()
            case UnknownSeen(people):
                runner.unknown.emit([one for one in map(stranger_of, people) if one is not None])
            case StateChanged(state, error):
                runner.state_changed.emit(state, error)
            case PictureKnown():
                runner.picture_known.emit(event)
            case SourcesChanged(sources):
                runner.numbers = {one.spec: one.number for one in sources if isinstance(one.spec, str)}
                runner.sources_changed.emit(sources)
            case SourceEnded():
                runner.source_ended.emit(event)

    def _see(self, seen: FrameSeen) -> None:
        if seen.frame.photograph is not None:
            self._photographs.take(seen)
            picture = photo_picture(seen.frame.photograph, seen.frame.image)
            self._runner.photographed.emit(picture, self._photographs.photographs)
            return
        if seen.source == self._runner.shown:
            self._screen.put_result(seen.result)
        regions = self._regions.setdefault(seen.source, RegionWatch(within=REGIONS_OF_SECONDS))
        if regions.take(seen.frame, seen.result) and seen.source == self._runner.shown:
            self._runner.regions_changed.emit(regions.counts)
        # What would help a camera is said of the main one: a hint has no room for its name.
        if seen.source:
            return
        if self._hints.look(seen.frame, seen.result):
            self._runner.hint_changed.emit(self._hints.hint)
        degrees = self._sideways.look(seen.frame, seen.result)
        if degrees is not None:
            self._runner.sideways.emit(degrees)
