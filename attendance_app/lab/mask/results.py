"""The files of a mask training's run folder that say how well the network does."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import ClassificationScores, score
from attendance_app.domain.errors import Cancelled
from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab import plots
from attendance_app.lab.run_page.record import Picture, TestPart
from attendance_app.lab.runs import History, RunFolder
from attendance_app.services.training_events import StageProgress, TrainingContext

NAMES = tuple(state.value for state in MASK_CLASSES)


FIT_FILE = "fit.json"


@dataclass(frozen=True, slots=True)
class Fit:
    """Which epoch's weights a run kept, and whether it was stopped before its end."""

    best_epoch: int
    stopped_early: bool


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The network's answers on one set that it has not seen: probabilities n x 3 and the truth (n)."""

    title: str
    truth: NDArray[np.intp]
    probabilities: NDArray[np.floating]

    def scores(self) -> ClassificationScores:
        """The figures of ``domain.classification``."""
        return score(self.truth, self.probabilities, NAMES)

    def for_page(self, picture: Callable[[int], Picture], files: Sequence[str]) -> TestPart:
        """The same for the run's page; ``picture`` and ``files`` as of ``TestPart``."""
        return TestPart(NAMES, self.truth, self.probabilities, picture, files)


def write_results(run: RunFolder, sets: Mapping[str, Measured]) -> None:
    """Write scores.json, and for each set its confusion matrix, calibration plot and classification report."""
    scores = {name: one.scores() for name, one in sets.items()}
    run.write_json("scores.json", {name: asdict(one) for name, one in scores.items()})
    run.write_text(
        "classification_report.txt",
        "\n".join(classification_report(sets[name].title, one) for name, one in scores.items()),
    )
    for name, one in scores.items():
        matrix = np.array(one.confusion, dtype=np.int64)
        title = sets[name].title
        plots.confusion_matrix(
            matrix, NAMES, run.path / f"confusion-{name}.png", title=f"{title}: accuracy {one.accuracy:.4f}"
        )
        answers = sets[name].probabilities.argmax(axis=1)
        plots.reliability(
            np.asarray(sets[name].probabilities.max(axis=1), dtype=np.float64),
            answers == sets[name].truth,
            run.path / f"calibration-{name}.png",
            title=f"{title}: calibration error {one.calibration_error:.3f}",
        )


def classification_report(title: str, scores: ClassificationScores) -> str:
    """Precision, recall and F1 a class as lines of text."""
    lines = [title, f"{'':24}{'precision':>10}{'recall':>10}{'f1':>10}{'pictures':>10}"]
    lines += [
        f"{one.name:24}{one.precision:10.4f}{one.recall:10.4f}{one.f1:10.4f}{one.count:10d}" for one in scores.classes
    ]
    for name, weighted in (("macro average", False), ("weighted average", True)):
        mean = scores.mean(weighted=weighted)
        lines.append(f"{name:24}{mean.precision:10.4f}{mean.recall:10.4f}{mean.f1:10.4f}{scores.count:10d}")
    lines += [
        f"{'loss (cross-entropy)':24}{scores.loss:10.4f}",
        f"{'accuracy':24}{scores.accuracy:10.4f}",
        f"{'balanced accuracy':24}{scores.balanced_accuracy:10.4f}",
        f"{'calibration error':24}{scores.calibration_error:10.4f}",
    ]
    return "\n".join(lines) + "\n"


def write_split(run: RunFolder, parts: Mapping[str, Sequence[Path]], root: Path) -> None:
    """Write split.csv: which picture (below ``root``) was in which part."""
    with (run.path / "split.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(["file", "part"])
        for part, files in parts.items():
            writer.writerows([path.relative_to(root).as_posix(), part] for path in files)


def stage(context: TrainingContext, name: str) -> Callable[[int, int], None]:
    """Report the steps of a stage; raises Cancelled at the next step once a stop is asked for."""

    def report(done: int, total: int) -> None:
        if context.stop_requested():
            raise Cancelled
        context.report(StageProgress(name, done, total))

    return report


def write_fit(run: RunFolder, history: History) -> None:
    """Write history.csv and which epoch was kept. Raises Cancelled if the fit was stopped within its first epoch."""
    # Stopped within the first epoch: weights that have seen part of the pictures once are nothing to keep.
    if history.stopped_early and len(history.rows) <= 1:
        raise Cancelled
    run.write_history(history)
    run.write_json(FIT_FILE, {"best_epoch": history.best_epoch, "stopped_early": history.stopped_early})


def read_fit(folder: Path) -> Fit:
    """What ``write_fit`` wrote."""
    document = json.loads((folder / FIT_FILE).read_text(encoding="utf-8"))
    return Fit(best_epoch=int(document["best_epoch"]), stopped_early=bool(document["stopped_early"]))
