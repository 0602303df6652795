"""The mask report's own figures, and a run's beside them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from attendance_app.domain.classification import ClassificationScores
from attendance_app.lab.pages import Table
from attendance_app.lab.runs import EpochRow, History
from attendance_app.lab.wording import ENGLISH, Wording, spoken

TEST_PICTURES: Final = 2695
"""The report's test part: 30 % of 8,982 pictures drawn at random."""
LOSS: Final = 0.1076
ACCURACY: Final = 0.9844
MEAN: Final = 0.98
"""Macro and weighted averages of precision, recall and F1, which the report rounds to two places."""
CONFUSION: Final = ((919, 18, 1), (6, 841, 10), (2, 5, 893))
"""A row a true class, a column a predicted one, in the order of ``MASK_CLASSES``."""
EPOCHS: Final = {
    1: (0.7446, 0.6895, 0.3866, 0.8771),
    10: (0.0816, 0.9755, 0.1340, 0.9629),
    15: (0.0405, 0.9870, 0.1007, 0.9735),
    20: (0.0217, 0.9932, 0.0807, 0.9799),
}
"""Training loss and accuracy, validation loss and accuracy."""
T = TypeVar("T")


def same_test(scores: ClassificationScores, *, split: str) -> bool:
    """Whether a run was tested as the report was: on as many pictures, drawn at random."""
    return split == "random" and scores.count == TEST_PICTURES


def beside(history: History, scores: ClassificationScores, words: Wording = ENGLISH) -> tuple[Table, ...]:
    """Return a run's figures beside the report's; only for a run for which ``same_test`` holds."""
    return _test(scores, words), _classes(scores, words), _confusion(scores, words), _epochs(history.rows, words)


def _test(scores: ClassificationScores, words: Wording) -> Table:
    tr = words.tr
    rows = (
        (tr("loss", "of a network"), words.number(LOSS, 4), words.number(scores.loss, 4)),
        (tr("accuracy"), words.percent(ACCURACY, 2), words.percent(scores.accuracy, 2)),
    )
    return Table((tr("test", "of a network"), tr("the report"), tr("this run")), rows)


def _classes(scores: ClassificationScores, words: Wording) -> Table:
    tr = words.tr
    compared = [
        (spoken(one.name), _reported(column), (one.precision, one.recall, one.f1))
        for column, one in enumerate(scores.classes)
    ]
    for name, weighted in ((tr("macro average"), False), (tr("weighted average"), True)):
        mean = scores.mean(weighted=weighted)
        compared.append((name, (MEAN, MEAN, MEAN), (mean.precision, mean.recall, mean.f1)))
    heads = (tr("precision", "of a class"), tr("recall", "of a class"), "F1")
    rows = ((name, *(words.number(value, 2) for value in values)) for name, values in _side_by_side(compared, words))
    return Table((tr("class", "of pictures"), *heads), tuple(rows))


def _confusion(scores: ClassificationScores, words: Wording) -> Table:
    names = [spoken(one.name) for one in scores.classes]
    rows = (
        (name, *map(words.number, counts))
        for name, counts in _side_by_side(zip(names, CONFUSION, scores.confusion, strict=True), words)
    )
    return Table(
        (words.tr("true class"), *(words.tr("answer: {label}").format(label=name) for name in names)), tuple(rows)
    )


def _epochs(rows: Sequence[EpochRow], words: Wording) -> Table:
    tr = words.tr
    reached = {row.epoch: (row.loss, row.accuracy, row.val_loss, row.val_accuracy) for row in rows}
    compared = (
        (tr("epoch {epoch}").format(epoch=words.number(epoch)), theirs, reached.get(epoch, ()))
        for epoch, theirs in EPOCHS.items()
    )
    heads = (tr("loss", "of a network"), tr("accuracy"), tr("loss in validation"), tr("accuracy in validation"))
    lines = (
        (
            name,
            *(words.percent(value, 2) if column % 2 else words.number(value, 4) for column, value in enumerate(values)),
        )
        for name, values in _side_by_side(compared, words)
    )
    # An epoch that this run did not reach has no figures.
    filled = (line + ("–",) * (1 + len(heads) - len(line)) for line in lines)
    return Table((tr("epoch"), *heads), tuple(filled))


def _side_by_side(
    compared: Iterable[tuple[str, Sequence[T], Sequence[T]]], words: Wording
) -> Iterator[tuple[str, Sequence[T]]]:
    """Yield two lines for each of the report's lines and the run's: one value a cell can be read."""
    for name, theirs, ours in compared:
        yield words.tr("{label}: the report").format(label=name), theirs
        yield words.tr("{label}: this run").format(label=name), ours


def _reported(column: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of one class, from the report's confusion matrix."""
    right = CONFUSION[column][column]
    precision, recall = right / sum(row[column] for row in CONFUSION), right / sum(CONFUSION[column])
    return precision, recall, 2 * precision * recall / (precision + recall)
