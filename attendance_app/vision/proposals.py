"""Faces that a network proposes, and how they are decoded from its outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAME_FACE: Final = 0.3
"""Intersection over union from which two proposals are one face (CenterFace's own figure)."""
INSIDE: Final = 0.7
"""Share of a proposal's area inside a surer one from which it is a part of that face."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """``boxes``: (n, 4), left, top, right, bottom; ``confidences``: (n,), 0 to 1; ``points``: (n, 5, 2), (x, y) of the
    eye on the picture's left, the other eye, the nose's tip, the mouth's left and right corner. Pixels of the picture;
    a pixel's middle is at .5."""

    boxes: Floats
    confidences: Floats
    points: Floats

    def __len__(self) -> int:
        return len(self.confidences)

    def taken(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Proposals":
        """Those rows, in that order."""
        return Proposals(self.boxes[rows], self.confidences[rows], self.points[rows])

    def placed(self, scale: float, left: float, top: float) -> "Proposals":
        """The same in a picture that is ``scale`` times as large and has this one's corner at (left, top)."""
        shift = np.array([left, top], dtype=np.float32)
        boxes = self.boxes * np.float32(scale) + np.tile(shift, 2)
        return Proposals(boxes, self.confidences, self.points * np.float32(scale) + shift)


NOTHING: Final = Proposals(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32))


def decoded(heatmap: Floats, sizes: Floats, offsets: Floats, points: Floats, *, cell: int, above: float) -> Proposals:
    """Turn CenterFace's outputs, (channels, rows, columns) each, into proposals surer than ``above``, surest first.

    ``cell``: pixels a side of what one point of the outputs stands for; for their units see the network's card.
    """
    row, column = np.nonzero(heatmap[0] > above)
    # The network gives the logarithm of sizes in cells, and the middle's offset within its cell.
    height, width = np.exp(sizes[:, row, column]) * cell
    down, right = offsets[:, row, column]
    middle_x, middle_y = (column + right + 0.5) * cell, (row + down + 0.5) * cell
    left, top = middle_x - width / 2, middle_y - height / 2
    found = points[:, row, column].reshape(5, 2, -1)
    # Five pairs (down, right) as shares of the box become (x, y) in pixels.
    places = np.stack([found[:, 1] * width + left, found[:, 0] * height + top], axis=-1).transpose(1, 0, 2)
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    confidences = heatmap[0, row, column]
    order = np.argsort(-confidences, kind="stable")
    # Doubles are dropped in favour of the surer one, so that the order comes first.
    result = Proposals(boxes.astype(np.float32), confidences, places.astype(np.float32)).taken(order)
    return without_doubles(result)


def joined(parts: Sequence[Proposals]) -> Proposals:
    """Proposals of several searches of one picture, each face once, surest first."""
    if not parts:
        return NOTHING
    boxes, confidences, points = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("boxes", "confidences", "points")
    )
    return without_doubles(Proposals(boxes, confidences, points).taken(np.argsort(-confidences, kind="stable")))


def without_doubles(proposals: Proposals) -> Proposals:
    """Leave out proposals that show the face of a surer one again, or a part of it; ``proposals`` come surest first."""
    left, top, right, bottom = proposals.boxes.T
    areas = (right - left) * (bottom - top)
    alive = np.ones(len(proposals), dtype=bool)
    for index in range(len(proposals)):
        if not alive[index]:
            continue
        width = np.minimum(right[index], right[index + 1 :]) - np.maximum(left[index], left[index + 1 :])
        height = np.minimum(bottom[index], bottom[index + 1 :]) - np.maximum(top[index], top[index + 1 :])
        common = np.clip(width, 0, None) * np.clip(height, 0, None)
        others = areas[index + 1 :]
        same = common >= SAME_FACE * (areas[index] + others - common)
        alive[index + 1 :] &= ~(same | (common >= INSIDE * np.minimum(areas[index], others)))
    return proposals.taken(alive)
