"""Writes the marks of a session, the camera's and the teacher's: one thread, in order of arrival, nothing dropped.

A mark is announced as recorded only after its commit. When the database can't be written (full disk, locked, a bug),
the queued marks are kept and tried again until they are written or the recorder is closed. ``on_error`` can prolong
that.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from attendance_app.domain.errors import NotFoundError, StoreError
from attendance_app.domain.sessions import Mark
from attendance_app.services.errors import WritingFailed
from attendance_app.services.session.manual_write import ManualWrite

log = logging.getLogger(__name__)

WriteMarks = Callable[[Sequence[Mark]], Sequence[Mark]]
"""Commits the marks in one transaction and returns them as the register has them now."""

RETRY_SECONDS = 1.0
"""How long after a failed attempt the next one comes."""

_Waiting = Mark | ManualWrite


class Recorder:
    """Owns the writer thread. ``submit`` never blocks; ``close`` waits until everything is written."""

    def __init__(
        self,
        write: WriteMarks,
        *,
        on_recorded: Callable[[Sequence[Mark]], None],
        on_error: Callable[[StoreError], bool | None],
    ) -> None:
        """``on_error`` gets every failed attempt and returns True to go on trying even when closed.

        ``on_recorded`` gets the marks of every transaction; none for one by hand, which announces its own.
        """
        self._write = write
        self._on_recorded = on_recorded
        self._on_error = on_error
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._unwritten: list[_Waiting] = []
        self._failure: StoreError | None = None
        self._patient = False
        # Guards ``_over``: without it, a change by hand could be queued after the thread has read its queue for the
        # last time, and its caller would wait for ever.
        self._over_lock = threading.Lock()
        self._over = False
        # No daemon: the program must not end before the marks are written.
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=False)
        self._thread.start()

    def submit(self, mark: Mark) -> None:
        """Queue a mark; marks are written in order of arrival."""
        self._queue.put(mark)

    def by_hand(self, step: ManualWrite) -> bool:
        """Commit a change by hand, after everything that was queued before.

        Returns True once it is committed, and False when it must wait; it is then tried again like the camera's marks.
        Raises what the commit raises unless that is a StoreError; after ``close``, that too.
        """
        with self._over_lock:
            over = self._over
            if not over:
                self._queue.put(step)
        # The thread has ended: nobody reads the queue any more.
        if over:
            return step.commit_now()
        # While attempts fail, the caller (the window's thread) must not wait for the next one.
        if self._failure is None:
            step.tried.wait()
        if step.error is not None:
            raise step.error
        return step.committed

    @property
    def unwritten(self) -> tuple[Mark, ...]:
        """The marks that were not written, the teacher's among them; valid after ``close`` has raised."""
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
        ended = False
        while not ended:
            ended = self._take_waiting()
            while self._unwritten and not self._try_write() and self._wait():
                ended = self._take_waiting(block=False) or ended
        # Nothing may be queued between the last reading of the queue and the last attempt.
        self._stop_taking()
        if self._unwritten and not self._try_write():
            log.error("%d marks could not be written", len(self._unwritten))

    def _stop_taking(self) -> None:
        """From now on, ``by_hand`` commits on the calling thread."""
        with self._over_lock:
            self._over = True
        self._take_waiting(block=False)

    def _wait(self) -> bool:
        """Wait for the next attempt; False when only the last attempt is left."""
        if not self._closing.wait(RETRY_SECONDS):
            return True
        if self._patient:
            time.sleep(RETRY_SECONDS)
        return self._patient

    def _take_waiting(self, *, block: bool = True) -> bool:
        """Move the queued items to the batch; return whether the end was among them."""
        waiting = [self._queue.get()] if block else []
        # No other thread takes items out, so one that is there stays there.
        while not self._queue.empty():
            waiting.append(self._queue.get())
        self._unwritten += [one for one in waiting if one is not None]
        return None in waiting

    def _try_write(self) -> bool:
        """Write in order of arrival; written items are removed at once, so that a failure keeps the others only."""
        try:
            while self._unwritten:
                marks = self._first_marks()
                written = self._write_known(marks) if marks else self._write_step(self._unwritten[0])
                # A change by hand is one item, and has no marks here.
                del self._unwritten[: max(1, len(marks))]
                self._failure = None
                _announce(partial(self._on_recorded, written))
        except Exception as error:  # noqa: BLE001 - a bug must not end this thread: the marks would wait for nobody
            self._failure = error if isinstance(error, StoreError) else self._fault(error)
            asked_to_wait = bool(_announce(partial(self._on_error, self._failure)))
            # A full disk gets room again; a bug stays, and the marks belong into a file.
            self._patient = asked_to_wait and not isinstance(self._failure, WritingFailed)
            self._notify_waiting()
            return False
        return True

    def _fault(self, bug: Exception) -> WritingFailed:
        # Once for each bug, not for each of the attempts.
        if not isinstance(self._failure, WritingFailed):
            log.error("marks could not be written", exc_info=bug)
        return WritingFailed(fault=repr(bug))

    def _first_marks(self) -> list[Mark]:
        """Return the camera's marks before the next change by hand."""
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
        """Write the marks; if one of their students has been erased meanwhile, write them one by one without that
        student."""
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


def _announce(call_listener: Callable[[], object]) -> object:
    """Call a listener. Its failure, as of one that prints to a terminal that was closed, must not count as a failure
    to write, nor end the thread."""
    try:
        return call_listener()
    except Exception:  # whatever listens, the marks matter more
        log.exception("a listener of the recorder has failed")
        return None
