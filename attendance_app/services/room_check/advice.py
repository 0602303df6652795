"""What would help a room, and by how much."""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from attendance_app.vision.reach import IN_PHOTOGRAPHS

FACE_WIDTH_M: Final = 0.16
"""Side of dlib's box on an adult's face, in metres: 0.82 of the finder's box (``vision.finder_boxes`` at a ratio of
0.75), which reaches from the hairline to the chin, 0.19 m (Farkas, Anthropometry of the Head and Face, 1994)."""

FIELD_DEGREES: Final = 65.0
"""Assumed horizontal field of view of a webcam and of a phone's main camera; most have 60 to 70 degrees, which changes
a distance by a tenth. So distances in metres are estimates."""

NEAREST_M: Final = 1.0
"""Nearer to the first row the camera would see the room no longer."""

NEARER_AT_MOST: Final = 0.7
"""Share of the distance to the first row by which the camera can go nearer, where metres are unknown."""

PICTURE_WIDTHS: Final = (1280, 1920, 2560, 3840)
"""Widths in pixels of the pictures that cameras on sale give."""

PHONE_WIDTH: Final = 4000
"""Width in pixels of a photograph of 12 megapixels, which every phone takes."""

OVERLAP: Final = 0.9
"""Share of its width that a photograph of a part of the room adds: nobody may sit in a gap between two."""

MOST_PHOTOGRAPHS: Final = 4
"""With more, teachers say, the lesson has begun before the roll is taken."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """No face was found: people must sit there, or one person at the farthest seat."""


class Trouble(Enum):
    """What is wrong with light, focus or place."""

    DARK = "dark"
    BACKLIT = "backlit"
    BLURRED = "blurred"
    FACES_DARK = "faces dark"
    FACES_BRIGHT = "faces bright"
    FACES_BLURRED = "faces blurred"
    LEVEL = "level"
    """The camera stands at the height of the heads: front rows hide those behind."""
    NEAR_DETECTOR = "near detector"
    """The settings' detector finds near faces only."""


@dataclass(frozen=True, slots=True)
class PictureTrouble:
    """``faces``: how many of the faces it concerns; 0 where it concerns the whole picture."""

    trouble: Trouble
    faces: int = 0


@dataclass(frozen=True, slots=True)
class Remedies:
    """What brings faces to the size that is recognised; None: that would not do, or can't be said.

    ``distance``: the share of its present distance to those rows at which the camera would have to stand, where it can
    go as near. ``metres``: by about how much nearer that is. ``camera_width``: width in pixels of the pictures of a
    camera that would do at the same place. ``photographs``: how many photographs of a phone, side by side from the same
    place, would do.
    """

    distance: float | None
    metres: float | None
    camera_width: int | None
    photographs: int | None


@dataclass(frozen=True, slots=True)
class TooSmall:
    """The faces of the last ``rows`` rows are too small.

    ``faces``: how many of them there are. ``smallest`` and ``largest``: sizes of those rows in pixels. ``wanted``: the
    size from which a face is recognised. ``never``: whether they are too small to be recognised at all; otherwise they
    are recognised now and then. ``remedies`` are for the smallest.
    """

    rows: int
    faces: int
    smallest: int
    largest: int
    wanted: int
    never: bool
    remedies: Remedies


Advice = Nobody | PictureTrouble | TooSmall


def distance_m(size: float, *, picture_width: int) -> float:
    """Return the approximate distance in metres of a face ``size`` pixels wide."""
    focal = picture_width / 2 / math.tan(math.radians(FIELD_DEGREES / 2))
    return FACE_WIDTH_M * focal / size


def remedies(size: float, wanted: int, *, nearest: float, picture_width: int, photographs: bool) -> Remedies:
    """Return what brings faces of ``size`` pixels to ``wanted``.

    ``nearest``: width of the nearest row's faces. ``photographs``: the picture is a photograph, whose field is unknown;
    another one of the whole room would not be larger.
    """
    if photographs:
        # In pixels, distances are proportional to 1 / size.
        near_enough = 1 / size - 1 / wanted <= NEARER_AT_MOST / nearest
        return Remedies(size / wanted if near_enough else None, None, None, _photographs(wanted / size))
    metres = distance_m(size, picture_width=picture_width) - distance_m(wanted, picture_width=picture_width)
    near_enough = metres <= distance_m(nearest, picture_width=picture_width) - NEAREST_M
    return Remedies(
        distance=size / wanted if near_enough else None,
        metres=metres if near_enough else None,
        camera_width=_camera_width(wanted / size * picture_width, picture_width),
        photographs=_photographs(IN_PHOTOGRAPHS.sure / size * picture_width / PHONE_WIDTH),
    )


def _camera_width(needed: float, present: int) -> int | None:
    return next((width for width in PICTURE_WIDTHS if width > present and width >= needed), None)


def _photographs(factor: float) -> int | None:
    """How many photographs side by side enlarge faces by ``factor`` over one of the whole room."""
    count = 1 if factor <= 1 else math.ceil(factor / OVERLAP)
    return count if count <= MOST_PHOTOGRAPHS else None
