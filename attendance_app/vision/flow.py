"""Measures how faces have moved between two pictures: optical flow (pyramidal Lucas-Kanade) at points in their
middles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    points = _points(boxes, before.scale)
    flat = points.reshape(-1, 2)
    # OpenCV's stubs don't say that the output array may be None.
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before.grey, now.grey, flat, None, winSize=(11, 11), maxLevel=2)  # type: ignore[call-overload]
    good = found.reshape(points.shape[:2]).astype(bool)
    middle = _medians((moved - flat).reshape(points.shape) / before.scale, good)
    enough = 2 * good.sum(axis=1) >= good.shape[1]
    return [(float(dx), float(dy)) if ok else None for (dx, dy), ok in zip(middle, enough, strict=True)]


def _points(boxes: Sequence[FloatBox], scale: float, side: int = 3) -> NDArray[np.float32]:
    """``side`` x ``side`` points in the middle of each box, (boxes, side², 2), in the followed picture's pixels."""
    corners = np.array([(box.left, box.top, box.width, box.height) for box in boxes])
    # The outer quarters are left out: they show background, which does not move with the face.
    steps = np.linspace(0.25, 0.75, side)
    x = corners[:, :1] + corners[:, 2:3] * steps
    y = corners[:, 1:2] + corners[:, 3:] * steps
    points = np.stack([np.tile(x, side), np.repeat(y, side, axis=1)], axis=-1) * scale
    return points.astype(np.float32)


def _medians(shift: NDArray[np.floating[Any]], good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Median of each face's good points, (faces, 2), of ``shift`` (faces, points, 2); any number where there is none.

    The median: a point that was found in a wrong place must not drag the face along.
    """
    # Points that were not found are sorted behind all others.
    ordered = np.sort(np.where(good[..., np.newaxis], shift, np.inf), axis=1)
    last = np.maximum(good.sum(axis=1) - 1, 0)
    faces = np.arange(len(shift))
    middle: NDArray[np.float64] = (ordered[faces, last // 2] + ordered[faces, (last + 1) // 2]) / 2
    return middle
