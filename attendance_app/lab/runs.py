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
from typing import Any, TypeAlias

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.lab.errors import FolderNotWritten, NothingToResume, RunEnded, RunOfAnotherTraining, RunThere

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

CONFIG = "config.json"
CHECKPOINT = "checkpoint.npz"
LAYERS = "layers.txt"

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

    @property
    def checkpoint(self) -> Path:
        """The file that a fit writes after every epoch."""
        return self.path / CHECKPOINT

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        config: Mapping[str, Setting],
        seed: int,
        task: object = None,
        devices: Sequence[str] = (),
    ) -> "RunFolder":
        """Make the folder and write config.json; ``task`` (a dataclass) is kept in it, so that it can be resumed.

        ``devices``: what it is computed on (``requirements.require_tensorflow``).

        A folder in which the same task was begun is used again as it is. Raises KnownError if it holds another run or
        can't be written.
        """
        run = cls(path)
        kept = None if task is None else _kept(task)
        if (path / CONFIG).exists() and not abandoned(path):
            if kept is None or _read_kept(path) != kept:
                raise RunThere(folder=path)
            return run
        try:
            path.mkdir(parents=True, exist_ok=True)
            begun: dict[str, Setting] = {"config": config, "seed": seed, "devices": devices}
            run.write_json(CONFIG, {**begun, "versions": versions(), "task": kept})
        except OSError as error:
            raise FolderNotWritten(folder=path, reason=error.strerror or str(error)) from error
        return run

    def begun_with(self) -> dict[str, Any]:
        """Return what config.json says; nothing where there is none."""
        try:
            document: dict[str, Any] = json.loads((self.path / CONFIG).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return document

    @property
    def computed_on(self) -> str:
        """The devices in words for a card, such as "CPU"."""
        return ", ".join(self.begun_with().get("devices", ())) or "unknown"

    @contextmanager
    def given_up_without_result(self) -> Iterator[None]:
        """Take the folder back if the work inside fails or is cancelled with nothing but config.json to show.

        The same command can then be given again once what was wrong is mended.
        """
        try:
            yield
        except (KnownError, Cancelled):
            config = self.path / CONFIG
            if [config] == list(self.path.iterdir()):
                config.unlink()
                self.path.rmdir()
            raise

    def end_unless(self, *, stopped: bool) -> None:
        """Delete the checkpoint of a run that has all its results; one that the user has stopped may go on."""
        if not stopped:
            self.checkpoint.unlink(missing_ok=True)

    def write_json(self, name: str, document: Mapping[str, Setting]) -> Path:
        return self.write_text(name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def write_text(self, name: str, text: str) -> Path:
        target = self.path / name
        # Renamed when complete: a process that is killed meanwhile leaves no half of it.
        draft = target.with_name(f"{name}.new")
        draft.write_text(text, encoding="utf-8")
        return draft.replace(target)

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


def abandoned(path: Path) -> bool:
    """Whether a run was begun in the folder and ended before there was anything to keep: it can be used again."""
    return path.is_dir() and {file.name for file in path.iterdir()} == {CONFIG}


def read_task(path: Path, *kinds: type[Any]) -> Any:
    """Return the task, of one of ``kinds``, that was begun in the run folder ``path``, to go on with it there.

    The folder may have been moved meanwhile.

    Raises NothingToResume, RunOfAnotherTraining, RunEnded.
    """
    if not (path / CONFIG).is_file():
        raise NothingToResume(folder=path)
    kept = _read_kept(path)
    named = {kind.__name__: kind for kind in kinds}
    if kept is None or kept.get("kind") not in named:
        raise RunOfAnotherTraining(folder=path, wanted=tuple(named))
    # The checkpoint goes when all results are there.
    if not (path / CHECKPOINT).is_file() and not abandoned(path):
        raise RunEnded(folder=path)
    try:
        settings = {name: _read_setting(value) for name, value in kept["settings"].items()}
        return named[kept["kind"]](**settings | {"out": path})
    except (TypeError, AttributeError, KeyError) as error:
        raise RunOfAnotherTraining(folder=path, wanted=tuple(named)) from error


def _kept(task: object) -> dict[str, Any]:
    # ``out`` is where the run is, wherever that may be later.
    settings = {f.name: getattr(task, f.name) for f in fields(task) if f.name != "out"}  # type: ignore[arg-type]
    return {
        "kind": type(task).__name__,
        "settings": {name: _written_setting(value) for name, value in settings.items()},
    }


def _read_kept(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        kept: dict[str, Any] | None = document.get("task")
    except (OSError, ValueError, AttributeError):
        return None
    return kept


def _written_setting(value: Any) -> Any:
    if isinstance(value, Path):
        # The command may be given again from another folder.
        return {"path": str(value.resolve())}
    return [_written_setting(one) for one in value] if isinstance(value, tuple) else value


def _read_setting(value: Any) -> Any:
    if isinstance(value, dict):
        return Path(value["path"])
    return tuple(_read_setting(one) for one in value) if isinstance(value, list) else value
