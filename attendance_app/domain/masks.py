"""How a mask is worn, and the probability from which a class is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class MaskState(Enum):
    """The three classes of the mask network, in its output order, and "unsure"."""

    # The names of the data set's folders. The register stores them too, so they can't be changed alone.
    WITH_MASK = "with_mask"
    WITHOUT_MASK = "without_mask"
    WORN_INCORRECTLY = "mask_weared_incorrect"
    UNSURE = "unsure"


MASK_CLASSES = (MaskState.WITH_MASK, MaskState.WITHOUT_MASK, MaskState.WORN_INCORRECTLY)
"""The columns of the network's output."""


@dataclass(frozen=True, slots=True)
class MaskOpinion:
    """The mask network's result for one face; ``probabilities`` are in the order of ``MASK_CLASSES``."""

    state: MaskState
    probabilities: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class MaskRule:
    """The probability from which the network's most likely class is reported. Below it the state is UNSURE."""

    least_probability: float

    def opinion(self, probabilities: "Sequence[float] | NDArray[np.floating]") -> MaskOpinion:
        """Return the result for three probabilities in the order of ``MASK_CLASSES``."""
        with_mask, without, incorrectly = (float(value) for value in probabilities)
        best = max(range(len(probabilities)), key=lambda place: probabilities[place])
        sure = probabilities[best] >= self.least_probability
        return MaskOpinion(MASK_CLASSES[best] if sure else MaskState.UNSURE, (with_mask, without, incorrectly))

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion:
        """Return one result for several frames of one track: from the mean of their probabilities.

        Raises ValueError if there is none.
        """
        if not opinions:
            raise ValueError("no opinion to average")
        each = zip(*(one.probabilities for one in opinions), strict=True)
        return self.opinion([sum(shares) / len(opinions) for shares in each])
