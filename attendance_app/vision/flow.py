"""Measures how faces have moved between two pictures: optical flow (pyramidal Lucas-Kanade) at points in their
middles."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import FloatBox, Image

FLOW_WIDTH = 640
"""Frames are scaled to this width for the flow: enough for a 20-pixel face, and 6 ms for a 1920x1080 frame."""

Shift = tuple[float, float]
"""To the right and down, in the frame's pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowPicture:
    """A frame prepared for the flow: grey, and smaller than the frame by ``scale``."""

    grey: NDArray[np.uint8]
    scale: float


def flow_picture(image: Image) -> FlowPicture:
    """Prepare a frame (RGB) for ``shifts``: grey, uint8, at most ``FLOW_WIDTH`` pixels wide."""
    height, width = image.shape[:2]
    scale = min(1.0, FLOW_WIDTH / width)
    size = (round(width * scale), round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return FlowPicture(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8), scale)


def shifts(before: FlowPicture, now: FlowPicture, boxes: Sequence[FloatBox]) -> list[Shift | None]:
    """Return how far each face of ``before`` has moved; None where fewer than half of its points are found again.

    ``boxes`` and the result are in the frame's pixels, not in those of the smaller pictures.
    """
    if not boxes or before.grey.shape != now.grey.shape:
        return [None] * len(boxes)
    points = np.concatenate([_grid(box, before.scale) for box in boxes]).astype(np.float32)
    # OpenCV's stubs don't say that the output array may be None.
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before.grey, now.grey, points, None, winSize=(11, 11), maxLevel=2)  # type: ignore[call-overload]
    shift = (moved - points).reshape(len(boxes), -1, 2)
    good = found.reshape(len(boxes), -1).astype(bool)
    result: list[Shift | None] = []
    for one, ok in zip(shift, good, strict=True):
        if ok.sum() * 2 < len(ok):
            result.append(None)
            continue
        # The median: a point that was found in a wrong place must not drag the face along.
        dx, dy = np.median(one[ok], axis=0) / before.scale
        result.append((float(dx), float(dy)))
    return result


def _grid(box: FloatBox, scale: float, side: int = 3) -> NDArray[np.float64]:
    """``side`` x ``side`` points in the middle of the box, (side², 2), in the followed picture's pixels."""
    # The outer quarters are left out: they show background, which does not move with the face.
    steps = np.linspace(0.25, 0.75, side)
    x = (box.left + box.width * steps) * scale
    y = (box.top + box.height * steps) * scale
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
