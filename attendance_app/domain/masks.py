"""How a mask is worn."""

from dataclasses import dataclass
from enum import Enum


class MaskState(Enum):
    """The three classes of the mask network, in its output order, and the refusal to say."""

    WITH_MASK = "with_mask"
    WITHOUT_MASK = "without_mask"
    WORN_INCORRECTLY = "mask_weared_incorrect"
    UNSURE = "unsure"


MASK_CLASSES = (MaskState.WITH_MASK, MaskState.WITHOUT_MASK, MaskState.WORN_INCORRECTLY)


@dataclass(frozen=True, slots=True)
class MaskOpinion:
    """What the mask network says of one face; ``probabilities`` are in the order of ``MASK_CLASSES``."""

    state: MaskState
    probabilities: tuple[float, float, float]
