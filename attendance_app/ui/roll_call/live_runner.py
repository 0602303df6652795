"""One session on a thread of its own, told to the window by queued signals."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance

from attendance_app.bootstrap import LiveSetup, decider_of, open_comparison, open_desk, open_live, open_reader
from attendance_app.config.settings import DetectorName, Settings
from attendance_app.domain.errors import StoreError
from attendance_app.domain.faces import Frame
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, Session
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.services.session.desk import Begun
from attendance_app.services.session.live import LiveEvents, LiveSession, LiveSummary, ReviewItem
from attendance_app.services.session.pipeline import FrameResult, UnknownPerson
from attendance_app.services.session.recorder import ByHand
from attendance_app.ui.desk import Desk
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.roll_call.hints import HintWatch
from attendance_app.ui.roll_call.roll_call_data import seen_of, stranger_of
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.vision.source_protocol import Source
from attendance_app.vision.sources import open_source
from attendance_app.vision.watched import WatchedSource


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """What to run: ``resume`` goes on with a session that was cut off, otherwise it is closed first.

    ``source`` None: the roll is taken by hand, without a camera.
    """

    course: Course
    source: str | None
    settings: Settings
    late_after: timedelta
    resume: bool


class LiveRunner(QObject):
    """At most one session at a time; after its camera has ended it stays open until ``end`` or ``leave``."""

    began = Signal(object, object)
    """With Begun and the marks recorded so far."""
    recorded = Signal(object)
    """With marks that are committed."""
    unwritten = Signal(object)
    """With the StoreError that keeps marks from being written; None when they are written again."""
    noticed = Signal(object, bool)
    """With a Seen; True when it was decided, False when the teacher should settle it."""
    unknown = Signal(object)
    """With a Stranger for each unknown person so far."""
    state_changed = Signal(object)
    hint_changed = Signal(object)
    watched = Signal(object)
    """With the LiveSummary: the camera or recording has ended, the session has not."""
    closed = Signal(object)
    """With the Session that was closed, or None when it was left open."""
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, desk: Desk, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._screen = screen
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="session")
        self._job: JobRunner | None = None
        self._live: LiveSession | None = None
        self._reader: tuple[DetectorName, FaceReader] | None = None
        self._opening = threading.Lock()
        self._over = threading.Event()
        self._left_open = False
        self._watching_over = False
        self._named_since = 0
        """Unknown people whom the teacher has named since recognition ended."""
        self._in_trouble = False
        self._giving_up = False

    @property
    def running(self) -> bool:
        """Whether a session is open, with or without its camera."""
        return self._job is not None

    def start(self, order: SessionOrder) -> None:
        """Open the source and begin. ``began`` or ``failed`` follows."""
        self._over.clear()
        self._left_open = self._watching_over = False
        self._named_since = 0
        self._job = JobRunner(lambda job: self._run(order, job))
        self._job.succeeded.connect(partial(self._finish, self.closed))
        self._job.failed.connect(partial(self._finish, self.failed))
        self._job.crashed.connect(partial(self._finish, self.crashed))
        self._job.start(self._pool)

    def warm_up(self, detector: DetectorName) -> None:
        """Load the networks ahead of the first session, so that it starts at once."""
        if self._reader is None and not self.running:
            self._desk.run(lambda _job: self._open_reader(detector), failed=lambda _error: None, long=True)

    def end(self) -> None:
        """Stop watching and close the session; ``closed`` follows."""
        self._over.set()
        live = self._live
        if live is not None:
            self._desk.run(lambda _job: live.stop())  # a camera may take its time to let go

    def leave(self) -> None:
        """Stop watching and leave the session open, to be resumed."""
        self._left_open = True
        self.end()

    def name_face(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        """Tell recognition who a face is, or (None) that it is not ``before`` after all."""
        if self._live is not None and not self._watching_over:
            self._live.between_frames(lambda pipeline: pipeline.named_by_teacher(track_id, student_id, before=before))

    def name_unknown(self, tracks: Sequence[int], student_id: int | None, *, before: int | None = None) -> None:
        """``name_face`` for all tracks of an unknown person, who then counts as one no longer (or again)."""
        if self._watching_over:
            self._named_since += (student_id is not None) - (before is not None)
        for track_id in tracks:
            self.name_face(track_id, student_id, before=before)

    def by_hand(self, commit: ByHand) -> bool:
        """Have marks made by hand written in turn with the camera's; False while they wait. For a job's thread."""
        live = self._live
        if live is not None:
            return live.by_hand(commit)
        commit()
        return True

    def compare_again(self, course: Course, encoder_id: str) -> None:
        """The roster or its photos have changed: recognition takes them up between two frames."""
        live, store = self._live, self._desk.store
        if live is None or self._watching_over:
            return

        def read(_job: JobContext) -> None:
            found = open_comparison(store, course, encoder_id)
            live.between_frames(lambda pipeline: pipeline.replace_gallery(found.gallery, found.matcher, found.alike))

        self._desk.run(read)

    def shut(self) -> None:
        """The window closes: leave the session open and wait for its thread."""
        if self._job is not None:
            self._job.silence()
            self._left_open = self._giving_up = True
            self._over.set()
            if self._live is not None:
                self._live.stop()
        self._pool.shutdown()

    def _finish(self, tell: SignalInstance, outcome: object) -> None:
        """The thread is done: whoever hears of it finds ``running`` False already."""
        if self._job is not None:
            self._job.deleteLater()
        self._job = self._live = None
        tell.emit(outcome)

    # -- on the session's thread

    def _run(self, order: SessionOrder, job: JobContext) -> Session | None:
        if order.source is None:
            return self._run_by_hand(order)
        with self._desk.store.recording(), ExitStack() as camera:
            source = open_source(order.source, realtime=True, on_state=self.state_changed.emit)
            frames = camera.enter_context(WatchedSource(source, self._screen.watch))
            begun, live = self._open(order, frames, job)
            with closing(live):  # what is decided, or said by hand, is written before the session is closed
                self.began.emit(begun, self._desk.store.marks.of_session(begun.session.id))
                if self._over.is_set():
                    live.stop()
                summary = live.watch()
                self._watching_over = True
                camera.close()
                self.watched.emit(summary)
                self._over.wait()
            return self._close(begun, summary)

    def _run_by_hand(self, order: SessionOrder) -> Session | None:
        store = self._desk.store
        with store.recording():
            begun = open_desk(store, self._desk.clock).begin(order.course, order.late_after, resume=order.resume)
            self._watching_over = True
            self.began.emit(begun, store.marks.of_session(begun.session.id))
            self._over.wait()
            return self._close(begun, None)

    def _open(self, order: SessionOrder, frames: Source, job: JobContext) -> tuple[Begun, LiveSession]:
        store = self._desk.store
        reader = self._open_reader(order.settings.detector)
        job.raise_if_cancelled()
        begun = open_desk(store, self._desk.clock).begin(order.course, order.late_after, resume=order.resume)
        setup = LiveSetup(order.course, begun, order.settings, decider_of(store, order.course, order.settings))
        self._live = open_live(store, reader, frames, setup, events=self._events())
        return begun, self._live

    def _close(self, begun: Begun, summary: LiveSummary | None) -> Session | None:
        seconds, seen = (summary.seconds, len(summary.unknown_people)) if summary is not None else (0.0, 0)
        unknown = max(0, begun.session.unknown_people + seen - self._named_since)
        if self._left_open:
            self._desk.store.sessions.count_unknown(begun.session.id, unknown)
            return None
        watched_to = begun.session.started_at + begun.offset + timedelta(seconds=seconds)
        ended: datetime = max(self._desk.clock(), watched_to)
        return self._desk.store.sessions.close(begun.session.id, ended, unknown)

    def _open_reader(self, detector: DetectorName) -> FaceReader:
        """Networks are kept from one session to the next: loading them takes seconds."""
        with self._opening:
            if self._reader is None or self._reader[0] != detector:
                self._reader = detector, open_reader(detector)
            return self._reader[1]

    def _events(self) -> LiveEvents:
        hints = HintWatch()

        def frame(frame: Frame, result: FrameResult) -> None:
            self._screen.judge(result)
            if hints.look(frame, result):
                self.hint_changed.emit(hints.hint)

        def noticed(item: ReviewItem) -> None:
            self.noticed.emit(seen_of(item), item.kind.value == "mark")

        def unknown(people: Sequence[UnknownPerson]) -> None:
            self.unknown.emit([one for one in map(stranger_of, people) if one is not None])

        return LiveEvents(
            frame=frame, recorded=self._on_recorded, unwritten=self._on_unwritten, noticed=noticed, unknown=unknown
        )

    def _on_recorded(self, marks: Sequence[Mark]) -> None:
        if self._in_trouble:
            self._in_trouble = False
            self.unwritten.emit(None)
        self.recorded.emit(tuple(marks))

    def _on_unwritten(self, error: StoreError) -> bool:
        """Marks that can't be written wait for as long as the window is open."""
        if not self._in_trouble:
            self._in_trouble = True
            self.unwritten.emit(error)
        return not self._giving_up
