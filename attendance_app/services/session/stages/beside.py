"""Costly work in step with the frames, or on a thread beside them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """One piece of work at a time. Belongs to the pipeline's thread.

    In step, ``begin`` does the work at once: right for a recording that waits for nobody and must give the same
    register each time. On a thread, the frames go on, and the result is there for a later one.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: ThreadPoolExecutor | None = None
        self._pending: Future[T] | None = None

    def on_thread(self, wanted: bool) -> None:
        """Work on a thread from now on, or in step; what is under way is given up."""
        self.close()
        if wanted:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)

    @property
    def is_threaded(self) -> bool:
        return self._thread is not None

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to be fetched."""
        return self._pending is not None

    def begin(self, work: Callable[[], T]) -> None:
        """Do ``work``, or have it done. Only when nothing is under way."""
        assert self._pending is None
        if self._thread is not None:
            self._pending = self._thread.submit(work)
            return
        self._pending = Future()
        self._pending.set_result(work())

    def result(self) -> T | None:
        """Fetch the result if it is there; raises what the work has raised."""
        if self._pending is None or not self._pending.done():
            return None
        done, self._pending = self._pending, None
        return done.result()

    def close(self) -> None:
        """Wait for what is under way, forget it, and end the thread."""
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
        self._thread = self._pending = None
