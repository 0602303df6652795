"""A camera read on a separate thread: the newest frame replaces older ones, and a lost camera is opened again."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame
from attendance_app.vision.mailbox import Mailbox
from attendance_app.vision.opencv import Capture, Picture
from attendance_app.vision.source_protocol import ClosingSource, PictureMode, SourceState, StateListener, ignore_state

_log = logging.getLogger(__name__)

PIXELS_A_SECOND: Final = 1920 * 1080 * 40
"""Of larger pictures than 1920 x 1080 so many are decoded, the others are dropped: 10 a second of 3840 x 2160. Decoding
and showing all 30 of them would take more than one core."""

RATE_OVER: Final = 30
"""Pictures over which the rate is measured."""
RATE_FROM: Final = 5
"""Pictures from which it is known."""


@contextmanager
def closing_capture(capture: Capture) -> Iterator[Capture]:
    """Release the camera in any case."""
    try:
        yield capture
    finally:
        capture.release()


@dataclass(frozen=True, slots=True)
class LiveTiming:
    """Time limits of a camera, in seconds."""

    open_within: float = 20.0
    """Until the first frame; after that, opening has failed."""
    silent_for: float = 2.0
    """When reads fail for this long without a break, the camera counts as lost."""
    retry_first: float = 0.5
    retry_longest: float = 8.0
    """The wait between attempts doubles from the first to the longest."""
    poll: float = 0.02
    close_within: float = 2.0
    """How long ``close`` waits for the capture thread, which may be inside a call of the driver."""


def open_live(
    name: str,
    *,
    connect: Callable[[], Capture],
    no_frames: Callable[[], SourceError],
    timing: LiveTiming,
    clock: Callable[[], float] = time.monotonic,
    on_state: StateListener = ignore_state,
) -> "LiveSource":
    """Open a camera and wait for its first frame.

    ``connect`` opens it or raises SourceError, now and after every drop; ``no_frames`` makes the error for a camera
    that opens but delivers nothing. Both run on the capture thread. ``clock`` counts seconds monotonically. Raises the
    SourceError of either within ``timing.open_within`` seconds.
    """
    source = LiveSource(name, connect=connect, no_frames=no_frames, timing=timing, clock=clock, on_state=on_state)
    source.start()
    return source


class LiveSource(ClosingSource):
    """Frames of a camera as they come; see ``open_live``."""

    live = True
    recorded = False
    truncated = False

    def __init__(
        self,
        name: str,
        *,
        connect: Callable[[], Capture],
        no_frames: Callable[[], SourceError],
        timing: LiveTiming,
        clock: Callable[[], float],
        on_state: StateListener,
    ) -> None:
        self.name = name
        self._connect = connect
        self._no_frames = no_frames
        self._timing = timing
        self._clock = clock
        self._on_state = on_state
        # Frames wait here as BGR: only those that are read are converted, and dropped ones cost nothing.
        self._mailbox: Mailbox[tuple[int, float, Picture]] = Mailbox()
        self._stop = threading.Event()
        self._first_outcome = threading.Event()
        """Set by the first frame, or by the failure of the first connection."""
        self._failure: SourceError | None = None
        self._state = SourceState.OPENING
        # The capture thread and ``close`` both change the state; ENDED must be the last one.
        self._changing = threading.Lock()
        self._untold: deque[SourceState] = deque()
        """States of which the listener has not been told."""
        self._telling = threading.Lock()
        self._frames_read = 0
        self._zero: float | None = None
        """The clock at the first ``read``; None before."""
        self._picture: PictureMode | None = None
        self._came: deque[float] = deque(maxlen=RATE_OVER + 1)
        """When the newest pictures came, decoded or not; of one connection."""
        # A daemon, because a driver's call can block for minutes and must not keep the program running.
        self._thread = threading.Thread(target=self._run, name=f"capture {name}", daemon=True)

    @property
    def state(self) -> SourceState:
        return self._state

    @property
    def frames_read(self) -> int:
        return self._frames_read

    @property
    def picture(self) -> PictureMode | None:
        """Size of the newest picture, and how many the camera gives a second."""
        return self._picture

    def start(self) -> None:
        """Start capturing and wait for the first frame. Raises SourceError if none comes."""
        self._thread.start()
        came = self._first_outcome.wait(self._timing.open_within)
        if came and self._failure is None:
            return
        # The thread may hang in a driver's call for long; nobody will read from this source.
        self.close()
        # The thread may have failed while ``close`` waited for it.
        raise self._failure or self._no_frames()

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the newest frame not yet returned, waiting for it; None after ``close``.

        Seconds count from the first call, so that a session that opens its camera early starts at 0. While the camera
        is lost, it keeps waiting; ``timeout`` (TimeoutError) or ``close`` end the wait.
        """
        import cv2

        # Not the time of the first frame: what was captured before the reader came has no second of the session.
        if self._zero is None:
            self._zero = self._clock()
        taken = self._mailbox.take(timeout)
        if taken is None:
            return None
        index, taken_at, picture = taken
        # The waiting frame may be older than the first ``read``.
        return Frame(index, max(0.0, taken_at - self._zero), cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))  # type: ignore[arg-type]

    def start_over(self) -> None:
        """Count seconds from the next ``read``, because another caller reads from now on."""
        self._zero = None

    def close(self) -> None:
        self._enter(SourceState.ENDED)
        self._stop.set()
        self._mailbox.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            # A listener may close the source from the capture thread itself, which can't wait for its own end.
            self._thread.join(self._timing.close_within)

    def _enter(self, state: SourceState) -> None:
        with self._changing:
            if self._state in {state, SourceState.ENDED}:
                return
            before, self._state = self._state, state
            self._untold.append(state)
        if state is SourceState.RECONNECTING:
            _log.warning("%s is lost; waiting for it to come back", self.name)
        elif before is SourceState.RECONNECTING and state is SourceState.STREAMING:
            _log.warning("%s is back", self.name)
        self._tell()

    def _tell(self) -> None:
        """Tell the listener of every state in order, one thread at a time; a second thread leaves its own to the first.

        Outside the lock, because the listener may call ``close``.
        """
        if not self._telling.acquire(blocking=False):
            return
        try:
            while self._untold:
                self._on_state(self._untold.popleft())
        finally:
            self._telling.release()
        # One that came after the last look, while this thread still had the turn.
        if self._untold:
            self._tell()

    def _run(self) -> None:
        wait = self._timing.retry_first
        while not self._stop.is_set():
            failure, frames = self._one_connection()
            # A camera that has never delivered a frame is not opened again: the user gets the error at once.
            if self._frames_read == 0:
                self._failure = failure
                self._first_outcome.set()
                return
            if self._stop.is_set():
                return
            # A connection that delivered frames resets the wait; one that opens without frames does not.
            wait = self._timing.retry_first if frames else min(2 * wait, self._timing.retry_longest)
            _log.info("trying again in %.1f s: %s", wait, failure)
            self._enter(SourceState.RECONNECTING)
            # Not ``time.sleep``: ``close`` must end the wait.
            self._stop.wait(wait)

    def _one_connection(self) -> tuple[SourceError, int]:
        """Read until the camera fails; return the reason, and how many frames it delivered."""
        before = self._frames_read
        try:
            with closing_capture(self._connect()) as capture:
                self._capture_frames(capture)
        except SourceError as error:
            return error, 0
        except Exception:  # noqa: BLE001 - a driver may raise anything: the camera is lost, and tried again
            _log.warning("the driver of %s has failed", self.name, exc_info=True)
        return self._no_frames(), self._frames_read - before

    def _capture_frames(self, capture: Capture) -> None:
        """Put frames into the mailbox until none has come for a while."""
        last_good, due, spacing = self._clock(), 0.0, 0.0
        self._came.clear()
        while not self._stop.is_set():
            good, picture = (capture.grab(), None) if spacing else capture.read()
            now = self._clock()
            if good and spacing:
                # A tenth of tolerance, because no camera is quite regular.
                if now < due - 0.1 * spacing:
                    last_good = now
                    self._count(now)
                    continue
                good, picture = capture.retrieve()
            if good and picture is not None:
                last_good = now
                self._count(now)
                self._deliver(now, picture)
                spacing = _spacing(picture)
                # Not ``now + spacing``: delays would add up, and the rate would fall behind.
                due = max(due + spacing, now)
            # Single failed reads are normal for USB cameras; only a longer silence means that the camera is gone.
            elif now - last_good >= self._timing.silent_for:
                break
            else:
                self._stop.wait(self._timing.poll)

    def _count(self, now: float) -> None:
        self._came.append(now)
        self._frames_read += 1

    def _deliver(self, now: float, picture: Picture) -> None:
        self._mailbox.put((self._frames_read - 1, now, picture))
        height, width = picture.shape[:2]
        passed = self._came[-1] - self._came[0]
        rate = (len(self._came) - 1) / passed if len(self._came) >= RATE_FROM and passed > 0 else None
        self._picture = PictureMode(width, height, rate)
        self._enter(SourceState.STREAMING)
        self._first_outcome.set()


def _spacing(picture: Picture) -> float:
    """Seconds between pictures of that size that are decoded; 0: every one."""
    height, width = picture.shape[:2]
    return 0.0 if width * height <= 1920 * 1080 else width * height / PIXELS_A_SECOND
