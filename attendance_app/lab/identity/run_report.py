"""What a backbone's run folder says of it: the report's split with its plots, and the card."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.identity import IdentityClassifier, IdentityEmbedder, fit_head
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.identity.cut_faces import CutFaces
from attendance_app.lab.run_page.record import RunRecord, TestPart, Told, spread
from attendance_app.lab.run_page.writing import write_run_pages
from attendance_app.lab.runs import History, RunFolder, read_history
from attendance_app.lab.wording import Wording
from attendance_app.networks.identity_input import NETWORK, PARAMETERS, Chips, network_view
from attendance_app.networks.own import CARD

RESULT = "backbone.json"
"""In the run folder: what the fit has measured."""


@dataclass(frozen=True, slots=True, eq=False)
class ReportSplit:
    """The 19-people set's pictures to learn from, as embeddings with their files, and its test faces."""

    learnt: NDArray[np.float32]
    learnt_files: tuple[Path, ...]
    test: CutFaces


def write_report_split(
    run: RunFolder, split: ReportSplit, embedder: IdentityEmbedder, parameters: PldaParameters
) -> TestPart:
    """Name the test faces by a head of the others; write confusion matrix and report, return the answers."""
    from sklearn.metrics import classification_report, confusion_matrix

    from attendance_app.lab import plots

    names, owners = np.unique([file.parent.name for file in split.learnt_files], return_inverse=True)
    head = fit_head(split.learnt, owners.astype(np.intp), student_ids=tuple(range(len(names))), parameters=parameters)
    # Without the last column, which is the stranger: the report's set has none.
    answers = IdentityClassifier(head, parameters).posterior(embedder.embed(split.test.chips))[:, :-1]
    predicted = answers.argmax(axis=1)
    truth = np.searchsorted(names, [file.parent.name for file in split.test.files])
    labels = list(range(len(names)))
    text = classification_report(truth, predicted, labels=labels, target_names=list(names), zero_division=0)
    run.write_text("classification_report.txt", text)
    accuracy = float((predicted == truth).mean())
    title = f"Identity network, the report's split: test accuracy {accuracy:.4f}"
    matrix = confusion_matrix(truth, predicted, labels=labels)
    plots.confusion_matrix(matrix, list(names), run.path / "confusion.png", title=title)
    views = network_view(split.test.chips)
    return TestPart(tuple(map(str, names)), truth, answers, lambda index: views[index])


def write_backbone_pages(run: RunFolder, learnt: Chips, tested: TestPart | None) -> None:
    """Write the page of a run that has its history; ``learnt``: chips of the training."""
    measured = json.loads((run.path / RESULT).read_text(encoding="utf-8"))
    history = History(
        read_history(run.path / "history.csv"),
        best_epoch=measured["best_epoch"],
        stopped_early=measured["stopped_early"],
    )
    samples = network_view(learnt[spread(np.arange(len(learnt)))])
    write_run_pages(run, RunRecord(history, samples, {"report": tested} if tested else {}), _told)


def _told(words: Wording) -> Told:
    tr = words.tr
    return Told(
        tr("Identity network, ours"),
        {"report": tr("The report's split, named by what the network makes of the other pictures")},
        quantities=(tr("accuracy within a batch"), tr("squared distance to the teacher")),
    )


def stopped_early(run: Path) -> bool:
    """Whether the user ended the backbone's training before its last epoch."""
    return bool(json.loads((run / RESULT).read_text(encoding="utf-8"))["stopped_early"])


def write_identity_card(run: RunFolder, *, accuracy: float | None) -> Path:
    """Write card.md from what the run has measured."""
    measured = json.loads((run.path / RESULT).read_text(encoding="utf-8"))
    explained = 1 - measured["unseen_squared_distance"] / measured["unseen_spread"]
    split = "" if accuracy is None else f"| the report's split, test accuracy | {accuracy:.4f} |\n"
    return run.write_text(
        CARD,
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
measure it with `attendance evaluate identity`. Computed on: {run.computed_on}.
""",
    )
