"""Combines two classifiers' probabilities for the same faces."""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECOND_WEIGHT = 0.5
"""Weight of the second classifier's evidence: both see the same pixels, so their errors are correlated."""


class ClassifierChoice(Enum):
    """Which classifier names the students: dlib's encodings, the in-house network, or both together.

    The values are those of the setting ``classifier`` and of the option ``--classifier``.
    """

    ENCODINGS = "encodings"
    CNN = "cnn"
    BOTH = "both"


def fuse(main: "NDArray[np.float64]", second: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Combine two posteriors, each faces x (students + 1) with rows summing to 1, into one of the same shape.

    Where both have the same most likely answer, their evidence is combined (a weighted product, normalised), and it
    becomes more certain. Where they differ, the result is the mean, which no threshold for a mark accepts: the face
    goes to review.
    """
    import numpy as np

    # A probability of 0 has no logarithm.
    logs = np.log(np.maximum(main, 1e-12)) + SECOND_WEIGHT * np.log(np.maximum(second, 1e-12))
    # The greatest becomes 1 before the sum: small products would all underflow to 0.
    product = np.exp(logs - logs.max(axis=1, keepdims=True))
    product /= product.sum(axis=1, keepdims=True)
    agree = (main.argmax(axis=1) == second.argmax(axis=1))[:, np.newaxis]
    return np.where(agree, product, (main + second) / 2)
