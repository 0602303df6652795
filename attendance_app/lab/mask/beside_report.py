"""The mask report's own figures, and a run's beside them (Markdown)."""

from collections.abc import Iterator, Sequence
from typing import Final

from attendance_app.domain.classification import ClassificationScores, MeanScores
from attendance_app.lab.runs import EpochRow, History

TEST_PICTURES: Final = 2695
"""The report's test part: 30 % of 8,982 pictures drawn at random."""
LOSS: Final = 0.1076
ACCURACY: Final = 0.9844
CONFUSION: Final = ((919, 18, 1), (6, 841, 10), (2, 5, 893))
"""A row a true class, a column a predicted one, in the order of ``MASK_CLASSES``."""
EPOCHS: Final = {
    1: (0.7446, 0.6895, 0.3866, 0.8771),
    10: (0.0816, 0.9755, 0.1340, 0.9629),
    15: (0.0405, 0.9870, 0.1007, 0.9735),
    20: (0.0217, 0.9932, 0.0807, 0.9799),
}
"""Training loss and accuracy, validation loss and accuracy."""


def same_test(scores: ClassificationScores, *, split: str) -> bool:
    """Whether a run was tested as the report was: on as many pictures, drawn at random."""
    return split == "random" and scores.count == TEST_PICTURES


def beside(history: History, scores: ClassificationScores) -> str:
    """Return a run's figures beside the report's; only for a run for which ``same_test`` holds."""
    return "\n".join([*_test(scores), "", *_confusion(scores), "", *_epochs(history.rows), ""])


def _test(scores: ClassificationScores) -> Iterator[str]:
    yield "## Beside the report"
    yield ""
    yield "| test | the report | this run |"
    yield "|---|---|---|"
    yield f"| loss | {LOSS:.4f} | {scores.loss:.4f} |"
    yield f"| accuracy | {ACCURACY:.2%} | {scores.accuracy:.2%} |"
    for one, true in zip(scores.classes, CONFUSION, strict=True):
        column = scores.classes.index(one)
        right, called = true[column], sum(row[column] for row in CONFUSION)
        yield (
            f"| {one.name}: precision, recall | {right / called:.2f}, {right / sum(true):.2f} "
            f"| {one.precision:.2f}, {one.recall:.2f} |"
        )
    macro, weighted = scores.mean(weighted=False), scores.mean(weighted=True)
    yield f"| macro average: precision, recall, F1 | 0.98, 0.98, 0.98 | {_three(macro)} |"
    yield f"| weighted average: precision, recall, F1 | 0.98, 0.98, 0.98 | {_three(weighted)} |"


def _three(mean: MeanScores) -> str:
    return f"{mean.precision:.2f}, {mean.recall:.2f}, {mean.f1:.2f}"


def _confusion(scores: ClassificationScores) -> Iterator[str]:
    names = [one.name for one in scores.classes]
    yield "| true class | the report: predicted " + ", ".join(names) + " | this run |"
    yield "|---|---|---|"
    for name, theirs, ours in zip(names, CONFUSION, scores.confusion, strict=True):
        yield f"| {name} | {_counts(theirs)} | {_counts(ours)} |"


def _counts(row: Sequence[int]) -> str:
    return ", ".join(str(count) for count in row)


def _epochs(rows: Sequence[EpochRow]) -> Iterator[str]:
    yield "| epoch: loss, accuracy, validation loss, validation accuracy | the report | this run |"
    yield "|---|---|---|"
    reached = {row.epoch: row for row in rows}
    for epoch, (loss, accuracy, val_loss, val_accuracy) in EPOCHS.items():
        row = reached.get(epoch)
        ours = (
            "not trained"
            if row is None
            else f"{row.loss:.4f}, {row.accuracy:.2%}, {row.val_loss:.4f}, {row.val_accuracy:.2%}"
        )
        yield f"| {epoch} | {loss:.4f}, {accuracy:.2%}, {val_loss:.4f}, {val_accuracy:.2%} | {ours} |"
