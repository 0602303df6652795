"""Training in its own process: progress arrives as events, and a crash doesn't affect the program.

The child process is spawned, not forked, so that it inherits no window, camera or database. TensorFlow's memory is
returned to the system when it ends.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Protocol, TypeAlias

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.errors import TrainingCrashed, TrainingKilled, TrainingOutOfMemory
from attendance_app.services.training_events import StopAsked, TrainingContext, TrainingEvent

_POLL_SECONDS = 0.2
"""How long to wait for a message before ``waiting`` is called again."""
BREAKS_OFF = 3
"""Ctrl-C for the third time ends a training at once; it can be resumed from its last whole epoch."""


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
    ending = threading.Event()
    # A log-off or shutdown tells every process of the user: what has been learnt is saved first.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ending.set())
    parent = multiprocessing.parent_process()

    def stop_requested() -> bool:
        # A parent that has died can set no event any more; the child must not train for nobody.
        return stop.is_set() or ending.is_set() or (parent is not None and not parent.is_alive())

    def send(message: _Message) -> None:
        # With nobody at the other end, what has been learnt is saved all the same.
        with suppress(OSError):
            pipe.send(message)

    answer: _Message
    try:
        answer = task(TrainingContext(report=send, stop_requested=stop_requested))
    except Cancelled:
        answer = None
    except KnownError as error:
        answer = error
    except MemoryError:
        answer = TrainingOutOfMemory()
    send(answer)
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


def _never() -> bool:
    return False


def run_training(
    task: TrainingTask,
    report: Callable[[TrainingEvent], None],
    waiting: Callable[[], None] = _no_wait,
    *,
    stop_asked: Callable[[], bool] = _never,
) -> Path:
    """Train in a separate process and wait for it.

    Ctrl-C, and a request to end this process (SIGTERM), end the training after its batch and keep the best weights;
    each is answered by ``report`` (StopAsked), and the third one ends it at once. ``waiting`` is called several times
    a second; if it raises Cancelled, the training ends at once too. ``stop_asked`` is asked as often; True is the first
    Ctrl-C of those who have no keyboard, as in the window. Raises KnownError and Cancelled as
    ``TrainingRun.follow`` does.
    """
    run = TrainingRun(task)
    run.start()

    def wait() -> None:
        waiting()
        if stop_asked():
            run.stop()

    asked = told = 0
    with _ended_like_ctrl_c():
        while True:
            try:
                if told < asked:
                    told = asked
                    report(StopAsked(asked))
                return run.follow(report, wait if not asked else _no_wait)
            except KeyboardInterrupt:
                asked += 1
                if asked >= BREAKS_OFF:
                    run.kill()
                    raise Cancelled from None
                run.stop()
            except Cancelled:
                run.kill()
                raise


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Make SIGTERM what Ctrl-C is, where a process may: in its main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
