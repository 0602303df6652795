"""Draws a room check on its picture, for a file."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Image
from attendance_app.services.room_check.room import RoomCheck, label_heights
from attendance_app.vision.reach import Reach

COLOURS: Final = {Reach.SURE: (95, 206, 147), Reach.UNSURE: (236, 182, 75), Reach.OUT: (255, 108, 98)}
"""RGB. The frame's shape says the same: whole, corners alone, crossed out."""
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
FONT_SCALE: Final = 0.45


def drawn(check: RoomCheck, image: Image) -> Image:
    """Return a copy of the picture (RGB) with a frame for each face, and number and size of each row at its left."""
    picture = np.ascontiguousarray(image).copy()
    line = max(1, round(min(check.width, check.height) / 800))
    for face in check.faces:
        _frame(picture, face.box, face.reach, line)
    scale = FONT_SCALE * line
    (_, height), _ = cv2.getTextSize("0", FONT, scale, line)
    for row, at in zip(check.rows, label_heights(check.rows, 1.7 * height), strict=True):
        _label(picture, f"{row.number}: {row.size} px", round(at), COLOURS[row.reach], line)
    return picture


def _frame(picture: Image, box: Box, reach: Reach, line: int) -> None:
    corners = (box.left, box.top), (box.right, box.bottom)
    for colour, width in (((0, 0, 0), 3 * line), (COLOURS[reach], line)):
        if reach is Reach.UNSURE:
            _corners(picture, box, colour, width)
            continue
        cv2.rectangle(picture, *corners, colour, width)
        if reach is Reach.OUT:
            cv2.line(picture, corners[0], corners[1], colour, width)


def _corners(picture: Image, box: Box, colour: tuple[int, int, int], width: int) -> None:
    arm = max(2, box.width // 3)
    towards: tuple[Callable[[int], int], Callable[[int], int]] = (lambda at: at + arm, lambda at: at - arm)
    for x, along_x in zip((box.left, box.right), towards, strict=True):
        for y, along_y in zip((box.top, box.bottom), towards, strict=True):
            cv2.line(picture, (x, y), (along_x(x), y), colour, width)
            cv2.line(picture, (x, y), (x, along_y(y)), colour, width)


def _label(picture: Image, words: str, middle: int, colour: tuple[int, int, int], line: int) -> None:
    """Write at the picture's left edge."""
    (width, height), _ = cv2.getTextSize(words, FONT, FONT_SCALE * line, line)
    bottom = middle + height // 2
    cv2.rectangle(picture, (0, bottom - height - 3), (width + 8, bottom + 4), (0, 0, 0), cv2.FILLED)
    cv2.putText(picture, words, (4, bottom), FONT, FONT_SCALE * line, colour, line, cv2.LINE_AA)
