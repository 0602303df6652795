"""The identity network's input: the same function prepares it for training and for use.

A chip is dlib's: 150 x 150 RGB with the eyes level. The network gets the middle 126 pixels, scaled to 64 x 64.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

CHIP: Final = 150
SEEN: Final = 126
"""Pixels of a chip's side that the network gets; the rest is mostly background."""
SIDE: Final = 64
"""The network's input, pixels a side."""

GREY_SHAPE: Final = (125, 94, 1)
"""The identity report's input: the part of LFW's pictures that scikit-learn keeps, grey from 0 to 1."""
_GREY_ROWS, _GREY_COLUMNS = (-12, 158), (10, 138)
"""Of a chip: the same part of a face. On 63 of LFW's pictures the eyes' outer corners are 54 pixels apart and 43 below
the upper edge of that part; on a chip they are 74 apart, in row 46. Rows beyond the chip repeat its edge."""

# Files in ``models/``: the network, the PLDA of its embeddings, and the card of both.
NETWORK: Final = "identity-cnn-v1.onnx"
PARAMETERS: Final = "identity-plda-v1.npz"
CARD: Final = "identity-cnn-v1.md"

Chips = NDArray[np.uint8]


def network_view(chips: Chips, *, margin: int = 0) -> Chips:
    """Return chips (n, 150, 150, 3) as the network sees them: (n, 64 + 2 margin, 64 + 2 margin, 3), RGB, uint8.

    ``margin``: pixels more on each side at the same scale, within which training shifts its views.
    """
    import cv2

    side = SIDE + 2 * margin
    half = SEEN / 2 * side / SIDE
    low, high = round(CHIP / 2 - half), round(CHIP / 2 + half)
    views = np.empty((len(chips), side, side, 3), np.uint8)
    for view, chip in zip(views, chips, strict=True):
        view[:] = cv2.resize(chip[low:high, low:high], (side, side), interpolation=cv2.INTER_AREA)
    return views


def grey_view(chips: Chips) -> NDArray[np.float32]:
    """Return chips (n, 150, 150, 3) as the identity report's networks see faces: (n, 125, 94, 1), 0 to 1."""
    import cv2

    height, width, _ = GREY_SHAPE
    above, below = -_GREY_ROWS[0], _GREY_ROWS[1] - CHIP
    views = np.empty((len(chips), *GREY_SHAPE), np.float32)
    for view, chip in zip(views, chips, strict=True):
        part = cv2.copyMakeBorder(chip[:, slice(*_GREY_COLUMNS)], above, below, 0, 0, cv2.BORDER_REPLICATE)
        small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
        # The plain mean of the colours, as the report's pictures are made.
        view[:, :, 0] = small.mean(axis=2) / 255
    return views
