"""The state of a training between two epochs, on disk: what is needed to go on as if it had not been broken off.

One file, replaced in one step once it is whole: weights and the other variables of the model (batch statistics, states
of its random layers), those of the optimiser, the best weights so far, and as JSON the epochs, the best of them, and
what callbacks count. Which pictures a batch has is decided by seed and epoch (``fitting.EpochBatches``), so that no
state of a generator has to be kept.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.errors import CheckpointDamaged
from attendance_app.lab.runs import EpochRow

FORMAT: Final = 1

Arrays = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class FitState:
    """The state after the last of ``rows``. ``best`` is the rank of ``best_epoch``, higher is better.

    ``callbacks``: what each of the fit's callbacks counts, in their order. ``ended``: no epoch is left to train.
    """

    rows: tuple[EpochRow, ...]
    best_epoch: int
    best: tuple[float, float]
    callbacks: tuple[Mapping[str, float], ...]
    ended: bool
    variables: Arrays
    optimizer: Arrays
    best_weights: Arrays


def save_state(path: Path, state: FitState) -> None:
    """Write ``path``; whoever reads it gets the state before or this one. Raises OSError."""
    facts = {
        "format": FORMAT,
        "rows": [asdict(row) for row in state.rows],
        "best_epoch": state.best_epoch,
        "best": state.best,
        "callbacks": [dict(one) for one in state.callbacks],
        "ended": state.ended,
    }
    arrays = {"facts": np.array(json.dumps(facts))}
    for group in ("variables", "optimizer", "best_weights"):
        arrays |= {f"{group}{index}": array for index, array in enumerate(getattr(state, group))}
    draft = path.with_suffix(".new")
    try:
        with draft.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]  # numpy's stubs mistake the names for an option
            stream.flush()
            # Without it, a power cut may leave the new name with the old contents or none.
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def load_state(path: Path) -> FitState | None:
    """Read the state back; None where no epoch was finished. Raises CheckpointDamaged."""
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            if facts["format"] != FORMAT:
                raise ValueError(f"format {facts['format']}")
            groups = {name: _group(file, name) for name in ("variables", "optimizer", "best_weights")}
        return FitState(
            rows=tuple(EpochRow(**row) for row in facts["rows"]),
            best_epoch=int(facts["best_epoch"]),
            best=(float(facts["best"][0]), float(facts["best"][1])),
            callbacks=tuple(facts["callbacks"]),
            ended=bool(facts["ended"]),
            **groups,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise CheckpointDamaged(file=path, cause=str(error)) from error


def _group(file: Mapping[str, NDArray[Any]], name: str) -> Arrays:
    count = sum(key.startswith(name) for key in file)
    return tuple(file[f"{name}{index}"] for index in range(count))
