"""Writes the camera's marks: one thread, one transaction a batch, nothing dropped.

A mark counts as recorded, and is announced, only after its commit. When the database can't be written (full
disk, locked), the batch is kept and tried again until it succeeds or the recorder is closed; whoever hears of the
failure may ask for patience beyond that.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence

from attendance_app.domain.errors import NotFoundError, StoreError
from attendance_app.domain.sessions import Mark

log = logging.getLogger(__name__)

WriteMarks = Callable[[Sequence[Mark]], Sequence[Mark]]
"""Commits the marks in one transaction and returns them as they stand in the register now."""

RETRY_SECONDS = 1.0


class Recorder:
    """Owns the writer thread. ``submit`` never blocks; ``close`` waits for what is still to be written."""

    def __init__(
        self,
        write: WriteMarks,
        *,
        on_recorded: Callable[[Sequence[Mark]], None],
        on_error: Callable[[StoreError], bool | None],
    ) -> None:
        """``on_error`` hears of every attempt that failed, and returns True to be tried again even when closed."""
        self._write = write
        self._on_recorded = on_recorded
        self._on_error = on_error
        self._queue: queue.SimpleQueue[Mark | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._unwritten: list[Mark] = []
        self._failure: Exception | None = None
        self._patient = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=False)
        self._thread.start()

    def submit(self, mark: Mark) -> None:
        """Hand over a mark; it is written in order of arrival."""
        self._queue.put(mark)

    def close(self) -> None:
        """Write all that is left and end the thread.

        Raises StoreError when marks could not be written even at the last attempt.
        """
        self._closing.set()
        self._queue.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            ended = False
            while not ended:
                ended = self._take_waiting()
                while self._unwritten and not self._try_write() and self._wait():
                    ended = self._take_waiting(block=False) or ended
            if self._unwritten and not self._try_write():
                log.error("%d marks could not be written", len(self._unwritten))
        except Exception as bug:  # noqa: BLE001 - handed to the owner, who must know that marks are missing
            self._failure = bug

    def _wait(self) -> bool:
        """Wait for the next attempt; False when there shall be none but the last."""
        if not self._closing.wait(RETRY_SECONDS):
            return True
        if self._patient:
            time.sleep(RETRY_SECONDS)
        return self._patient

    def _take_waiting(self, *, block: bool = True) -> bool:
        """Move what is queued to the batch; returns whether the end was among it."""
        waiting = [self._queue.get()] if block else []
        while not self._queue.empty():
            waiting.append(self._queue.get())
        self._unwritten += [mark for mark in waiting if mark is not None]
        return None in waiting

    def _try_write(self) -> bool:
        try:
            written = self._write_known()
        except StoreError as error:
            self._failure = error
            self._patient = bool(self._on_error(error))
            return False
        self._failure = None
        self._unwritten = []
        self._on_recorded(written)
        return True

    def _write_known(self) -> Sequence[Mark]:
        """Write the batch; one by one where a student in it has been erased since, who is left out."""
        try:
            return self._write(self._unwritten)
        except NotFoundError:
            written: list[Mark] = []
            for mark in self._unwritten:
                try:
                    written += self._write([mark])
                except NotFoundError:
                    log.info("a mark of a student who is no longer there was dropped")
            return written
