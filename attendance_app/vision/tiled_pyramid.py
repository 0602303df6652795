"""One picture at many sizes, laid out in one larger picture, as dlib's CNN detector wants it.

Layout and resizing are those of dlib 20 (``compute_tiled_image_pyramid_details`` in image_transforms/image_pyramid.h,
``input_rgb_image_pyramid`` in dnn/input.h, ``resize_image`` for float pictures in image_transforms/interpolation.h),
down to the float32 positions that its SIMD loop adds up: equal positions make equal confidences.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image

# dlib's numbers: each level has 5/6 of the one before (pyramid_down<6>), with gaps between levels and around all.
LEVEL_RATE = 5.0 / 6
PADDING = 10
OUTER_PADDING = 11
_MIN_HEIGHT = 5
"""dlib adds no level that is lower."""
_SIMD = 4
"""Numbers that dlib's loop works on at once."""


@dataclass(frozen=True, slots=True)
class TiledPyramid:
    """Where each level lies. A Box here has dlib's numbers: right and bottom are the last column and row inside."""

    rows: int
    columns: int
    levels: tuple[Box, ...]

    def level_of(self, x: int, y: int) -> int:
        """The level that has the point, or else the nearest one."""
        distances = [_distance(box, x, y) for box in self.levels]
        return distances.index(min(distances))

    def to_picture(self, level: int, x: float, y: float) -> tuple[float, float]:
        """A point of the layout as a point of the picture."""
        x, y = x - self.levels[level].left, y - self.levels[level].top
        for _ in range(level):
            # dlib's pyramid_down<6>::point_up, once a level.
            x, y = x * 1.2 + 0.3, y * 1.2 + 0.3
        return x, y


def _distance(box: Box, x: int, y: int) -> float:
    dx = max(box.left - x, 0, x - box.right)
    dy = max(box.top - y, 0, y - box.bottom)
    return math.hypot(dx, dy)


def _sizes(height: int, width: int) -> list[tuple[int, int]]:
    sizes = [(height, width)]
    while True:
        height, width = math.floor(LEVEL_RATE * height), math.floor(LEVEL_RATE * width)
        if height * width == 0 or height < _MIN_HEIGHT:
            return sizes
        sizes.append((height, width))


def _layout_height(sizes: list[tuple[int, int]]) -> int:
    """Height of the first column: down to where the next level fits beside the last one on the way back up."""
    first_height, first_width = sizes[0]
    total = sum(height + PADDING for height, _ in sizes) - 2 * PADDING
    at, before = 0, 0
    for height, width in sizes:
        fits_beside = width <= first_width - before - PADDING
        if fits_beside and (at - first_height) * 2 >= total - first_height:
            break
        at += height + PADDING
        before = width
    return at - PADDING


def plan_tiles(height: int, width: int) -> TiledPyramid:
    """Lay out the pyramid of a picture of that size."""
    sizes = _sizes(height, width)
    column = _layout_height(sizes)
    levels: list[Box] = []
    y = OUTER_PADDING
    for rows, columns in sizes:
        if y >= column + OUTER_PADDING:
            break
        levels.append(Box(OUTER_PADDING, y, OUTER_PADDING + columns - 1, y + rows - 1))
        y += rows + PADDING
    y -= PADDING
    right = OUTER_PADDING + width - 1
    for rows, columns in sizes[len(levels) :]:
        box = Box(right - columns + 1, y - rows, right, y - 1)
        if box.top <= levels[0].bottom:
            break
        levels.append(box)
        y -= rows + PADDING
    return TiledPyramid(column + 2 * OUTER_PADDING, width + 2 * OUTER_PADDING, tuple(levels))


def _columns(source: int, target: int) -> NDArray[np.float32]:
    """Positions of ``target`` pixels in a row of ``source``, as dlib's SIMD loop and its tail add them up."""
    # First and last pixel of source and target lie on one another, as in dlib.
    scale = (source - 1) / max(target - 1, 1)
    steps = target // _SIMD + 1
    x = np.empty((steps, _SIMD), dtype=np.float32)
    start = np.array([-_SIMD * scale + i * scale for i in range(_SIMD)], dtype=np.float32)
    x[0] = start + np.float32(_SIMD * scale)
    x[1:] = np.float32(_SIMD * scale)
    x = np.add.accumulate(x, axis=0, dtype=np.float32)
    stops = np.flatnonzero(np.trunc(x[:, -1]) + 1 >= source)
    whole = int(stops[0]) * _SIMD if stops.size else steps * _SIMD
    tail = np.arange(whole, target) * scale
    return np.concatenate([x.ravel()[:whole], tail.astype(np.float32)])[:target]


def _rows(source: int, target: int) -> NDArray[np.float32]:
    scale = (source - 1) / max(target - 1, 1)
    steps = np.full(target, scale)
    steps[0] = 0.0
    return np.add.accumulate(steps).astype(np.float32)


class PyramidPainter:
    """Lays out pictures' pyramids. Keeps its arrays for the next picture of that size: one thread at a time."""

    def __init__(self, means: tuple[float, float, float]) -> None:
        values = np.arange(256, dtype=np.float32)[:, None] - np.array(means, dtype=np.float32)
        self._values = (values * np.float32(1 / 256)).reshape(1, 256, 3)
        self._size = (0, 0)

    def _resize(self, height: int, width: int) -> None:
        self._size = (height, width)
        self._plan = plan = plan_tiles(height, width)
        self._tiles = np.zeros((plan.rows, plan.columns, 3), dtype=np.float32)
        self._views = [self._tiles[b.top : b.bottom + 1, b.left : b.right + 1] for b in plan.levels]
        self._maps = []
        for source, target in itertools.pairwise(plan.levels):
            x = _columns(source.width + 1, target.width + 1)
            y = _rows(source.height + 1, target.height + 1)
            self._maps.append((np.repeat(x[None], y.size, axis=0), np.repeat(y[:, None], x.size, axis=1)))

    def paint(self, image: Image) -> tuple[TiledPyramid, NDArray[np.float32]]:
        """Lay out the pyramid of an RGB picture; return the plan and float32 (rows, columns, 3).

        Values are (pixel - means) / 256, the gaps between levels 0. The next call overwrites the array.
        """
        import cv2

        height, width = image.shape[:2]
        if (height, width) != self._size:
            self._resize(height, width)
        cv2.LUT(image, self._values, dst=self._views[0])
        for source, target, (x, y) in zip(self._views[:-1], self._views[1:], self._maps, strict=True):
            cv2.remap(source, x, y, cv2.INTER_LINEAR, dst=target, borderMode=cv2.BORDER_REPLICATE)
        return self._plan, self._tiles
