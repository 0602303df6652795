"""Progress and Ctrl-C of a job in a terminal."""

import signal
import sys
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from attendance_app.domain.errors import Cancelled


class TerminalJob:
    """A progress bar on standard error (none where that is no terminal); Ctrl-C asks the job to stop.

    A second Ctrl-C breaks off at once.
    """

    def __init__(self, title: str) -> None:
        self._progress = Progress(
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            # A bar in a log file would be a line for each step.
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task(title, total=None)
        self._asked_to_stop = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGINT, self._interrupt)
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
        signal.signal(signal.SIGINT, self._before)

    def report(self, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, total=total or None)

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled after Ctrl-C."""
        if self._asked_to_stop:
            raise Cancelled

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True
        signal.signal(signal.SIGINT, self._before)
