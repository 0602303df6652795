"""What a backbone's run folder says of it: the report's split with its plots, and the card."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.identity import IdentityClassifier, IdentityEmbedder, fit_head
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.identity.cut_faces import CutFaces
from attendance_app.lab.runs import RunFolder
from attendance_app.networks.identity_input import NETWORK, PARAMETERS


@dataclass(frozen=True, slots=True, eq=False)
class ReportSplit:
    """The 19-people set's pictures to learn from, as embeddings with their files, and its test faces."""

    learnt: NDArray[np.float32]
    learnt_files: tuple[Path, ...]
    test: CutFaces


def write_report_split(
    run: RunFolder, split: ReportSplit, embedder: IdentityEmbedder, parameters: PldaParameters
) -> float:
    """Name the test faces by a head of the others; write confusion matrix and report, return the accuracy."""
    from sklearn.metrics import classification_report, confusion_matrix

    from attendance_app.lab import plots

    names, owners = np.unique([file.parent.name for file in split.learnt_files], return_inverse=True)
    head = fit_head(split.learnt, owners.astype(np.intp), student_ids=tuple(range(len(names))), parameters=parameters)
    answers = IdentityClassifier(head, parameters).posterior(embedder.embed(split.test.chips))
    # Without the last column, which is the stranger: the report's set has none.
    predicted = answers[:, :-1].argmax(axis=1)
    truth = np.searchsorted(names, [file.parent.name for file in split.test.files])
    labels = list(range(len(names)))
    text = classification_report(truth, predicted, labels=labels, target_names=list(names), zero_division=0)
    run.write_text("classification_report.txt", text)
    accuracy = float((predicted == truth).mean())
    title = f"Identity network, the report's split: test accuracy {accuracy:.4f}"
    matrix = confusion_matrix(truth, predicted, labels=labels)
    plots.confusion_matrix(matrix, list(names), run.path / "confusion.png", title=title)
    return accuracy


def stopped_early(run: Path) -> bool:
    """Whether the user ended the backbone's training before its last epoch."""
    return bool(json.loads((run / "backbone.json").read_text(encoding="utf-8"))["stopped_early"])


def write_identity_card(run: RunFolder, *, accuracy: float | None) -> Path:
    """Write card.md from what the run has measured."""
    measured = json.loads((run.path / "backbone.json").read_text(encoding="utf-8"))
    explained = 1 - measured["unseen_squared_distance"] / measured["unseen_spread"]
    split = "" if accuracy is None else f"| the report's split, test accuracy | {accuracy:.4f} |\n"
    return run.write_text(
        "card.md",
        f"""# Identity network, ours

| | |
|---|---|
{split}| pictures learnt from (half of them made) | {measured["pictures"]} |
| pictures of people it has not seen, which chose the best epoch | {measured["unseen_pictures"]} |
| squared distance to the teacher's encoding on those | {measured["unseen_squared_distance"]:.4f} |
| share of the teacher's variance that it explains on those | {explained:.3f} |
| best epoch | {measured["best_epoch"]} of {measured["epochs"]} |

Distilled from dlib's face encoder: it learnt to give the same 128 numbers. {NETWORK} takes the middle of a face chip,
64 x 64 RGB, 0 to 255; {PARAMETERS} makes calibrated probabilities of its embeddings. config.json has seed and versions;
measure it with `attendance evaluate identity`.
""",
    )
