"""The mask network's input: the same functions prepare it for training and for use."""

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image

FACTS = ("margin", "temperature", "least_probability", "seed")
"""What a mask network's file says of itself: how its faces are cut, its calibration, and the seed of its split."""
PREPARATION = "preparation"
"""A further fact: how a face is prepared. Without it the face is a levelled square."""
SQUASHED = "squashed box"
"""The mask report's preparation: the box itself, whatever its shape, its light as it is."""
ANSWERS = "answers"
"""A further fact: what the network answers. Without it, logits."""
PROBABILITIES = "probabilities"

PATCH_MARGIN = 1.3
"""Side of the patch that the network gets, in sides of the detector's box: chin, both cheeks and some neck."""

LEVEL_MEAN = 118.0
LEVEL_CONTRAST = 55.0
LEAST_CONTRAST = 6.0
"""Brightness and contrast (mean and standard deviation of 0 to 255) that every patch is brought to, and the
contrast below which noise would be amplified."""

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601."""


def square_patch(image: Image, box: Box, *, margin: float) -> Image:
    """Cut the square about the box's centre whose side is ``margin`` times the box's (root of its area).

    A square, so that the face is not distorted; beyond the picture its edge pixels are repeated.
    """
    height, width = image.shape[:2]
    x, y = box.center
    side = max(2, round(margin * max(1, box.area) ** 0.5))
    left, top = round(x - side / 2), round(y - side / 2)
    if left >= 0 and top >= 0 and left + side <= width and top + side <= height:
        # Nearly all patches: a view, without copying.
        return image[top : top + side, left : left + side]
    # An index beyond an edge becomes the edge's: its pixels are repeated.
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    patch: Image = image[rows[:, None], columns[None, :]]
    return patch


def box_patch(image: Image, box: Box, *, margin: float) -> Image:
    """Cut the box itself, ``margin`` times as large, as far as it is in the picture; at least one pixel."""
    height, width = image.shape[:2]
    x, y = box.center
    half_width, half_height = margin * box.width / 2, margin * box.height / 2
    left, top = min(width - 1, max(0, round(x - half_width))), min(height - 1, max(0, round(y - half_height)))
    right, bottom = max(left + 1, min(width, round(x + half_width))), max(top + 1, min(height, round(y + half_height)))
    patch: Image = image[top:bottom, left:right]
    return patch


def normalise_light(patch: Image) -> NDArray[np.float32]:
    """Scale a patch (side x side x 3, RGB) to a fixed brightness and contrast: the room's light has no influence then.

    Returns float32 of the same shape, within 0 to 255.
    """
    even: NDArray[np.float32] = patch.astype(np.float32)
    luma = even.reshape(-1, 3).dot(_LUMA)
    gain = np.float32(LEVEL_CONTRAST / max(float(luma.std()), LEAST_CONTRAST))
    # (x - mean) gain + LEVEL_MEAN, in place. One gain for all channels keeps the colours.
    even *= gain
    even += np.float32(LEVEL_MEAN) - luma.mean() * gain
    return np.clip(even, 0, 255, out=even)
