"""The probability below which a mask network says that it is unsure."""

import numpy as np
from numpy.typing import NDArray

UNSURE_ERRORS = 0.03
"""The threshold of "unsure" is the lowest under which at most this share of the validation answers is wrong."""
LEAST, MOST = 0.45, 0.75


def unsure_threshold(probabilities: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """The lowest probability from which on at most UNSURE_ERRORS of the answers are wrong, within LEAST and MOST."""
    best, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    for least in np.arange(LEAST, MOST, 0.01).tolist():
        said = best >= least
        if not said.any() or (~right[said]).mean() <= UNSURE_ERRORS:
            return float(least)
    return MOST
