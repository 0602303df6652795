"""Training in a process of its own: progress, stop, failure and death of the child."""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from attendance_app.classifiers.errors import HeadNotTrained
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.errors import TrainingCrashed, TrainingKilled, TrainingOutOfMemory
from attendance_app.services.training_events import StageProgress, StopAsked, TrainingContext, TrainingEvent
from attendance_app.services.training_runs import TrainingRun, run_training


@dataclass(frozen=True)
class Counting:
    """Reports three steps and returns the folder."""

    out: Path

    def __call__(self, context: TrainingContext) -> Path:
        for done in range(1, 4):
            context.report(StageProgress("counting", done, 3))
        return self.out


@dataclass(frozen=True)
class UntilStopped:
    """Works until it is asked to stop; keeps what there is, or has nothing to keep."""

    out: Path
    keeps: bool

    def __call__(self, context: TrainingContext) -> Path:
        context.report(StageProgress("started", 0, 1))
        while not context.stop_requested():
            time.sleep(0.01)
        if not self.keeps:
            raise Cancelled
        return self.out


@dataclass(frozen=True)
class Refusing:
    def __call__(self, context: TrainingContext) -> Path:
        raise HeadNotTrained(course="MATH-1")


@dataclass(frozen=True)
class OutOfMemory:
    def __call__(self, context: TrainingContext) -> Path:
        raise MemoryError


@dataclass(frozen=True)
class Killed:
    """Ends as the kernel ends a process when memory runs out."""

    def __call__(self, context: TrainingContext) -> Path:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@dataclass(frozen=True)
class Crashing:
    def __call__(self, context: TrainingContext) -> Path:
        sys.exit(3)


@pytest.fixture(autouse=True)
def importable_in_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child imports this module by its name, as pytest did."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    for task in (Counting, UntilStopped, Refusing, OutOfMemory, Killed, Crashing, EndsItself, Orphaned):
        monkeypatch.setattr(task, "__module__", Path(__file__).stem)
    monkeypatch.setitem(sys.modules, Path(__file__).stem, sys.modules[__name__])


def test_progress_arrives_as_events(tmp_path: Path) -> None:
    events: list[TrainingEvent] = []

    assert run_training(Counting(tmp_path), events.append) == tmp_path

    assert events == [StageProgress("counting", done, 3) for done in (1, 2, 3)]


def test_a_stopped_training_keeps_what_it_has(tmp_path: Path) -> None:
    run = TrainingRun(UntilStopped(tmp_path, keeps=True))
    run.start()

    assert run.follow(lambda _event: run.stop()) == tmp_path


def test_a_training_stopped_too_early_is_cancelled(tmp_path: Path) -> None:
    run = TrainingRun(UntilStopped(tmp_path, keeps=False))
    run.start()

    with pytest.raises(Cancelled):
        run.follow(lambda _event: run.stop())


def test_ctrl_c_keeps_the_best_weights(tmp_path: Path) -> None:
    def interrupt(event: TrainingEvent) -> None:
        if isinstance(event, StageProgress):
            raise KeyboardInterrupt

    assert run_training(UntilStopped(tmp_path, keeps=True), interrupt) == tmp_path


def test_a_second_ctrl_c_still_keeps_them_and_the_third_breaks_off(tmp_path: Path) -> None:
    told: list[int] = []

    def interrupt(event: TrainingEvent) -> None:
        if isinstance(event, StopAsked):
            told.append(event.times)
        if len(told) < 2:
            raise KeyboardInterrupt

    assert run_training(UntilStopped(tmp_path, keeps=True), interrupt) == tmp_path
    assert told == [1, 2]


@dataclass(frozen=True)
class EndsItself:
    """Is told to end, as every process is when the user logs off, and saves what it has."""

    out: Path

    def __call__(self, context: TrainingContext) -> Path:
        os.kill(os.getpid(), signal.SIGTERM)
        while not context.stop_requested():
            time.sleep(0.01)
        return self.out


@dataclass(frozen=True)
class Orphaned:
    """Reports into a connection whose other end is closed, as after the death of the parent."""

    out: Path

    def __call__(self, context: TrainingContext) -> Path:
        for done in range(100):
            context.report(StageProgress("counting", done, 100))
        (self.out / "saved").write_text("whole")
        return self.out


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking")
def test_a_log_off_saves_what_has_been_learnt(tmp_path: Path) -> None:
    assert run_training(EndsItself(tmp_path), lambda _event: None) == tmp_path


def test_the_death_of_the_parent_saves_what_has_been_learnt(tmp_path: Path) -> None:
    run = TrainingRun(Orphaned(tmp_path))
    run.start()
    run._pipe.close()

    run._process.join(60)

    assert (tmp_path / "saved").read_text() == "whole"


def test_a_known_error_of_the_child_keeps_its_kind_and_details() -> None:
    with pytest.raises(HeadNotTrained) as caught:
        run_training(Refusing(), lambda _event: None)

    assert caught.value.course == "MATH-1"


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        pytest.param(OutOfMemory(), TrainingOutOfMemory, id="memory runs out"),
        pytest.param(
            Killed(), TrainingKilled, id="killed", marks=pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
        ),
        pytest.param(Crashing(), TrainingCrashed, id="crash"),
    ],
)
def test_the_death_of_the_child_is_a_known_error(task: object, kind: type[KnownError]) -> None:
    with pytest.raises(kind):
        run_training(task, lambda _event: None)  # type: ignore[arg-type]
