"""One slot between a writing and a reading thread: a new value replaces the old one."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds at most one value; ``put`` replaces one that was not taken, so that a slow reader never falls behind."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        # Empty or one value. A list, since None may be a value.
        self._slot: list[T] = []
        self._finished = False

    def put(self, value: T) -> bool:
        """Store ``value``; return False if that discarded an older one. Does nothing after ``finish``."""
        with self._changed:
            fresh = not self._slot
            if not self._finished:
                self._slot[:] = [value]
                self._changed.notify()
            return fresh

    def take(self, timeout: float | None = None) -> T | None:
        """Wait for a value and take it out; None when there will be none. Raises TimeoutError after ``timeout``."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._slot or self._finished, timeout):
                raise TimeoutError
            return self._slot.pop() if self._slot else None

    def poll(self) -> T | None:
        """Take the value out if there is one."""
        with self._changed:
            return self._slot.pop() if self._slot else None

    def finish(self) -> None:
        """No more values: readers get the one that is left, then None."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def close(self) -> None:
        """Wake every reader with None, now and from now on."""
        with self._changed:
            self._slot.clear()
            self._finished = True
            self._changed.notify_all()
