"""Measures how faces have moved between two pictures: optical flow (pyramidal Lucas-Kanade) at points in their
middles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import FloatBox, Image

FLOW_WIDTH = 960
"""Frames are shrunk to at most this width for the flow."""

WINDOW, SMALL_WINDOW = 11, 7
"""Pixels a side of what is compared about a point."""
SMALL = 22
"""Width of a box, in the shrunk picture's pixels, below which a window of 11 reaches the background, which does not
move with the face: over seven pictures such a box was left 1 to 6 of 21 pixels behind, with 7 at most 2."""

Shift = tuple[float, float]
"""To the right and down, in the frame's pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowPicture:
    """A frame prepared for the flow: grey, and smaller than the frame by ``scale``."""

    grey: NDArray[np.uint8]
    scale: float


def flow_picture(image: Image) -> FlowPicture:
    """Prepare a frame (RGB) for ``shifts``: grey, uint8, at most ``FLOW_WIDTH`` pixels wide."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    # By a whole number, and after the colours are gone: 1.6 ms for 1920x1080, where another ratio in colour took 6.
    times = math.ceil(image.shape[1] / FLOW_WIDTH)
    if times == 1:
        return FlowPicture(grey, 1.0)
    height, width = image.shape[0] // times * times, image.shape[1] // times * times
    # The last few rows and columns are left out, so that the scale is the same in both directions.
    small = cv2.resize(grey[:height, :width], (width // times, height // times), interpolation=cv2.INTER_AREA)
    return FlowPicture(np.asarray(small, dtype=np.uint8), 1 / times)


def shifts(before: FlowPicture, now: FlowPicture, boxes: Sequence[FloatBox]) -> list[Shift | None]:
    """Return how far each face of ``before`` has moved; None where fewer than half of its points are found again.

    ``boxes`` and the result are in the frame's pixels, not in those of the smaller pictures.
    """
    if not boxes or before.grey.shape != now.grey.shape:
        return [None] * len(boxes)
    small = np.array([box.width * before.scale < SMALL for box in boxes])
    result: list[Shift | None] = [None] * len(boxes)
    for chosen, window in ((small, SMALL_WINDOW), (~small, WINDOW)):
        places = np.flatnonzero(chosen).tolist()
        if places:
            for place, shift in zip(
                places, _moved(before, now, [boxes[place] for place in places], window), strict=True
            ):
                result[place] = shift
    return result


def _moved(before: FlowPicture, now: FlowPicture, boxes: Sequence[FloatBox], window: int) -> list[Shift | None]:
    points = _points(boxes, before.scale)
    flat = points.reshape(-1, 2)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
        # OpenCV's stubs don't say that the output array may be None.
        before.grey,
        now.grey,
        flat,
        None,
        winSize=(window, window),
        maxLevel=2,
    )
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
