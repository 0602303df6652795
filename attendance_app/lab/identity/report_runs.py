"""The identity report's variants as training tasks, and what to say of them when they are done."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from attendance_app.lab.errors import OneFolderOnly
from attendance_app.lab.identity.report import IdentityReportTraining
from attendance_app.lab.identity.report_results import VARIANTS
from attendance_app.lab.runs import read_history

ALL = "report"


@dataclass(frozen=True, slots=True)
class ReportRecipe:
    """The report's own numbers, which the user may change."""

    epochs: int = 100
    seed: int = 42
    min_pictures: int = 40
    threads: int = 2
    as_reported: bool = False


def one_source(data: Sequence[Path]) -> Path:
    """Return the only folder; KnownError if there are several."""
    if len(data) != 1:
        raise OneFolderOnly(count=len(data))
    return data[0]


def variants_of(variant: str, data: Path, out: Path, recipe: ReportRecipe) -> tuple[IdentityReportTraining, ...]:
    """Return one task a variant: into ``out`` itself, or for all three into folders of it."""
    numbers = tuple(VARIANTS) if variant == ALL else (int(variant),)
    return tuple(
        IdentityReportTraining(
            data,
            out / f"variant-{number}" if variant == ALL else out,
            number,
            epochs=recipe.epochs,
            seed=recipe.seed,
            min_pictures=recipe.min_pictures,
            threads=recipe.threads,
            as_reported=recipe.as_reported,
        )
        for number in numbers
    )


def stopped_early(run: Path) -> bool:
    """Whether the user ended the training of this run folder before its last epoch."""
    return bool(json.loads((run / "result.json").read_text(encoding="utf-8"))["stopped_early"])


def summarise(runs: Sequence[Path], out: Path) -> list[str]:
    """Return a line a run; for several, draw their curves side by side into ``out`` as well."""
    lines = []
    for run in runs:
        result = json.loads((run / "result.json").read_text(encoding="utf-8"))
        lines.append(
            f"variant {result['variant']}: test accuracy {result['test_accuracy']:.4f} "
            f"(the report: {result['reported_test_accuracy']:.4f}), best epoch {result['best_epoch']} "
            f"of {result['epochs']}; {run}"
        )
    if len(runs) > 1:
        lines.append(f"The curves of all are in {draw_side_by_side(runs, out)}.")
    return lines


def draw_side_by_side(runs: Sequence[Path], out: Path) -> Path:
    """Draw accuracy and loss, training and validation, one column a run; return the picture's path."""
    from attendance_app.lab.plots import Column, accuracy_and_loss

    columns = []
    for run in runs:
        result = json.loads((run / "result.json").read_text(encoding="utf-8"))
        title = f"Variant {result['variant']}: test accuracy {result['test_accuracy']:.4f}"
        columns.append(Column(title, read_history(run / "history.csv"), result["best_epoch"]))
    return accuracy_and_loss(columns, out / "variants.png")
