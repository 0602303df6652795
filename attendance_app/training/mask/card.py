"""The card of a trained mask network: what it is, what it reached, what it can't do."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attendance_app.domain.classification import ClassificationScores
from attendance_app.training.mask.calibration import Calibration
from attendance_app.training.runs import RunFolder

NETWORK_FILE = "mask.onnx"
CARD_FILE = "mask.md"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card states of one run. ``scores``: by the title of the set."""

    seed: int
    calibration: Calibration
    scores: Mapping[str, ClassificationScores]


def write_card(run: RunFolder, facts: CardFacts) -> Path:
    """Write the card of this run beside its network."""
    lines = [
        "# Mask network of this run",
        "",
        f"Seed {facts.seed}; answers divided by the temperature {facts.calibration.temperature:.3f}; "
        f"below a probability of {facts.calibration.least_probability:.2f} it says that it is unsure.",
        "",
        "| tested on | pictures | accuracy | balanced accuracy | calibration error |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {title} | {one.count} | {one.accuracy:.4f} | {one.balanced_accuracy:.4f} | {one.calibration_error:.4f} |"
        for title, one in facts.scores.items()
    ]
    lines += ["", "Faces of the test parts come from photographs and source groups that the training has not seen.", ""]
    return run.write_text(CARD_FILE, "\n".join(lines))
