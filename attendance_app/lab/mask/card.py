"""The card of a trained mask network: what it is and what it reached."""

from collections.abc import Mapping
from pathlib import Path

from attendance_app.domain.classification import ClassificationScores
from attendance_app.lab.runs import History, RunFolder
from attendance_app.networks.own import CARD

NETWORK_FILE = "mask.onnx"


def write_mask_card(
    run: RunFolder, about: str, *, history: History, scores: Mapping[str, ClassificationScores], more: str = ""
) -> Path:
    """Write the card of this run beside its network; ``scores`` by the title of the set, ``more`` at its end."""
    stopped = ", the best before the training was stopped early" if history.stopped_early else ""
    lines = [
        "# Mask network of this run",
        "",
        about,
        f"The weights are those of epoch {history.best_epoch}{stopped}. Computed on: {run.computed_on}.",
        "",
        "| tested on | pictures | loss | accuracy | balanced accuracy | calibration error |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {title} | {one.count} | {one.loss:.4f} | {one.accuracy:.4f} | {one.balanced_accuracy:.4f} "
        f"| {one.calibration_error:.4f} |"
        for title, one in scores.items()
    ]
    return run.write_text(CARD, "\n".join([*lines, "", more] if more else [*lines, ""]))
