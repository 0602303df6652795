"""Events that a training sends while it runs, and the request to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the training pictures. Accuracies run from 0 to 1; ``seconds_left`` is an estimate."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A step other than the fit itself: reading pictures, finding faces, exporting."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The user has asked for the end, ``times`` times."""

    times: int


TrainingEvent: TypeAlias = EpochDone | StageProgress | StopAsked


def _never_stop() -> bool:
    return False


def _ignore_event(_event: TrainingEvent) -> None:
    return


@dataclass(frozen=True, slots=True)
class TrainingContext:
    """The training's side of the connection to its starter.

    ``stop_requested`` is called between batches; once it returns True, the fit ends and the best weights so far are
    kept.
    """

    report: Callable[[TrainingEvent], None] = _ignore_event
    stop_requested: Callable[[], bool] = _never_stop
