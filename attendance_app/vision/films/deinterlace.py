"""Makes one picture of two half pictures (fields) that were taken one after the other.

An interlaced picture has the even lines of one moment and the odd lines of the next. Edges of moving things become
combs, and no face is found in them. Combed places get their odd lines from the even lines around them; places at rest
keep every line.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image

COMB: Final = 12
"""A line that differs from both its neighbours by this many grey levels, in the same direction, is part of a comb."""
COMB_HEIGHT: Final = 5
"""A comb has at least this many such lines, alternately brighter and darker; a thin bright line in the room is one
line only."""
REACH: Final = (9, 9)
"""Lines and columns around a comb that are repaired with it, the comb in the middle."""
COMBED_SHARE: Final = 0.0015
"""A picture of which this share is combs is interlaced; pictures of a camera at rest have next to none."""
LOOK_AT_FIRST: Final = 50
LOOK_EVERY: Final = 5
SURE_AFTER: Final = 3
"""How many pictures are all checked at first, which ones later, and how many combed ones make every picture treated."""


class Deinterlacer:
    """For pictures without an interlacing flag: checks for combs, and after the first combed picture treats every one.

    Recorders and capture cards often write interlaced pictures without the flag.
    """

    def __init__(self) -> None:
        self._seen = 0
        """Pictures so far."""
        self._combed = 0
        """Pictures that were combed, up to SURE_AFTER."""

    def treated(self, image: Image) -> Image:
        """Return the picture (RGB) without combs. Every picture is checked at first, later every LOOK_EVERY-th."""
        if self._combed >= SURE_AFTER:
            return deinterlaced(image)
        look = self._seen < LOOK_AT_FIRST or self._seen % LOOK_EVERY == 0
        self._seen += 1
        if not look or not is_combed(image):
            return image
        self._combed += 1
        return deinterlaced(image)


def deinterlaced(image: Image) -> Image:
    """Return the picture (RGB) of the even lines' moment, a copy. One without combs is returned as it is."""
    # Green makes up most of a picture's brightness, and taking it costs no conversion.
    combs = combed(image[:, :, 1])
    if not combs.any():
        return image
    near = cv2.dilate(combs, np.ones(REACH, np.uint8))[1::2]
    above = image[0::2][: len(near)]
    # The last odd line may have no even line below it: the one above stands for both.
    below = np.concatenate([image[2::2], image[-2:-1]])[: len(near)]
    result = image.copy()
    result[1::2] = cv2.copyTo(cv2.addWeighted(above, 0.5, below, 0.5, 0), near, result[1::2].copy())
    return result


def is_combed(image: Image) -> bool:
    """Whether a picture is interlaced, judged by itself; every fourth column is looked at."""
    return float(combed(image[:, ::4, 1]).mean()) >= COMBED_SHARE * 255


def combed(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where combs are: uint8 (height, width) like ``grey``, 255 in a comb, else 0.

    A comb is COMB_HEIGHT lines in a row that are alternately brighter and darker than both their neighbours.
    """
    grey = np.ascontiguousarray(grey)
    found = np.zeros(grey.shape, np.uint8)
    if len(grey) < COMB_HEIGHT + 2:
        return found
    before, line, after = grey[:-2], grey[1:-1], grey[2:]
    higher = _above_comb(cv2.subtract(line, cv2.max(before, after)))
    lower = _above_comb(cv2.subtract(cv2.min(before, after), line))
    alternate = (higher[:-1] & lower[1:]) | (lower[:-1] & higher[1:])
    count = len(alternate) - COMB_HEIGHT + 2
    runs = alternate[:count].copy()
    for offset in range(1, COMB_HEIGHT - 1):
        runs &= alternate[offset : offset + count]
    for offset in range(1, COMB_HEIGHT + 1):
        found[offset : offset + count] |= runs
    return found


def _above_comb(difference: cv2.typing.MatLike) -> NDArray[np.uint8]:
    return np.asarray(cv2.threshold(difference, COMB, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
