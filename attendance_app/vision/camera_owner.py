"""One owner of the cameras: preview, enrolment and roll pass an open camera on instead of opening it again."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from attendance_app.domain.faces import Frame
from attendance_app.vision.live_source import LiveSource
from attendance_app.vision.source_protocol import (
    ClosingSource,
    PictureMode,
    Source,
    SourceState,
    StateListener,
    ignore_state,
)

KEEP_SECONDS = 3.0
"""How long a released camera stays open, in case it is used again."""

OpenNow = Callable[..., Source]


@dataclass(slots=True, eq=False)
class _Camera:
    """One camera, by its name; ``opening`` is held while it is opened, so that it is not opened twice."""

    opening: threading.Lock = field(default_factory=threading.Lock)
    source: LiveSource | None = None
    lease: "CameraLease | None" = None
    timer: threading.Timer | None = None
    asked: object = None
    """What was asked of it when it was opened."""


class CameraOwner:
    """Thread-safe. Recordings are opened for each caller separately."""

    def __init__(
        self,
        open_now: OpenNow,
        *,
        keep_seconds: float = KEEP_SECONDS,
        asked: Callable[[], object] = lambda: None,
    ) -> None:
        """``asked`` returns what is asked of cameras now; one that was opened for something else is opened anew."""
        self._asked = asked
        self._open_now = open_now
        self._keep_seconds = keep_seconds
        self._lock = threading.Lock()
        self._cameras: dict[str, _Camera] = {}
        self._closed = False

    def open(self, spec: str, *, realtime: bool = True, on_state: StateListener = ignore_state) -> Source:
        """Open what ``spec`` names, or take over the open camera; its previous user gets no more frames.

        Raises SourceError. See ``open_source``.
        """
        with self._lock:
            camera = self._cameras.setdefault(spec, _Camera())
        # One lock per camera: opening one that hangs must not block the others.
        with camera.opening:
            asked = self._asked()
            if camera.source is not None and camera.asked != asked:
                self._close(camera, None)
            camera.asked = asked
            # A source that has ended can't be started again.
            if camera.source is None or camera.source.state is SourceState.ENDED:
                opened = self._open_now(spec, realtime=realtime, on_state=lambda state: self._tell(camera, state))
                # Recordings start at their beginning for every caller, so they are not shared.
                if not isinstance(opened, LiveSource):
                    return opened
                camera.source = opened
            return self._lease(camera, camera.source, on_state)

    def close(self) -> None:
        """Close every camera, now."""
        with self._lock:
            self._closed = True
            cameras = list(self._cameras.values())
        for camera in cameras:
            self._close(camera, None)

    def _lease(self, camera: _Camera, source: LiveSource, on_state: StateListener) -> "CameraLease":
        with self._lock:
            if camera.timer is not None:
                camera.timer.cancel()
            # The previous user sees the end of its source and stops by itself.
            if camera.lease is not None:
                camera.lease.taken = True
            lease = camera.lease = CameraLease(source, on_state, lambda: self._release(camera, lease))
            # A session's seconds must begin at 0, also on a camera that a preview has opened.
            source.start_over()
            return lease

    def _release(self, camera: _Camera, lease: "CameraLease") -> None:
        with self._lock:
            # Another caller has taken over; the camera is theirs.
            if camera.lease is not lease:
                return
            # Opening a camera takes seconds, and a released one is often used again at once, as by a session after
            # a preview.
            if not self._closed and self._keep_seconds > 0:
                camera.timer = threading.Timer(self._keep_seconds, self._close, (camera, lease))
                # The program must not wait for the timer when it ends.
                camera.timer.daemon = True
                camera.timer.start()
                return
        self._close(camera, lease)

    def _close(self, camera: _Camera, lease: "CameraLease | None") -> None:
        with self._lock:
            if lease is not None and camera.lease is not lease:
                return  # somebody has taken it over
            source, camera.source, camera.lease = camera.source, None, None
            if camera.timer is not None:
                camera.timer.cancel()
        # Outside the lock: closing waits for the capture thread, which may be in ``_tell``.
        if source is not None:
            source.close()

    def _tell(self, camera: _Camera, state: SourceState) -> None:
        # No lock here: the capture thread must never wait for a caller that waits for it. ``lease`` is read once, since
        # another thread may replace it meanwhile.
        lease = camera.lease
        if lease is not None and not lease.taken:
            lease.on_state(state)


class CameraLease(ClosingSource):
    """The right to read a camera until another caller takes it."""

    live = True
    recorded = False
    truncated = False

    def __init__(self, source: LiveSource, on_state: StateListener, release: Callable[[], None]) -> None:
        self._source = source
        self._release = release
        # The camera may have run for an earlier caller; this one's frames count from here.
        self._before = source.frames_read
        self.on_state = on_state
        self.taken = False

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def state(self) -> SourceState:
        return SourceState.ENDED if self.taken else self._source.state

    @property
    def frames_read(self) -> int:
        return self._source.frames_read - self._before

    @property
    def picture(self) -> PictureMode | None:
        return self._source.picture

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the newest frame; None once the lease is over. See ``Source.read``."""
        # Asked twice: the lease may be taken while this call waits, and the frame then belongs to the new caller.
        frame = None if self.taken else self._source.read(timeout)
        return None if self.taken else frame

    def close(self) -> None:
        """Release the camera, unless another caller has taken it."""
        # A taken lease must not release the camera that another caller reads now.
        if not self.taken:
            self.taken = True
            self._release()
