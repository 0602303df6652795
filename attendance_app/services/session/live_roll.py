"""The owner of a running roll: a state, a queue of commands, a stream of events. No Qt, no texts.

The window, the command line and the tests drive the same object. ``run`` works on the calling thread until the session
is closed or left. All other methods may be called from any thread: they queue a command, and ``run`` executes it
between two frames.
"""

import queue
from collections.abc import Callable, Sequence
from enum import Enum

from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import MarkedBy, Session
from attendance_app.services.errors import CameraLost
from attendance_app.services.session.lifecycle import RESUME_WITHIN, SessionLifecycle
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    MatchConcluded,
    RollEvent,
    RollOrder,
    RollState,
    RollSummary,
    SessionBegan,
    SessionClosed,
    SourceEnded,
    StateChanged,
    UnknownSeen,
)
from attendance_app.services.session.roll_register import RollRegister
from attendance_app.services.session.roll_source import RollSource
from attendance_app.services.session.roll_tools import Recognition, RollTools
from attendance_app.services.session.source_time import SourceTime
from attendance_app.vision.opening import Opening
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import SourceState

REOPEN_SECONDS = 2.0
"""How long after a failure a camera is opened again."""


class _Ending(Enum):
    CLOSE = "close"
    LEAVE = "leave"


class LiveRoll:
    """See the module. Events are sent on the roll's thread, those about marks on the recorder's.

    The listener must return quickly and hand events on to its own thread.
    """

    def __init__(self, order: RollOrder, tools: RollTools, listen: Callable[[RollEvent], object]) -> None:
        self._order = order
        self._tools = tools
        self._listen = listen
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._source = RollSource(order, tools, self._inbox.put)
        self._networks: Opening[Recognition] | None = None
        self._pipeline: Recognition | None = None
        # Set once; ``by_hand`` and ``give_up`` read it on other threads.
        self._register: RollRegister | None = None
        self._time: SourceTime | None = None
        self._ending: _Ending | None = None
        self._reopen_at: float | None = None  # in ``ticks``
        self._processed = 0
        self.state = RollState.IDLE
        self.summary: RollSummary | None = None
        """There after ``run``."""

    # -- commands, from any thread

    def end(self) -> None:
        """Close the session."""
        self._inbox.put(lambda: self._end(_Ending.CLOSE))

    def leave(self) -> None:
        """Leave the session open, so that it can be resumed."""
        self._inbox.put(lambda: self._end(_Ending.LEAVE))

    def give_up(self) -> None:
        """Leave the session open, and write marks that the register can't take into a file instead of waiting."""
        if self._register is not None:
            # Set at once and not as a command: the roll may be waiting in ``close``, where no command is read.
            self._register.patient = False
        self.leave()

    def use_source(self, spec: str | PhotoSet | None, *, turn: int = 0) -> None:
        """Continue with another source, None: by hand; ``turn`` as in ``RollOrder``."""

        def change() -> None:
            self._source.turn = turn
            self._change_source(spec)

        self._inbox.put(change)

    def try_again(self) -> None:
        """Open the same source again, at once."""
        self._inbox.put(lambda: self._change_source(self._source.spec))

    def name_faces(self, tracks: Sequence[int], student_id: int | None, *, before: int | None = None) -> None:
        """Set who a face is, or (None) withdraw that it is ``before``."""

        def name() -> None:
            if self._pipeline is not None:
                for track_id in tracks:
                    self._pipeline.name_face(track_id, student_id, before=before)

        self._inbox.put(name)

    def compare_again(self) -> None:
        """Read the gallery again, because the roster or its photos have changed."""

        def compare() -> None:
            if self._pipeline is not None:
                self._pipeline.compare_with(self._tools.read_roster(self._order.course, self._pipeline.encoder_id))

        self._inbox.put(compare)

    def by_hand(self, step: ManualWrite) -> bool:
        """Queue marks made by hand behind the camera's; False while they wait. Blocks until the first attempt."""
        return step.commit_now() if self._register is None else self._register.by_hand(step)

    # -- the roll's thread

    def run(self) -> Session | None:
        """Take the roll; return the session that was closed, None for one that was left open or never begun.

        Raises KnownError when the source or the networks can't be opened; no session is begun then. Raises MarksInFile
        or MarksInNoFile when the register could not take all marks.
        """
        session = None
        # Before anything is opened: a second program must not take the camera first and learn then that it may not
        # record.
        with self._tools.store.recording():
            try:
                if self._open_first():
                    session = self._take_roll()
            finally:
                self._source.close()
                if self._networks is not None:
                    self._networks.abandon()
                if self._pipeline is not None:
                    self._pipeline.close()
                self._enter(RollState.ENDED)
        self._listen(SessionClosed(session))
        return session

    def _open_first(self) -> bool:
        """Open the source and the networks; False when the roll was ended before they were open."""
        if self._order.source is not None:
            self._change_source(self._order.source)
        while self._ending is None and self._source.spec is not None and self._source.source is None:
            self._carry_out(self._inbox.get())
        return self._ending is None

    def _take_roll(self) -> Session | None:
        tools, order = self._tools, self._order
        lifecycle = SessionLifecycle(tools.store, tools.clock)
        at = order.source.started if isinstance(order.source, PhotoSet) else None
        started = lifecycle.begin(order.course, order.late_after, resume=order.resume, at=at)
        # A session that is resumed has marks already.
        marks = tools.store.marks.of_session(started.session.id)
        self._register = RollRegister(order, tools, started, earlier=marks, listen=self._listen)
        try:
            self._listen(SessionBegan(started, marks))
            if self._source.source is not None:
                self._begin_frames()
            else:
                self._enter(RollState.PAUSED)
            while self._ending is None:
                self._step()
        finally:
            session = self._close(self._register)
        return session

    def _close(self, register: RollRegister) -> Session | None:
        while not self._inbox.empty():  # what was asked for after the last frame counts as well
            self._carry_out(self._inbox.get())
        people = () if self._pipeline is None else self._pipeline.unknown_people()
        self._source.close()
        self.summary = RollSummary(
            frames_read=self._source.frames_read,
            frames_processed=self._processed,
            seconds=self._source.seconds,
            unknown_people=tuple(person.crop for person in people),
            to_review=register.camera.doubts,
            truncated=self._source.truncated,
            pictures=tuple(self._source.pictures),
        )
        # How far the lesson was watched: the clock may say less, as where it was set back.
        watched_to = register.started.session.started_at + register.started.offset
        if self._time is not None:
            watched_to = max(watched_to, self._time.at(self._source.seconds))
        # A recording's lesson ends with it, however long ago it was filmed.
        by_film = self._order.ends_with_source and self._time is not None and self._time.recorded
        now = max(self._tools.clock(), watched_to)
        # Photographs of another hour: the lesson is long over.
        of_old_photographs = self._order.from_photographs and now - watched_to > RESUME_WITHIN
        ended_at = watched_to if by_film or of_old_photographs else now
        closes = self._ending is _Ending.CLOSE
        return register.close(ended_at=ended_at if closes else None, unknown_people=len(people))

    def _step(self) -> None:
        """Execute the queued commands, then process a frame if there is a source."""
        while not self._inbox.empty():
            self._carry_out(self._inbox.get())
        if self._ending is not None:
            return
        if self._source.source is not None:
            self._read()
            return
        try:
            # Monotonic seconds: setting the clock must not delay the camera.
            wait = None if self._reopen_at is None else max(0.0, self._reopen_at - self._tools.ticks())
            self._carry_out(self._inbox.get(timeout=wait))
        except queue.Empty:
            # The queue stayed empty until the time to reopen the lost camera.
            self._change_source(self._source.spec, again=True)

    def _read(self) -> None:
        try:
            frame = self._source.read()
        except TimeoutError:
            return
        except KnownError as error:
            self._lose(error)
            return
        if frame is None:
            self._end_source()
        else:
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        assert self._pipeline is not None
        assert self._register is not None
        assert self._time is not None
        # Before processing, which may take a second: the time of day is that of the picture.
        self._time.frame_came(frame.seconds)
        result = self._pipeline.process(frame)
        self._processed += 1
        self._register.take(result, self._time.at)
        for conclusion in result.conclusions:
            if conclusion.decision.kind is not DecisionKind.UNKNOWN:
                self._listen(MatchConcluded(conclusion, self._time.at(conclusion.decision.seconds)))
        if result.unknown is not None:
            self._register.note_unknown(len(result.unknown))
            self._listen(UnknownSeen(result.unknown))
        self._listen(FrameSeen(frame, result))
        picture = self._source.news_of_picture()
        if picture is not None:
            self._listen(picture)

    # -- commands, on the roll's thread

    def _carry_out(self, command: Callable[[], None]) -> None:
        command()

    def _end(self, how: _Ending) -> None:
        self._ending = self._ending or how

    def _enter(self, state: RollState, error: KnownError | None = None) -> None:
        if state is not self.state or error is not None:
            self.state = state
            self._listen(StateChanged(state, error))

    def _change_source(self, spec: str | PhotoSet | None, *, again: bool = False) -> None:
        """Open another source. ``again``: the lost camera is tried once more."""
        self._reopen_at = None
        if spec is None:
            self._source.close()
            self._source.spec = None
            if self._register is not None:
                self._enter(RollState.PAUSED)
            return
        if not again:
            self._enter(RollState.OPENING)
        # The networks load on their own thread while the camera opens: both take seconds.
        if self._pipeline is None and self._networks is None:
            self._networks = Opening(
                "networks",
                lambda: self._tools.open_pipeline(self._order),
                close=lambda pipeline: pipeline.close(),
                ready=lambda: self._inbox.put(self._take_opened),
            )
        self._source.open(spec, ready=self._take_opened, on_state=self._follow_state)

    def _take_opened(self) -> None:
        """Use what was opened, once networks and source are both open. Before the session, raises KnownError."""
        try:
            if self._networks is not None and self._networks.done:
                networks, self._networks = self._networks, None
                self._pipeline = networks.result()
            if self._pipeline is None or not self._source.opened:
                return
            self._source.take_up()
        except KnownError as error:
            # Without a session yet, the caller of ``run`` must see why it can't begin. In a session, a source that
            # fails to open is a lost source.
            if self._register is None:
                raise
            self._lose(error)
            return
        if self._register is not None:
            self._begin_frames()

    def _begin_frames(self) -> None:
        """Prepare clock and pipeline for the first frame of a source."""
        source, register = self._source.source, self._register
        assert source is not None
        assert register is not None
        assert self._pipeline is not None
        tools, started = self._tools, register.started
        # Read again for each source: students may have been marked by hand since the last one.
        for mark in tools.store.marks.of_session(started.session.id):
            # An absence that closing the session has written doesn't mean that the student was seen.
            if mark.marked_by is not MarkedBy.CLOSE:
                self._pipeline.already_marked(mark.student_id)
        spec = self._source.spec
        taken = spec.started if isinstance(spec, PhotoSet) else None
        # The first source continues where the session was cut off; a later one begins now.
        origin = taken or (started.session.started_at + started.offset if self._time is None else tools.clock())
        self._time = SourceTime(tools.clock, origin=origin, seconds=self._source.base, recorded=source.recorded)
        register.note_source(self._source.known)
        self._pipeline.begin_source(beside=source.live, photographs=isinstance(spec, PhotoSet))
        self._enter(RollState.RUNNING)

    def _follow_state(self, state: SourceState) -> None:
        """React to a camera that reports that it was lost, or is back."""
        source = self._source.source
        if state is SourceState.RECONNECTING and source is not None:
            self._enter(RollState.SOURCE_LOST, CameraLost(name=source.name))
        elif state is SourceState.STREAMING and self.state is RollState.SOURCE_LOST:
            self._enter(RollState.RUNNING)

    def _end_source(self) -> None:
        self._source.close()
        self._listen(SourceEnded(self._source.truncated))
        self._enter(RollState.PAUSED)
        if self._order.ends_with_source:
            self._end(_Ending.CLOSE)

    def _lose(self, error: KnownError) -> None:
        """Handle a failed source: a camera is opened again after a while, a recording is over."""
        source = self._source.source
        # Opening a broken recording again would end at the same place.
        recorded = source is not None and source.recorded
        self._source.close()
        self._enter(RollState.SOURCE_LOST, error)
        if not recorded:
            self._reopen_at = self._tools.ticks() + REOPEN_SECONDS
        elif self._order.ends_with_source:
            self._source.truncated = True
            self._end(_Ending.CLOSE)
