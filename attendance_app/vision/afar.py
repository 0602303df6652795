"""A face as it would look from afar: what a small face is compared with (docs/adr/0042)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.vision.align import CHIP_SIZE

FAR_PX = 20
"""Width of the face's box, in pixels, to which the face is brought."""
BOX_SIDE = 132.4
"""Width of dlib's box in a chip, in the chip's pixels (median of 2,900 pictures of LFW)."""


def from_afar(chips: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return chips (n, 150, 150, 3) as if their faces had been ``FAR_PX`` wide: reduced, and magnified again."""
    side = round(CHIP_SIZE * FAR_PX / BOX_SIDE)
    far = np.empty_like(chips)
    for place, chip in enumerate(chips):
        small = cv2.resize(chip, (side, side), interpolation=cv2.INTER_AREA)
        far[place] = cv2.resize(small, (CHIP_SIZE, CHIP_SIZE), interpolation=cv2.INTER_CUBIC)
    return far
