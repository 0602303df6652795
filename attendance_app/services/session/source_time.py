"""Converts seconds of a source to times of day."""

from collections.abc import Callable
from datetime import datetime, timedelta


class SourceTime:
    """A camera's frames have the time of the wall clock, a recording's their place in the recording.

    Durations inside a source are monotonic seconds; only the wall clock gives the time of day. After a laptop slept
    from 09:01 to 09:16, the camera's seconds have grown by one, and a student who comes then must still be late.
    """

    def __init__(self, clock: Callable[[], datetime], *, origin: datetime, seconds: float, recorded: bool) -> None:
        """``origin`` is the time of the frame at ``seconds``, where the source begins."""
        self._clock = clock
        self.recorded = recorded
        self._known = seconds, origin

    def frame_came(self, seconds: float) -> None:
        """Note the time of the frame that has just arrived."""
        if not self.recorded:
            self._known = seconds, self._clock()

    def at(self, seconds: float) -> datetime:
        """Return the time of a frame near the newest one."""
        known_seconds, known = self._known
        return known + timedelta(seconds=seconds - known_seconds)
