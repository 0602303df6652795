"""Measures of a classifier with a few named classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CALIBRATION_BINS = 10
"""Of equal width, over probabilities from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class: the share of its predictions that are right (precision), and the share of its members that are
    found (recall)."""

    name: str
    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True, slots=True)
class MeanScores:
    """Precision, recall and F1 over all classes."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ClassificationScores:
    """Figures over one set. ``confusion``: a row a true class, a column a predicted one.

    ``loss`` is the mean cross-entropy. ``balanced_accuracy`` is the mean recall of the classes that occur.
    ``calibration_error`` is the expected calibration error in ten bins of equal width (Naeini et al. 2015).
    """

    count: int
    loss: float
    accuracy: float
    balanced_accuracy: float
    calibration_error: float
    classes: tuple[ClassScores, ...]
    confusion: tuple[tuple[int, ...], ...]

    def mean(self, *, weighted: bool) -> MeanScores:
        """Return the mean over the classes: each alike (macro), or ``weighted`` by how often it occurs."""
        weights = [one.count if weighted else 1 for one in self.classes]
        whole = sum(weights)
        return MeanScores(
            *(
                sum(weight * getattr(one, name) for weight, one in zip(weights, self.classes, strict=True)) / whole
                for name in ("precision", "recall", "f1")
            )
        )


def score(truth: NDArray[np.intp], probabilities: NDArray[np.floating], names: tuple[str, ...]) -> ClassificationScores:
    """Measure probabilities (n x classes) against true indices (n); the most likely class counts as the prediction.

    Raises ValueError for an empty set.
    """
    if not len(truth):
        raise ValueError("nothing to measure")
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((len(names), len(names)), dtype=np.int64)
    # Unlike ``confusion[truth, answers] += 1``, this counts a pair as often as it occurs.
    np.add.at(confusion, (truth, answers), 1)
    classes = tuple(_class_scores(confusion, index, name) for index, name in enumerate(names))
    right = probabilities[np.arange(len(truth)), truth].astype(np.float64)
    return ClassificationScores(
        count=len(truth),
        # As Keras does: a probability of 0 would make the mean infinite.
        loss=float(-np.log(np.clip(right, 1e-7, 1)).mean()),
        accuracy=float((answers == truth).mean()),
        # A class without members has no recall; counted as 0 it would lower the mean.
        balanced_accuracy=float(np.mean([one.recall for one in classes if one.count])),
        calibration_error=calibration_error(probabilities.max(axis=1), answers == truth),
        classes=classes,
        confusion=tuple(tuple(int(value) for value in row) for row in confusion),
    )


def _class_scores(confusion: NDArray[np.int64], index: int, name: str) -> ClassScores:
    right = float(confusion[index, index])
    # A class that is never predicted, or never occurs, has a measure of 0 instead of a division by zero.
    called, count = float(confusion[:, index].sum()), int(confusion[index].sum())
    precision = right / called if called else 0.0
    recall = right / count if count else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return ClassScores(name, precision, recall, f1, count)


def calibration_error(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Return the mean difference between confidence and share right over ten bins, weighted by their counts.

    ``confidence`` (n,): the probability of each most likely class, 0 to 1; ``right`` (n,): whether it was correct.
    """
    # A confidence of exactly 1 belongs to the last bin.
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    total = 0.0
    for index in range(CALIBRATION_BINS):
        members = bins == index
        if members.any():
            total += float(members.mean() * abs(confidence[members].mean() - right[members].mean()))
    return total


def softmax(logits: NDArray[np.floating], *, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return the probabilities (n x classes) of logits (n x classes), divided by the temperature (Guo et al. 2017)."""
    scaled = logits.astype(np.float64) / temperature
    # The greatest logit becomes 0: the exponential of a large one would overflow, and the shares stay the same.
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
