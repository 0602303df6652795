"""Makes the pixels of a picture square, and turns it upright."""

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Image

WIDEST_PIXEL: Final = 4.0
"""A pixel further from square is a mistake in the file."""
MOST_PIXELS: Final = 80_000_000
"""A larger frame is not decoded, and stretching makes none: its RGB array would take more than 240 MB."""
NOT_TURNED: Final = (1, 0, 0, 1)
"""The display matrix (a, b, c, d) of a picture that is upright; see ``turned``."""


def square_pixels(image: Image, aspect: float) -> Image:
    """Stretch a picture whose pixels are ``aspect`` times as wide as high; it is never made smaller.

    ``image``: uint8 (height, width, channels).
    """
    height, width = image.shape[:2]
    if not (math.isfinite(aspect) and 1 / WIDEST_PIXEL <= aspect <= WIDEST_PIXEL):
        return image
    size = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
    if size == (width, height) or size[0] * size[1] > MOST_PIXELS:
        return image
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def turned(image: Image, matrix: Sequence[int]) -> Image:
    """Turn and mirror a picture as a display matrix (a, b, c, d) says: a point (x, y) goes to (ax + cy, bx + dy).

    Only the signs matter: quarter turns are all that cameras write.
    """
    a, b, c, d = matrix
    # The diagonal is empty: rows become columns first, then the signs say what is mirrored.
    if abs(b) > abs(a):
        image, a, d = image.transpose(1, 0, 2), c, b
    return image[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]
