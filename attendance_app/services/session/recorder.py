"""Writes a session's marks, the camera's and the teacher's: one thread, in order of arrival, nothing dropped.

A mark counts as recorded, and is announced, only after its commit. When the database can't be written (full
disk, locked), what waits is kept and tried again until it succeeds or the recorder is closed; whoever hears of the
failure may ask for patience beyond that.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence

from attendance_app.domain.errors import NotFoundError, StoreError
from attendance_app.domain.sessions import Mark
from attendance_app.services.session.manual_write import ManualWrite

log = logging.getLogger(__name__)

WriteMarks = Callable[[Sequence[Mark]], Sequence[Mark]]
"""Commits the marks in one transaction and returns them as they stand in the register now."""

RETRY_SECONDS = 1.0

_Waiting = Mark | ManualWrite


class Recorder:
    """Owns the writer thread. ``submit`` never blocks; ``close`` waits for what is still to be written."""

    def __init__(
        self,
        write: WriteMarks,
        *,
        on_recorded: Callable[[Sequence[Mark]], None],
        on_error: Callable[[StoreError], bool | None],
    ) -> None:
        """``on_error`` hears of every attempt that failed, and returns True to be tried again even when closed.

        ``on_recorded`` hears of every transaction; of one by hand without marks, since it tells of them itself.
        """
        self._write = write
        self._on_recorded = on_recorded
        self._on_error = on_error
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._unwritten: list[_Waiting] = []
        self._failure: Exception | None = None
        self._patient = False
        self._gate = threading.Lock()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=False)
        self._thread.start()

    def submit(self, mark: Mark) -> None:
        """Hand over a mark; it is written in order of arrival."""
        self._queue.put(mark)

    def by_hand(self, step: ManualWrite) -> bool:
        """Have something done by hand committed, after all that was handed over before.

        Returns True once it is committed, and False as soon as it must wait: it is tried again then like the camera's
        marks. Raises what the commit raises unless that is a StoreError; after ``close``, that too.
        """
        with self._gate:
            over = self._over
            if not over:
                self._queue.put(step)
        if over:
            return step.commit_now()
        if self._failure is None:
            step.tried.wait()
        if step.error is not None:
            raise step.error
        return step.committed

    @property
    def unwritten(self) -> tuple[Mark, ...]:
        """After ``close`` has raised: the marks that were not written, the teacher's among them."""
        marks: list[Mark] = []
        for one in self._unwritten:
            marks += [one] if isinstance(one, Mark) else one.waiting_marks()
        return tuple(marks)

    def close(self) -> None:
        """Write all that is left and end the thread.

        Raises StoreError when marks could not be written even at the last attempt; ``unwritten`` has them.
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
            self._stop_taking()
            if self._unwritten and not self._try_write():
                log.error("%d marks could not be written", len(self._unwritten))
        except Exception as bug:  # noqa: BLE001 - handed to the owner, who must know that marks are missing
            self._failure = bug
            self._stop_taking()
            self._notify_waiting()

    def _stop_taking(self) -> None:
        """What comes by hand from now on is written by whoever brings it."""
        with self._gate:
            self._over = True
        self._take_waiting(block=False)

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
        self._unwritten += [one for one in waiting if one is not None]
        return None in waiting

    def _try_write(self) -> bool:
        """Write in order of arrival; what is written is taken off, so that a failure keeps the rest."""
        try:
            while self._unwritten:
                marks = self._first_marks()
                written = self._write_known(marks) if marks else self._write_step(self._unwritten[0])
                del self._unwritten[: max(1, len(marks))]
                self._failure = None
                self._on_recorded(written)
        except StoreError as error:
            self._failure = error
            self._patient = bool(self._on_error(error))
            self._notify_waiting()
            return False
        return True

    def _first_marks(self) -> list[Mark]:
        """The marks up to what is done by hand next."""
        marks: list[Mark] = []
        for one in self._unwritten:
            if isinstance(one, ManualWrite):
                break
            marks.append(one)
        return marks

    def _write_step(self, step: _Waiting) -> Sequence[Mark]:
        assert isinstance(step, ManualWrite)
        step.try_commit()
        return ()

    def _notify_waiting(self) -> None:
        for one in self._unwritten:
            if isinstance(one, ManualWrite):
                one.tried.set()

    def _write_known(self, marks: Sequence[Mark]) -> Sequence[Mark]:
        """Write the marks; one by one where a student among them has been erased since, who is left out."""
        try:
            return self._write(marks)
        except NotFoundError:
            written: list[Mark] = []
            for mark in marks:
                try:
                    written += self._write([mark])
                except NotFoundError:
                    log.info("a mark of a student who is no longer there was dropped")
            return written
