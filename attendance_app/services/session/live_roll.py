"""The owner of a running roll: a state, a queue of commands, a stream of events. No Qt, no texts.

The window, the command line and the tests drive the same object. ``run`` works on the calling thread until the session
is closed or left. All other methods may be called from any thread: they queue a command, and ``run`` executes it
between two frames.
"""

import queue
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum

from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import MarkedBy, Session
from attendance_app.services.errors import CameraLost
from attendance_app.services.session.card_watch import CardWatch
from attendance_app.services.session.lifecycle import RESUME_WITHIN, SessionLifecycle
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.roll_messages import (
    CardRead,
    FrameSeen,
    MatchConcluded,
    RollEvent,
    RollOrder,
    RollState,
    RollSummary,
    SessionBegan,
    SessionClosed,
    SourceEnded,
    SourcesChanged,
    SourceStatus,
    StateChanged,
    UnknownCard,
    UnknownSeen,
)
from attendance_app.services.session.roll_register import RollRegister
from attendance_app.services.session.roll_source import WAIT_SECONDS, RollSource
from attendance_app.services.session.roll_sources import RollSources
from attendance_app.services.session.roll_tools import Recognition, RollTools
from attendance_app.services.session.source_time import SourceTime
from attendance_app.vision.cards import CardReader
from attendance_app.vision.opening import Opening
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import SourceState

