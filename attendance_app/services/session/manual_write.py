"""A change of marks by the teacher, queued for the register."""

import logging
import threading
from collections.abc import Callable, Sequence

from attendance_app.domain.errors import StoreError
from attendance_app.domain.sessions import Mark

_log = logging.getLogger(__name__)


class ManualWrite:
    """Committed once, in one transaction, now or when the disk has room again. ``tried`` is set at the first
    attempt."""

    def __init__(
        self, commit: Callable[[], object], *, waiting_marks: Callable[[], Sequence[Mark]] = lambda: ()
    ) -> None:
        """``commit`` may be called again after a StoreError, of which it leaves nothing behind.

        ``waiting_marks``: the marks that it would set, for the case that it is never committed.
        """
        self._commit = commit
        self._waiting_marks = waiting_marks
        # Between the recorder, which commits, and the window, which cancels: a change that was cancelled is never
        # committed.
        self._lock = threading.Lock()
        self._cancelled = False
        self.tried = threading.Event()
        self.committed = False
        self.error: Exception | None = None

    def commit_now(self) -> bool:
        """Commit on this thread and return True. Raises what the commit raises."""
        with self._lock:
            if not self._cancelled:
                self._commit()
                self.committed = True
        return self.committed

    def try_commit(self) -> None:
        """Commit. Raises StoreError, after which it is tried again; another failure is kept in ``error``."""
        try:
            self.commit_now()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - raised again by ``Recorder.by_hand``; what waits behind it must not suffer
            self.error = error
            # Nobody waits for the result any more, so only the log is left to say it.
            if self.tried.is_set():
                _log.exception("what was done by hand could not be written")
        self.tried.set()

    def cancel(self) -> bool:
        """Cancel it before the commit; False when it was committed already."""
        with self._lock:
            self._cancelled = not self.committed
            return self._cancelled

    def waiting_marks(self) -> Sequence[Mark]:
        """Return the marks that it would set now."""
        return () if self._cancelled or self.committed else self._waiting_marks()
