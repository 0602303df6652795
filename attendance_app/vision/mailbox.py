"""One slot between a capture thread and its reader: the newest wins."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds at most one value; ``put`` replaces one that nobody took, so a slow reader never lags behind."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._slot: list[T] = []
        self._closed = False

    def put(self, value: T) -> bool:
        """Leave ``value``; return False if that threw an older one away."""
        with self._changed:
            fresh = not self._slot
            self._slot[:] = [value]
            self._changed.notify()
            return fresh

    def take(self, timeout: float | None = None) -> T | None:
        """Wait for a value and take it out; None once closed. Raises TimeoutError after ``timeout`` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._slot or self._closed, timeout):
                raise TimeoutError
            return None if self._closed else self._slot.pop()

    def close(self) -> None:
        """Wake every reader with None, now and from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
