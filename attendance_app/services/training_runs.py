"""Training in a process of its own: its progress arrives as events, and its crash stays its own.

The child is started afresh (spawn), so it inherits no window, camera or database, and TensorFlow's memory goes
back to the system with it.
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
from attendance_app.training.runs import TrainingContext, TrainingEvent

_POLL_SECONDS = 0.2


class TrainingTask(Protocol):
    """What the child runs: a picklable value (a frozen dataclass at the top of a module)."""

    def __call__(self, context: TrainingContext) -> Path:
        """Train, write the run folder and return it.

        Raises Cancelled when stopped before there was anything to keep.
        """


class _Failed(tuple[str, str, dict[str, object]]):
    """A KnownError on its way out of the child: message, remedy, details."""

    __slots__ = ()


_Message: TypeAlias = "TrainingEvent | Path | _Failed | None"


def _run_in_child(task: TrainingTask, pipe: Connection, stop: Event) -> None:
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def stop_requested() -> bool:
        return stop.is_set() or (parent is not None and not parent.is_alive())

    answer: _Message
    try:
        answer = task(TrainingContext(report=pipe.send, stop_requested=stop_requested))
    except Cancelled:
        answer = None
    except KnownError as error:
        details: dict[str, object] = {name: str(value) for name, value in error.details.items()}
        answer = _Failed((error.message_template, error.remedy_template, details))
    except MemoryError:
        answer = _Failed(_OUT_OF_MEMORY)
    pipe.send(answer)
    pipe.close()


_OUT_OF_MEMORY = (
    "There is not enough memory for the training.",
    "Close other programs, or train on fewer pictures.",
    dict[str, object](),
)


def _nobody_waits() -> None:
    pass


class TrainingRun:
    """One training in a process of its own. Not thread-safe: one thread starts, follows and ends it."""

    def __init__(self, task: TrainingTask) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, self._child_end = context.Pipe(duplex=False)
        self._stop = context.Event()
        self._process: BaseProcess = context.Process(
            target=_run_in_child, args=(task, self._child_end, self._stop), name="training", daemon=True
        )

    def start(self) -> None:
        self._process.start()
        self._child_end.close()

    def stop(self) -> None:
        """Ask it to end after the current batch and keep the best weights; may be called from any thread."""
        self._stop.set()

    def kill(self) -> None:
        """End it at once; nothing is kept."""
        self._process.kill()
        self._process.join()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def follow(self, report: Callable[[TrainingEvent], None], waiting: Callable[[], None] = _nobody_waits) -> Path:
        """Hand on events until the end; return the run folder. ``waiting`` is called several times a second.

        Raises KnownError if the training failed or its process died, Cancelled if it was stopped too early.
        """
        answered, answer = False, None
        while not answered:
            waiting()
            try:
                if not self._pipe.poll(_POLL_SECONDS):
                    continue
                message: _Message = self._pipe.recv()
            except EOFError:
                break
            if message is None or isinstance(message, Path | _Failed):
                answered, answer = True, message
            else:
                report(message)
        self._process.join()
        if not answered:
            raise self._died()
        return _outcome(answer)

    def _died(self) -> KnownError:
        if self._process.exitcode == -signal.SIGKILL if hasattr(signal, "SIGKILL") else False:
            return KnownError(
                "The training was ended from outside, most often because memory ran out.",
                remedy="Close other programs, or train on fewer pictures. Nothing else was harmed.",
            )
        return KnownError(
            "The training process broke down (exit code {code}).",
            remedy="Try again; if it happens again, run the command with --verbose and report what it prints.",
            code=self._process.exitcode,
        )


def _outcome(answer: _Message) -> Path:
    if isinstance(answer, Path):
        return answer
    if isinstance(answer, _Failed):
        message, remedy, details = answer
        raise KnownError(message, remedy=remedy, **details)
    raise Cancelled


def run_training(
    task: TrainingTask, report: Callable[[TrainingEvent], None], waiting: Callable[[], None] = _nobody_waits
) -> Path:
    """Train in a process of its own and wait for it; Ctrl-C once keeps the best weights, twice ends it at once.

    ``waiting`` is called several times a second; raising Cancelled, it ends the training at once too.

    Raises KnownError and Cancelled as ``TrainingRun.follow`` does.
    """
    run = TrainingRun(task)
    run.start()
    try:
        return run.follow(report, waiting)
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
