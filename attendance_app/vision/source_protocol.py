"""What every source of frames offers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from attendance_app.domain.faces import Frame


class SourceState(Enum):
    """How a source is doing."""

    OPENING = "opening"
    STREAMING = "streaming"
    RECONNECTING = "reconnecting"
    """A live source has lost its camera and keeps trying; ``read`` waits."""
    ENDED = "ended"
    """The file or folder is read to its end, or the source was closed."""


@dataclass(frozen=True, slots=True)
class PictureMode:
    """What a camera gives: width and height in pixels, and pictures a second (None: not measured yet)."""

    width: int
    height: int
    rate: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


StateListener: TypeAlias = Callable[[SourceState], None]
"""Told of each change of state, for a live source on its capture thread: hand it on, don't work in it."""


class Source(Protocol):
    """Frames, one after the other; a context manager that closes itself.

    ``live``: frames come in real time and those nobody asked for in time are dropped. ``recorded``: it shows what was
    recorded before, so that its seconds are not the time of the day.
    """

    @property
    def live(self) -> bool: ...

    @property
    def recorded(self) -> bool: ...

    @property
    def name(self) -> str:
        """What to call the source in front of a user."""

    @property
    def state(self) -> SourceState: ...

    @property
    def frames_read(self) -> int:
        """Frames that came from the camera or file so far, dropped ones included."""

    @property
    def truncated(self) -> bool:
        """The source ended before its own header says it should: a file cut off in the middle, skipped pictures."""

    @property
    def duration(self) -> float | None:
        """Length of a recording in seconds, as its header states it; None where that is unknown, or live."""

    @property
    def picture(self) -> PictureMode | None:
        """What a camera gives now; None for recordings and photographs."""

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next frame (live: the newest), or None when the source has ended or was closed.

        Raises TimeoutError if ``timeout`` seconds pass first. ``close`` from another thread ends the wait.
        """

    def close(self) -> None:
        """Release the camera or file. May be called from any thread and more than once."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ClosingSource:
    """The context manager's half of a source."""

    @property
    def duration(self) -> float | None:
        """See ``Source.duration``."""
        return None

    @property
    def picture(self) -> PictureMode | None:
        """See ``Source.picture``."""
        return None

    def close(self) -> None:
        """Release what the source holds."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class WrappedSource(ClosingSource):
    """Another source with something added; what isn't overridden is that source's own."""

    def __init__(self, inner: Source) -> None:
        self._inner = inner

    @property
    def live(self) -> bool:
        return self._inner.live

    @property
    def recorded(self) -> bool:
        return self._inner.recorded

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def state(self) -> SourceState:
        return self._inner.state

    @property
    def frames_read(self) -> int:
        return self._inner.frames_read

    @property
    def truncated(self) -> bool:
        return self._inner.truncated

    @property
    def duration(self) -> float | None:
        return self._inner.duration

    @property
    def picture(self) -> PictureMode | None:
        return self._inner.picture

    def close(self) -> None:
        """Release the source."""
        self._inner.close()


def ignore_state(_state: SourceState) -> None:
    """A listener for callers that don't need the state."""
