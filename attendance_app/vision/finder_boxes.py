"""Converts a proposal to the box that dlib's detector would return, for which dlib's alignment was trained.

All lengths are in heights of the proposal's box, from its middle. Fitted on faces of LFW, 15 to 124 pixels high, that
both find (``python -m benchmarks.finder_fit``: 2,734 pairs; on 2,855 of other people the standard deviation is 4.0 % of
the side to the right, 5.3 % down and 9.1 % of the side itself, the means within 0.6 %). dlib's own boxes come in steps
of a fifth of the side, which limits the accuracy.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box
from attendance_app.vision.proposals import Proposals

RIGHT: Final = (0.615, 0.256)
"""Of the middle of the eyes, and of the mouth."""
DOWN: Final = (0.079, 0.595, 0.209)
"""Always, of the middle of the eyes, of the mouth."""
SIDE: Final = (0.329, 0.659)
"""Always, and of the box's width."""


def dlib_boxes(proposals: Proposals) -> list[Box]:
    """Return a box like dlib's for each proposal."""
    left, top, right, bottom = proposals.boxes.T.astype(np.float64)
    height = bottom - top
    across, down, side = (part * height for part in fitted(features(proposals)))
    # dlib counts whole pixels, both edges inside; the middle of pixel 3 is 3.5 to the finder.
    x, y = (left + right) / 2 + across - 0.5, (top + bottom) / 2 + down - 0.5
    corners = np.rint(np.stack([x - side / 2, y - side / 2, x + side / 2, y + side / 2], axis=1))
    return [Box(*map(int, row)) for row in corners.tolist()]


Features = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def features(proposals: Proposals) -> Features:
    """What right, down and side are fitted from: (n, 2), (n, 3), (n, 2)."""
    left, top, right, bottom = proposals.boxes.T.astype(np.float64)
    height = bottom - top
    middle = np.stack([(left + right) / 2, (top + bottom) / 2], axis=1)
    points = (proposals.points - middle[:, np.newaxis]) / height[:, np.newaxis, np.newaxis]
    # Points 0 and 1 are the eyes, 2 the nose's tip, 3 and 4 the corners of the mouth.
    eyes, mouth = points[:, :2].mean(axis=1), points[:, 3:].mean(axis=1)
    one = np.ones(len(proposals))
    return (
        np.column_stack([eyes[:, 0], mouth[:, 0]]),
        np.column_stack([one, eyes[:, 1], mouth[:, 1]]),
        np.column_stack([one, (right - left) / height]),
    )


def fitted(inputs: Features) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Right, down and side by the fit, each (n,)."""
    right, down, side = inputs
    return right @ np.array(RIGHT), down @ np.array(DOWN), side @ np.array(SIDE)