SHORT_WAIT_SECONDS = 0.02
"""How long to wait for a frame of one source beside others."""

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
        self._sources = RollSources(order, tools, self._inbox.put)
        self._networks: Opening[Recognition] | None = None
        self._pipeline: Recognition | None = None
        # Set once; ``by_hand`` and ``give_up`` read it on other threads.
        self._register: RollRegister | None = None
        self._cards = CardWatch(CardReader().read_frame, self._inbox.put) if order.settings.cards == "on" else None
        self._ending: _Ending | None = None
        self._told: tuple[SourceStatus, ...] = ()
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

    def use_source(self, spec: str | PhotoSet | None, *, turn: int = 0, instead_of: int | None = None) -> None:
        """Continue with another source, None: by hand; ``turn`` as in ``RollOrder``.

        ``instead_of``: the number of the source that it replaces; None: of all.
        """

        def change() -> None:
            source = self._sources.numbered(instead_of)
            if source is None:  # it has gone meanwhile
                source = self._sources.another()
            if instead_of is None:
                for other in self._sources.all[1:]:
                    self._drop(other)
            source.turn = turn
            self._change_source(source, spec)

        self._inbox.put(change)

    def add_source(self, spec: str | PhotoSet, *, turn: int = 0) -> None:
        """Take the roll from one more source, beside those that are open."""

        def add() -> None:
            source = self._sources.another()
            source.turn = turn
            self._change_source(source, spec)

        self._inbox.put(add)

    def drop_source(self, number: int) -> None:
        """Go on without that source."""

        def drop() -> None:
            source = self._sources.numbered(number)
            if source is not None:
                self._drop(source)
                self._settle()

        self._inbox.put(drop)

    def try_again(self, number: int | None = None) -> None:
        """Open a lost source again at once; None: the main one."""

        def again() -> None:
            source = self._sources.numbered(number)
            if source is not None:
                self._change_source(source, source.spec)

        self._inbox.put(again)

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
                self._sources.close()
                if self._networks is not None:
                    self._networks.abandon()
                if self._pipeline is not None:
                    self._pipeline.close()
                self._enter(RollState.ENDED)
        self._listen(SessionClosed(session))
        return session

    def _open_first(self) -> bool:
        """Open the sources and the networks; False when the roll was ended before they were open."""
        for spec in self._order.sources:
            self._change_source(self._sources.another(), spec)
        while self._ending is None and any(one.spec is not None and one.source is None for one in self._sources.all):
            self._carry_out(self._inbox.get())
        return self._ending is None

    def _take_roll(self) -> Session | None:
        tools, order = self._tools, self._order
        lifecycle = SessionLifecycle(tools.store, tools.clock)
        at = order.source.started if isinstance(order.source, PhotoSet) else None
        started = lifecycle.begin(order.course, order.late_after, resume=order.resume, at=at, lesson=order.lesson)
        # A session that is resumed has marks already.
        marks = tools.store.marks.of_session(started.session.id)
        self._register = RollRegister(order, tools, started, earlier=marks, listen=self._listen)
        try:
            self._listen(SessionBegan(started, marks))
            for source in self._sources.open:
                self._begin_frames(source)
            self._settle()
            while self._ending is None:
                self._step()
        finally:
            session = self._close(self._register)
        return session

    def _close(self, register: RollRegister) -> Session | None:
        if self._cards is not None:
            self._cards.close()
        while not self._inbox.empty():  # what was asked for after the last frame counts as well
            self._carry_out(self._inbox.get())
        people = () if self._pipeline is None else self._pipeline.unknown_people()
        sources = self._sources
        sources.close()
        self.summary = RollSummary(
            frames_read=sources.frames_read,
            frames_processed=self._processed,
            seconds=sources.seconds,
            unknown_people=tuple(person.crop for person in people),
            to_review=register.camera.doubts,
            truncated=sources.truncated,
            pictures=sources.pictures,
        )
        # How far the lesson was watched: the clock may say less, as where it was set back.
        begun = [(one.time, one.seconds) for one in sources.begun if one.time is not None]
        watched_to = register.started.session.started_at + register.started.offset
        watched_to = max([watched_to, *(time.at(seconds) for time, seconds in begun)])
        # A recording's lesson ends with it, however long ago it was filmed.
        by_film = self._order.ends_with_source and bool(begun) and all(time.recorded for time, _ in begun)
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
        due = self._sources.reopen_at
        if self._sources.open:
            # Monotonic seconds: setting the clock must not delay the camera.
            if due is not None and due <= self._tools.ticks():
                self._reopen(due)
            self._read()
            return
        try:
            wait = None if due is None else max(0.0, due - self._tools.ticks())
            self._carry_out(self._inbox.get(timeout=wait))
        except queue.Empty:
            # The queue stayed empty until the time to reopen the lost camera.
            assert due is not None
            self._reopen(due)

    def _reopen(self, due: float) -> None:
        for source in self._sources.all:
            if source.reopen_at is not None and source.reopen_at <= due:
                self._change_source(source, source.spec, again=True)

    def _read(self) -> None:
        """Process a frame of the source whose turn it is, or of the next that has one."""
        sources = self._sources.in_turn()
        # Beside others no source is waited for: they go on.
        timeout = WAIT_SECONDS if len(sources) == 1 else SHORT_WAIT_SECONDS
        for source in sources:
            try:
                frame = source.read(timeout)
            except TimeoutError:
                continue
            except KnownError as error:
                self._lose(source, error)
                return
            if frame is None:
                self._end_source(source)
            else:
                self._take(source, frame)
            return

    def _take(self, source: RollSource, frame: Frame) -> None:
        assert self._pipeline is not None
        assert self._register is not None
        assert source.time is not None
        time = source.time
        # Before processing, which may take a second: the time of day is that of the picture.
        time.frame_came(frame.seconds)
        result = self._pipeline.process(frame, source=source.number)
        self._processed += 1
        self._register.take(result, time.at)
        opened = source.source
        if self._cards is not None and opened is not None:
            at = time.at(frame.seconds)
            self._cards.look(frame, at, self._take_cards, source=source.number, live=opened.live)
        for conclusion in result.conclusions:
            if conclusion.decision.kind is not DecisionKind.UNKNOWN:
                self._listen(MatchConcluded(conclusion, time.at(conclusion.decision.seconds)))
        if result.unknown is not None:
            self._register.note_unknown(len(result.unknown))
            self._listen(UnknownSeen(result.unknown))
        self._listen(FrameSeen(frame, result, source.number))
        picture = source.news_of_picture()
        if picture is not None:
            self._listen(picture)

    def _take_cards(self, tokens: tuple[str, ...], at: datetime) -> None:
        assert self._register is not None
        for token in tokens:
            if self._register.cards.is_news(token):
                self._listen(UnknownCard())
            mark = self._register.take_card(token, at)
            if mark is not None:
                self._listen(CardRead(mark.student_id))
                if self._pipeline is not None:
                    self._pipeline.already_marked(mark.student_id)

    # -- commands, on the roll's thread

    def _carry_out(self, command: Callable[[], None]) -> None:
        command()

    def _end(self, how: _Ending) -> None:
        self._ending = self._ending or how

    def _enter(self, state: RollState, error: KnownError | None = None) -> None:
        if state is not self.state or error is not None:
            self.state = state
            self._listen(StateChanged(state, error))

    def _settle(self, error: KnownError | None = None) -> None:
        """Enter the state that follows from the sources; ``error``: why one of them has just been lost."""
        sources = self._sources.all
        if any(one.running for one in sources):
            self._enter(RollState.RUNNING)
        elif any(one.error is None and not one.idle for one in sources):
            self._enter(RollState.OPENING)
        elif any(one.error is not None for one in sources):
            self._enter(RollState.SOURCE_LOST, error)
        else:
            self._enter(RollState.PAUSED)
        if self._sources.statuses != self._told:
            self._told = self._sources.statuses
            self._listen(SourcesChanged(self._told))

    def _change_source(self, source: RollSource, spec: str | PhotoSet | None, *, again: bool = False) -> None:
        """Open something else in the place of a source. ``again``: the lost camera is tried once more."""
        if spec is None:
            self._drop(source)
            if self._register is not None:
                self._settle()
            return
        # The networks load on their own thread while the camera opens: both take seconds.
        if self._pipeline is None and self._networks is None:
            self._networks = Opening(
                "networks",
                lambda: self._tools.open_pipeline(self._order),
                close=lambda pipeline: pipeline.close(),
                ready=lambda: self._inbox.put(lambda: self._take_opened(source)),
            )
        if not again:
            source.error = None
        source.open(
            spec,
            ready=lambda: self._take_opened(source),
            on_state=lambda state: self._follow_state(source, state),
        )
        self._settle()

    def _take_opened(self, failing: RollSource) -> None:
        """Use what was opened, once networks and source are both open. Before the session, raises KnownError.

        ``failing``: the source that is lost if the networks can't be opened.
        """
        source = failing
        try:
            if self._networks is not None and self._networks.done:
                networks, self._networks = self._networks, None
                self._pipeline = networks.result()
            if self._pipeline is None:
                return
            # Whichever came first has waited for the networks.
            for source in self._sources.all:
                if source.opened:
                    source.take_up()
                    if self._register is not None:
                        self._begin_frames(source)
        except KnownError as error:
            # Without a session yet, the caller of ``run`` must see why it can't begin. In a session, a source that
            # fails to open is a lost source.
            if self._register is None:
                raise
            self._lose(source, error)
            return
        if self._register is not None:
            self._settle()

    def _begin_frames(self, source: RollSource) -> None:
        """Prepare clock and pipeline for the first frame of a source."""
        opened, register = source.source, self._register
        assert opened is not None
        assert register is not None
        assert self._pipeline is not None
        # Read again for each source: students may have been marked by hand since the last one.
        for mark in self._tools.store.marks.of_session(register.started.session.id):
            # An absence that closing the session has written doesn't mean that the student was seen.
            if mark.marked_by is not MarkedBy.CLOSE:
                self._pipeline.already_marked(mark.student_id)
        source.time = SourceTime(
            self._tools.clock, origin=self._origin(source), seconds=source.base, recorded=opened.recorded
        )
        register.note_source(source.known)
        self._pipeline.begin_source(
            beside=opened.live, photographs=isinstance(source.spec, PhotoSet), source=source.number
        )

    def _origin(self, source: RollSource) -> datetime:
        """Return the time of day at which a source begins."""
        assert self._register is not None
        started = self._register.started
        begun = started.session.started_at
        taken = source.spec.started if isinstance(source.spec, PhotoSet) else None
        if taken is not None and source.spec is self._order.source:
            return taken
        # Photographs may have been taken before the session was begun. A camera whose clock is wrong is not believed.
        if taken is not None and begun - RESUME_WITHIN <= taken <= self._tools.clock():
            return max(taken, begun)
        # The first sources continue where the session was cut off; a later one begins now.
        first = source.time is None and any(source.spec is spec for spec in self._order.sources)
        return begun + started.offset if first else self._tools.clock()

    def _follow_state(self, source: RollSource, state: SourceState) -> None:
        """React to a camera that reports that it was lost, or is back."""
        if state is SourceState.RECONNECTING and source.source is not None:
            source.error = CameraLost(name=source.source.name)
            self._settle(source.error)
        elif state is SourceState.STREAMING and source.error is not None:
            source.error = None
            self._settle()

    def _end_source(self, source: RollSource) -> None:
        source.close()
        if self._pipeline is not None:
            self._pipeline.end_source(source.number)
        self._listen(SourceEnded(source.truncated, source.number))
        if source is not self._sources.main:
            self._drop(source)
        self._settle()
        self._end_with_sources()

    def _lose(self, source: RollSource, error: KnownError) -> None:
        """Handle a failed source: a camera is opened again after a while, a recording is over."""
        # Opening a broken recording again would end at the same place.
        recorded = source.source is not None and source.source.recorded
        source.close()
        source.error = error
        if self._pipeline is not None:
            self._pipeline.end_source(source.number)
        if not recorded:
            source.reopen_at = self._tools.ticks() + REOPEN_SECONDS
        self._settle(error)
        if recorded and self._order.ends_with_source:
            source.truncated = True
            self._end_with_sources()

    def _drop(self, source: RollSource) -> None:
        if self._pipeline is not None:
            self._pipeline.end_source(source.number)
        self._sources.drop(source)

    def _end_with_sources(self) -> None:
        if self._order.ends_with_source and self._sources.idle:
            self._end(_Ending.CLOSE)
