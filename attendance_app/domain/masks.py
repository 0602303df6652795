"""How a mask is worn, and the part of a picture that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image


class MaskState(Enum):
    """The three classes of the mask network, in its output order, and the refusal to say."""

    WITH_MASK = "with_mask"
    WITHOUT_MASK = "without_mask"
    WORN_INCORRECTLY = "mask_weared_incorrect"
    UNSURE = "unsure"


MASK_CLASSES = (MaskState.WITH_MASK, MaskState.WITHOUT_MASK, MaskState.WORN_INCORRECTLY)

PATCH_MARGIN = 1.3
"""Side of the patch that the network sees, in sides of the detector's box: chin, both cheeks and some neck."""

LEVEL_MEAN = 118.0
LEVEL_CONTRAST = 55.0
LEAST_CONTRAST = 6.0
"""Brightness and contrast (mean and standard deviation of 0 to 255) that every patch is brought to, and the
contrast below which noise would be amplified."""

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601."""


@dataclass(frozen=True, slots=True)
class MaskOpinion:
    """What the mask network says of one face; ``probabilities`` are in the order of ``MASK_CLASSES``."""

    state: MaskState
    probabilities: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class MaskRule:
    """When the network's likeliest class is said aloud: from this probability on. Otherwise: unsure."""

    least_probability: float

    def opinion(self, probabilities: Sequence[float] | NDArray[np.floating]) -> MaskOpinion:
        """Turn three probabilities into an opinion."""
        with_mask, without, incorrectly = (float(value) for value in probabilities)
        best = int(np.argmax(probabilities))
        sure = probabilities[best] >= self.least_probability
        return MaskOpinion(MASK_CLASSES[best] if sure else MaskState.UNSURE, (with_mask, without, incorrectly))

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion:
        """One opinion from those on several frames of one track: the mean of their probabilities.

        Raises ValueError if there is none.
        """
        if not opinions:
            raise ValueError("no opinion to average")
        return self.opinion(np.mean([one.probabilities for one in opinions], axis=0))


def square_patch(image: Image, box: Box, *, margin: float) -> Image:
    """Cut the square about the box's centre whose side is ``margin`` times the box's (root of its area).

    Square, so that nothing is squashed; beyond the picture its edge pixels are repeated.
    """
    height, width = image.shape[:2]
    x, y = box.center
    side = max(2, round(margin * max(1, box.area) ** 0.5))
    left, top = round(x - side / 2), round(y - side / 2)
    if left >= 0 and top >= 0 and left + side <= width and top + side <= height:
        return image[top : top + side, left : left + side]
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    patch: Image = image[rows[:, None], columns[None, :]]
    return patch


def levelled(patch: Image) -> NDArray[np.float32]:
    """Bring a patch to a fixed brightness and contrast, so that a dark room says nothing about the mask.

    Values stay within 0 to 255.
    """
    even: NDArray[np.float32] = patch.astype(np.float32)
    luma = even.reshape(-1, 3).dot(_LUMA)
    gain = np.float32(LEVEL_CONTRAST / max(float(luma.std()), LEAST_CONTRAST))
    even *= gain
    even += np.float32(LEVEL_MEAN) - luma.mean() * gain
    return np.clip(even, 0, 255, out=even)
