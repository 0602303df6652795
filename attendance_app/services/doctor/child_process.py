"""Calls a function in a separate process, where a crash of a compiled library does no harm.

The child is started by multiprocessing's "spawn", which works in an installed package and in the frozen program of
``packaging/`` alike; the latter has no Python that could be called with ``-c``.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final, TypeAlias

PATIENCE_SECONDS: Final = 60.0
"""How long an answer is waited for."""

Question: TypeAlias = Callable[[], str]
"""Picklable: a function at the top of a module, or a ``functools.partial`` of one."""


@dataclass(frozen=True, slots=True)
class ProcessAnswer:
    """``status``: 0 when all went well, 1 after an error, else the exit status of a crash (negative: a signal).

    ``said``: what was answered, or the error in one line.
    """

    status: int
    said: str


Ask: TypeAlias = Callable[[Question], ProcessAnswer]


def run_in_process(question: Question, patience: float = PATIENCE_SECONDS) -> ProcessAnswer:
    """Call ``question`` in a new process; one that hangs longer than ``patience`` seconds is ended."""
    context = multiprocessing.get_context("spawn")
    pipe, child_end = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(question, child_end), name="doctor", daemon=True)
    child.start()
    # Else the pipe would not report its end when the child crashes.
    child_end.close()
    with pipe:
        try:
            answer = pipe.recv() if pipe.poll(patience) else ProcessAnswer(1, f"no answer in {patience:.0f} seconds")
        except EOFError:
            child.join()
            return _crash(child.exitcode or 0)
    # It has answered, or hangs; a library may hang at its end too.
    child.kill()
    child.join()
    return answer


def _answer(question: Question, pipe: Connection) -> None:
    # What a library prints before it ends the process belongs in the doctor's answer, not between its lines.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        answer = ProcessAnswer(0, question())
    except (ImportError, OSError, AttributeError, RuntimeError) as error:
        answer = ProcessAnswer(1, f"{type(error).__name__}: {error}")
    pipe.send(answer)


def _crash(status: int) -> ProcessAnswer:
    return ProcessAnswer(status, signal.Signals(-status).name if status < 0 else f"exit status {status}")
