"""The folder of one training: its settings, the versions of the packages, its history and its results.

Nothing here imports TensorFlow.
"""

import csv
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from importlib import metadata
from pathlib import Path
from typing import TypeAlias

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.lab.errors import FolderNotWritten, RunThere

# TensorFlow has two names: which one is installed depends on the system (pyproject.toml).
_PACKAGES = (
    "classroom-attendance",
    "tensorflow",
    "tensorflow-cpu",
    "keras",
    "numpy",
    "onnx",
    "onnxruntime",
    "scikit-learn",
)

Setting: TypeAlias = "str | int | float | bool | Sequence[Setting] | Mapping[str, Setting] | None"


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One line of history.csv."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class History:
    """All epochs of one fit; ``best_epoch`` (counted from 1) is the one whose weights were kept."""

    rows: tuple[EpochRow, ...]
    best_epoch: int
    stopped_early: bool


def versions() -> dict[str, str]:
    """Return the versions of Python and of every package that can change a result."""
    # The machine too: other processors add in another order, which changes the last digits.
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one training; ``create`` makes it."""

    path: Path

    @classmethod
    def create(cls, path: Path, *, config: Mapping[str, Setting], seed: int) -> "RunFolder":
        """Make the folder and write config.json.

        Raises KnownError if it holds another run or can't be written.
        """
        if (path / "config.json").exists():
            raise RunThere(folder=path)
        run = cls(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            run.write_json("config.json", {"config": config, "seed": seed, "versions": versions()})
        except OSError as error:
            raise FolderNotWritten(folder=path, reason=error.strerror or str(error)) from error
        return run

    @contextmanager
    def given_up_without_result(self) -> Iterator[None]:
        """Take the folder back if the work inside fails or is cancelled with nothing but config.json to show.

        The same command can then be given again once what was wrong is mended.
        """
        try:
            yield
        except (KnownError, Cancelled):
            config = self.path / "config.json"
            if [config] == list(self.path.iterdir()):
                config.unlink()
                self.path.rmdir()
            raise

    def write_json(self, name: str, document: Mapping[str, Setting]) -> Path:
        return self.write_text(name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def write_text(self, name: str, text: str) -> Path:
        target = self.path / name
        target.write_text(text, encoding="utf-8")
        return target

    def write_history(self, history: History, name: str = "history.csv") -> Path:
        """Write one line an epoch; readable back by ``read_history``."""
        target = self.path / name
        with target.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, [field.name for field in fields(EpochRow)])
            writer.writeheader()
            writer.writerows(asdict(row) for row in history.rows)
        return target


def read_history(path: Path) -> tuple[EpochRow, ...]:
    """Read a history.csv back."""
    with path.open(newline="", encoding="utf-8") as stream:
        return tuple(
            EpochRow(epoch=int(line["epoch"]), **{f.name: float(line[f.name]) for f in fields(EpochRow)[1:]})
            for line in csv.DictReader(stream)
        )
