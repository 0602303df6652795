"""Playing something recorded at its own pace."""

import threading
import time
from collections.abc import Callable


class PlaybackClock:
    """A clock that starts with the first frame; ``stop`` ends every wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stop = threading.Event()
        self._zero: float | None = None

    def position(self) -> float:
        """Seconds played so far; 0 at the first call."""
        now = self._clock()
        if self._zero is None:
            self._zero = now
        return now - self._zero

    def wait_for(self, seconds: float, timeout: float | None) -> bool:
        """Wait until ``seconds`` have been played; return False if stopped. Raises TimeoutError."""
        delay = seconds - self.position()
        if timeout is not None and delay > timeout:
            # Waiting on the event, so that ``stop`` ends it early.
            self._stop.wait(timeout)
            raise TimeoutError
        return not self._stop.wait(delay) if delay > 0 else not self._stop.is_set()

    def stop(self) -> None:
        self._stop.set()
