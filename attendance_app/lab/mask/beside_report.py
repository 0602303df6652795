"""The mask report's own figures, and a run's beside them."""

from collections.abc import Sequence
from typing import Final

from attendance_app.domain.classification import ClassificationScores, MeanScores
from attendance_app.lab.pages import Table
from attendance_app.lab.runs import EpochRow, History
from attendance_app.lab.wording import ENGLISH, Wording, spoken

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


def beside(history: History, scores: ClassificationScores, words: Wording = ENGLISH) -> tuple[Table, ...]:
    """Return a run's figures beside the report's; only for a run for which ``same_test`` holds."""
    return _test(scores, words), _confusion(scores, words), _epochs(history.rows, words)


def _test(scores: ClassificationScores, words: Wording) -> Table:
    tr = words.tr

    def three(mean: MeanScores) -> str:
        return "; ".join(words.number(value, 2) for value in (mean.precision, mean.recall, mean.f1))

    rows = [
        (tr("loss", "of a network"), words.number(LOSS, 4), words.number(scores.loss, 4)),
        (tr("accuracy"), words.percent(ACCURACY, 2), words.percent(scores.accuracy, 2)),
    ]
    for column, (one, true) in enumerate(zip(scores.classes, CONFUSION, strict=True)):
        right, called = true[column], sum(row[column] for row in CONFUSION)
        theirs, ours = (
            "; ".join(words.number(value, 2) for value in pair)
            for pair in ((right / called, right / sum(true)), (one.precision, one.recall))
        )
        rows.append((tr("{label}: precision; recall").format(label=spoken(one.name)), theirs, ours))
    reported = MeanScores(0.98, 0.98, 0.98)
    macro, weighted = scores.mean(weighted=False), scores.mean(weighted=True)
    rows.append((tr("macro average: precision; recall; F1"), three(reported), three(macro)))
    rows.append((tr("weighted average: precision; recall; F1"), three(reported), three(weighted)))
    return Table((tr("test", "of a network"), tr("the report"), tr("this run")), tuple(rows))


def _confusion(scores: ClassificationScores, words: Wording) -> Table:
    names = [spoken(one.name) for one in scores.classes]
    answers = words.tr("the report, answered {labels}").format(labels="; ".join(names))

    def counts(row: Sequence[int]) -> str:
        return "; ".join(map(words.number, row))

    rows = (
        (name, counts(theirs), counts(ours))
        for name, theirs, ours in zip(names, CONFUSION, scores.confusion, strict=True)
    )
    return Table((words.tr("true class"), answers, words.tr("this run")), tuple(rows))


def _epochs(rows: Sequence[EpochRow], words: Wording) -> Table:
    tr, reached = words.tr, {row.epoch: row for row in rows}

    def figures(loss: float, accuracy: float, val_loss: float, val_accuracy: float) -> str:
        return "; ".join(
            (
                words.number(loss, 4),
                words.percent(accuracy, 2),
                words.number(val_loss, 4),
                words.percent(val_accuracy, 2),
            )
        )

    def ours(row: EpochRow | None) -> str:
        return figures(row.loss, row.accuracy, row.val_loss, row.val_accuracy) if row else tr("not trained", "epoch")

    head = tr("epoch: loss; accuracy; loss and accuracy in validation")
    lines = ((words.number(epoch), figures(*theirs), ours(reached.get(epoch))) for epoch, theirs in EPOCHS.items())
    return Table((head, tr("the report"), tr("this run")), tuple(lines))
