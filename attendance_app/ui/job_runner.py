"""Runs jobs on a thread pool and reports them by signals; the pool keeps each job until its final signal.

The threads are Python's own. A QThreadPool's thread gets a new Python thread state for each job, while dlib (pybind11)
remembers the one that it was imported in: the next job on that thread ended in a segmentation fault.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.jobs import JobContext

T = TypeVar("T")


class _JobSignals(QObject):
    """Passes progress and result from the worker's thread to the window's."""

    progressed = Signal(int, int)
    ended = Signal(object, object)


class _Work(Generic[T]):
    """Runs the function on a thread of the pool; it is the ``JobContext`` that the function gets."""

    def __init__(self, function: Callable[[JobContext], T], signals: _JobSignals) -> None:
        self._function = function
        self._signals = signals
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def report(self, done: int, total: int) -> None:
        self._signals.progressed.emit(done, total)

    def raise_if_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def run(self) -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            # The job may have been cancelled while it was queued.
            self.raise_if_cancelled()
            result = self._function(self)
        except BaseException as raised:  # noqa: BLE001 - handed over whole to the window's thread
            error = raised
        self._signals.ended.emit(result, error)


class JobRunner(QObject):
    """One job. Exactly one of ``succeeded``, ``failed``, ``cancelled`` is emitted, in the window's thread."""

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    """With a KnownError."""
    crashed = Signal(object)
    """With any other exception: our bug."""
    cancelled = Signal()
    ended = Signal()
    """Emitted after any of the above."""

    def __init__(self, function: Callable[[JobContext], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Signals cross threads as queued events, so that the slots below run in the window's thread.
        self._signals = _JobSignals()
        self._signals.progressed.connect(self._on_progress)
        self._signals.ended.connect(self._on_end)
        self._work = _Work(function, self._signals)
        self._silenced = False

    def start(self, pool: ThreadPoolExecutor) -> None:
        pool.submit(self._work.run)

    def cancel(self) -> None:
        """Ask the work to stop at its next ``raise_if_cancelled``."""
        self._work.cancel()

    def silence(self) -> None:
        """Cancel, and emit nothing but ``ended``, because the caller is gone."""
        self._silenced = True
        self.cancel()

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        if not self._silenced:
            self.progressed.emit(done, total)

    @Slot(object, object)
    def _on_end(self, result: object, error: BaseException | None) -> None:
        if not self._silenced:
            self._tell(result, error)
        self.ended.emit()

    def _tell(self, result: object, error: BaseException | None) -> None:
        if error is None:
            self.succeeded.emit(result)
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        elif isinstance(error, KnownError):
            self.failed.emit(error)
        else:
            self.crashed.emit(error)


class Jobs(QObject):
    """All jobs of the window.

    Short ones (reading and writing the store) run one at a time in the order of their start, so that the last result
    shown is the last one stored. Long ones (imports, cameras, training) have threads of their own and never delay them.
    """

    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # One thread: with two, an older reading could arrive after a newer one and be shown last.
        self._short = ThreadPoolExecutor(1, thread_name_prefix="short job")
        self._long = ThreadPoolExecutor(4, thread_name_prefix="long job")
        self._running: set[JobRunner] = set()

    def start(
        self,
        function: Callable[[JobContext], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        long: bool = False,
    ) -> JobRunner:
        """Run ``function`` off the window's thread; ``done`` and ``failed`` are called back in it."""
        runner = JobRunner(function)
        if done is not None:
            runner.succeeded.connect(done)
        if failed is not None:
            runner.failed.connect(failed)
        runner.crashed.connect(self.crashed)
        # Python would delete a runner without a reference, and its signals with it.
        self._running.add(runner)
        # ``ended`` follows ``succeeded`` and ``failed``: their slots have run when ``busy`` becomes False.
        runner.ended.connect(lambda: self._forget(runner))
        runner.start(self._long if long else self._short)
        return runner

    @property
    def busy(self) -> bool:
        """Whether any job is still running or waiting."""
        return bool(self._running)

    def _forget(self, runner: JobRunner) -> None:
        self._running.discard(runner)
        # Not at once: this is called from a slot of the runner.
        runner.deleteLater()

    def close(self) -> None:
        """Cancel everything and wait for the threads; no callback runs any more."""
        for runner in tuple(self._running):
            runner.silence()
        for pool in (self._short, self._long):
            # Queued events of these jobs may still arrive; silenced runners pass nothing on.
            pool.shutdown(cancel_futures=True)
        self._running.clear()
