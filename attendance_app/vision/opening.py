"""Opens something slow on a separate thread, so that the caller doesn't have to wait."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Opening(Generic[T]):
    """An opening in progress. After ``abandon``, its result is closed as soon as it arrives.

    The thread is a daemon: a driver may block for minutes in a call, and must not keep the program running.
    """

    def __init__(
        self, name: str, open_it: Callable[[], T], *, close: Callable[[T], object], ready: Callable[[], object]
    ) -> None:
        """``ready`` is called on that thread when there is an outcome, unless it was abandoned."""
        self._open_it = open_it
        self._close = close
        self._ready = ready
        self._lock = threading.Lock()
        self._abandoned = False
        self._made: list[T] = []
        """Empty, or the one result."""
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"opening {name}", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether there is an outcome."""
        with self._lock:
            return bool(self._made) or self._error is not None

    def result(self) -> T:
        """Return what was opened, once ``done``, or raise what opening it has raised."""
        with self._lock:
            if self._error is not None:
                raise self._error
            return self._made[0]

    def abandon(self) -> None:
        """Discard the result."""
        with self._lock:
            self._abandoned = True
            made, self._made = self._made, []
        # Outside the lock: closing may take long, and ``done`` must not wait for it.
        for one in made:
            self._close(one)

    def _run(self) -> None:
        try:
            made = self._open_it()
        except BaseException as error:  # noqa: BLE001 - raised again by ``result``, on the thread that wants it
            with self._lock:
                self._error = error
                abandoned = self._abandoned
        else:
            with self._lock:
                abandoned = self._abandoned
                if not abandoned:
                    self._made.append(made)
            if abandoned:
                self._close(made)
        if not abandoned:
            self._ready()


def open_and_wait(name: str, open_it: Callable[[], T], *, close: Callable[[T], object], check: Callable[[], None]) -> T:
    """Open something and wait for it; ``check`` is called meanwhile and may raise to give it up."""
    ready = threading.Event()
    opening = Opening(name, open_it, close=close, ready=ready.set)
    try:
        while not ready.wait(0.05):
            check()
        return opening.result()
    except BaseException:
        opening.abandon()
        raise
