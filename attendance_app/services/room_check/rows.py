"""Groups the faces of a picture into rows of seats."""

from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Final

from attendance_app.domain.faces import Box

ROW_DEPTH: Final = 0.9
"""How much higher in the picture than its row's mean a face may be, in median widths of the row's faces. In the
photographs of lecture halls that this was tried on, rows lie 1.2 to 2 widths above each other."""

SAME_SIZE: Final = 1.35
"""By how much the sizes of a row may differ from the first where rows can't be told by height: one row back, at
1 metre behind 3, makes a face smaller by this factor."""

LEVEL: Final = 2.0
"""Median widths within which all faces lie where the camera stands at the height of the heads."""


def is_level(boxes: Sequence[Box]) -> bool:
    """Whether near and far faces are at one height in the picture, so that front rows hide those behind."""
    if len(boxes) < 4:
        return False
    heights, widths = [box.center[1] for box in boxes], sorted(box.width for box in boxes)
    # Without far faces there is nothing to hide.
    return widths[-2] > SAME_SIZE**2 * widths[1] and max(heights) - min(heights) < LEVEL * median(widths)


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Return the indices of the boxes row by row, the nearest row first, each from left to right.

    Rows are told by their height in the picture; where that is the same for all, by the size of their faces.
    """
    if is_level(boxes):
        order = sorted(range(len(boxes)), key=lambda index: -boxes[index].width)
        rows = _split(order, lambda row, index: boxes[row[0]].width > SAME_SIZE * boxes[index].width)
    else:
        order = sorted(range(len(boxes)), key=lambda index: -boxes[index].center[1])
        rows = _split(order, lambda row, index: _above([boxes[one] for one in row], boxes[index]))
    return [sorted(row, key=lambda index: boxes[index].left) for row in rows]


def _above(row: Sequence[Box], box: Box) -> bool:
    higher = fmean(one.center[1] for one in row) - box.center[1]
    return higher > ROW_DEPTH * median(one.width for one in row)


def _split(order: Sequence[int], is_next: Callable[[list[int], int], bool]) -> list[list[int]]:
    rows: list[list[int]] = []
    for index in order:
        if not rows or is_next(rows[-1], index):
            rows.append([])
        rows[-1].append(index)
    return rows
