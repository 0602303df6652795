"""From seconds of a source to times of the day."""

from collections.abc import Callable
from datetime import datetime, timedelta


class SourceTime:
    """A camera's frames have the wall clock's time, a recording's their place in the recording.

    Durations inside a source are monotonic seconds; the wall clock alone says when it is. A laptop that slept from
    09:01 to 09:16 counts a second of its camera for that, and whoever comes then is late all the same.
    """

    def __init__(self, clock: Callable[[], datetime], *, origin: datetime, seconds: float, recorded: bool) -> None:
        """``origin`` is the time of the frame at ``seconds``, where the source begins."""
        self._clock = clock
        self.recorded = recorded
        self._known = seconds, origin

    def frame_came(self, seconds: float) -> None:
        """A frame of this time has come just now."""
        if not self.recorded:
            self._known = seconds, self._clock()

    def at(self, seconds: float) -> datetime:
        """Return the time of a frame near the newest one."""
        known_seconds, known = self._known
        return known + timedelta(seconds=seconds - known_seconds)
