"""Training in its own process: progress arrives as events, and a crash doesn't affect the program.

The child process is spawned, not forked, so that it inherits no window, camera or database. TensorFlow's memory is
returned to the system when it ends.
"""

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Protocol, TypeAlias

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.errors import TrainingCrashed, TrainingKilled, TrainingOutOfMemory
from attendance_app.services.training_events import TrainingContext, TrainingEvent

_POLL_SECONDS = 0.2
"""How long to wait for a message before ``waiting`` is called again."""


class TrainingTask(Protocol):
    """What the child runs: a picklable value (a frozen dataclass at the top of a module)."""

    def __call__(self, context: TrainingContext) -> Path:
        """Train, write the run folder and return it.

        Raises Cancelled when stopped before there was anything to keep.
        """


_Message: TypeAlias = "TrainingEvent | Path | KnownError | None"


def _run_in_child(task: TrainingTask, pipe: Connection, stop: Event) -> None:
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def stop_requested() -> bool:
        # A parent that has died can set no event any more; the child must not train for nobody.
        return stop.is_set() or (parent is not None and not parent.is_alive())

    answer: _Message
    try:
        answer = task(TrainingContext(report=pipe.send, stop_requested=stop_requested))
    except Cancelled:
        answer = None
    except KnownError as error:
        answer = error
    except MemoryError:
        answer = TrainingOutOfMemory()
    pipe.send(answer)
    pipe.close()


def _no_wait() -> None:
    pass


class TrainingRun:
    """One training in its own process. Not thread-safe: one thread starts, follows and ends it."""

    def __init__(self, task: TrainingTask) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, self._child_end = context.Pipe(duplex=False)
        self._stop = context.Event()
        # A daemon, so that a training ends with the program.
        self._process: BaseProcess = context.Process(
            target=_run_in_child, args=(task, self._child_end, self._stop), name="training", daemon=True
        )

    def start(self) -> None:
        self._process.start()
        # The parent's copy must be closed: otherwise the pipe never reports the end when the child dies.
        self._child_end.close()

    def stop(self) -> None:
        """Ask it to end after the current batch and keep the best weights; may be called from any thread."""
        self._stop.set()

    def kill(self) -> None:
        """End the process at once; nothing is kept."""
        self._process.kill()
        self._process.join()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def follow(self, report: Callable[[TrainingEvent], None], waiting: Callable[[], None] = _no_wait) -> Path:
        """Report events until the end; return the run folder. ``waiting`` is called several times a second.

        Raises KnownError if the training failed or its process died, Cancelled if it was stopped before it had a
        result.
        """
        answered, answer = False, None
        while not answered:
            waiting()
            try:
                if not self._pipe.poll(_POLL_SECONDS):
                    continue
                message: _Message = self._pipe.recv()
            # The child has died without an answer, for example killed for lack of memory.
            except EOFError:
                break
            if message is None or isinstance(message, Path | KnownError):
                answered, answer = True, message
            else:
                report(message)
        self._process.join()
        if not answered:
            raise self._died()
        return _outcome(answer)

    def _died(self) -> KnownError:
        # Linux kills the process that needs most memory with SIGKILL; Windows has no such signal.
        if self._process.exitcode == -signal.SIGKILL if hasattr(signal, "SIGKILL") else False:
            return TrainingKilled()
        return TrainingCrashed(code=self._process.exitcode)


def _outcome(answer: _Message) -> Path:
    if isinstance(answer, Path):
        return answer
    if isinstance(answer, KnownError):
        raise answer
    raise Cancelled


def run_training(
    task: TrainingTask, report: Callable[[TrainingEvent], None], waiting: Callable[[], None] = _no_wait
) -> Path:
    """Train in a separate process and wait for it; Ctrl-C once keeps the best weights, twice ends it at once.

    ``waiting`` is called several times a second; if it raises Cancelled, the training ends at once too. Raises
    KnownError and Cancelled as ``TrainingRun.follow`` does.
    """
    run = TrainingRun(task)
    run.start()
    try:
        return run.follow(report, waiting)
    # The first Ctrl-C asks for the best weights so far; ``follow`` then waits for them.
    except KeyboardInterrupt:
        run.stop()
    except Cancelled:
        run.kill()
        raise
    try:
        return run.follow(report)
    except KeyboardInterrupt:
        run.kill()
        raise Cancelled from None
