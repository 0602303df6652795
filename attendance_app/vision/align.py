"""Face alignment: dlib's five landmarks and its face chips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image
from attendance_app.networks.files import FIVE_POINTS
from attendance_app.networks.manifest import model_path

if TYPE_CHECKING:
    import dlib

CHIP_SIZE = 150
CHIP_PADDING = 0.25
"""Side in pixels, and margin as dlib counts it: what its encoder was trained on. Other chips give other encodings."""

SMALL: Final = 75
"""Side in pixels of what a chip shows, about the face's box, below which it is magnified to the chip's size before
points are found and the chip is cut. dlib keeps whole pixels, which in a face of 30 are 3 % of it: magnified, faces of
30, 20 and 15 pixels lie 0.204, 0.124 and 0.066 nearer to their own template than to the nearest other one, as they are
0.195, 0.110 and 0.042 (179 pictures of 70 people of LFW, medians)."""
ROOM: Final = 2.0
"""Side of the part that is magnified for a chip, in sides of what the chip shows: the chip lies inside at any angle."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part of a picture, ``scale`` times as large; (x, y) is its corner in the picture."""

    x: int
    y: int
    image: Image
    scale: float = 1.0

    @classmethod
    def of(cls, image: Image, area: Box, scale: float = 1.0) -> "_Part":
        """Cut ``area`` out of a picture; magnify it ``scale`` times where that is above 1."""
        wide = area.clipped(image.shape[1], image.shape[0])
        # A box wholly outside leaves no pixels to cut or to resize.
        if wide.area == 0:
            return cls(0, 0, np.ascontiguousarray(image))
        part = image[wide.top : wide.bottom, wide.left : wide.right]
        if scale > 1:
            part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
        return cls(wide.left, wide.top, np.ascontiguousarray(part), scale)

    def inwards(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Convert points (x, y) of the picture to points of the part; the middle of a pixel is at a whole number."""
        return np.asarray((points - (self.x, self.y) + 0.5) * self.scale - 0.5, dtype=np.float32)

    def outwards(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Convert points of the part back to points of the picture."""
        return np.asarray((points + 0.5) / self.scale - 0.5 + (self.x, self.y), dtype=np.float32)


class Aligner:
    """dlib's 5-point shape predictor and ``get_face_chip`` at 150 pixels with padding 0.25; small faces magnified.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        """Load the predictor; raises ModelFileError when its file is missing or altered."""
        import dlib

        self._predictor = dlib.shape_predictor(str(model_path(FIVE_POINTS)))

    def landmarks(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """Return landmarks of the faces in ``boxes`` of an RGB picture: float32 (n, 5, 2), (x, y) in its pixels, in
        dlib's order (see Landmarks)."""
        import dlib

        found = np.zeros((len(boxes), 5, 2), dtype=np.float32)
        for points, box in zip(found, boxes, strict=True):
            # dlib copies all that it is handed: a box side about the face is enough.
            part = _Part.of(image, box.grown(3), CHIP_SIZE / box.width if 0 < box.width < SMALL else 1.0)
            corners = part.inwards(np.array([(box.left, box.top), (box.right, box.bottom)], dtype=np.float32))
            # dlib's rectangles have whole pixels only; in the magnified part the error is a fraction of the picture's
            # pixel.
            face = dlib.rectangle(*(round(corner) for corner in corners.ravel().tolist()))
            shape = self._predictor(part.image, face)
            points[:] = part.outwards(np.array([(point.x, point.y) for point in shape.parts()], dtype=np.float32))
        return found

    def chips(self, image: Image, landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Cut out upright faces for the encoder: uint8 (n, 150, 150, 3), RGB; black where the picture ends.

        ``landmarks`` is (n, 5, 2) as ``landmarks`` returns it; dlib rounds them to whole pixels, those of a small face
        after magnifying it.
        """
        import dlib

        # ``get_face_chip`` refuses arrays with gaps between the rows, as slices of a frame have.
        picture = np.ascontiguousarray(image)
        chips = np.empty((len(landmarks), CHIP_SIZE, CHIP_SIZE, 3), dtype=np.uint8)
        for chip, points in zip(chips, landmarks, strict=True):
            part = _about(picture, points)
            face = _as_dlib(part.inwards(points))
            chip[:] = dlib.get_face_chip(part.image, face, size=CHIP_SIZE, padding=CHIP_PADDING)
        return chips


def _about(picture: Image, points: NDArray[np.float32]) -> _Part:
    """Return the picture, or for a small face its magnified surroundings."""
    import dlib

    shown = dlib.get_face_chip_details(_as_dlib(points), CHIP_SIZE, CHIP_PADDING).rect
    side = shown.width()
    if not 0 < side < SMALL:
        return _Part(0, 0, picture)
    corners = shown.left(), shown.top(), shown.right(), shown.bottom()
    return _Part.of(picture, Box(*map(round, corners)).grown(ROOM), CHIP_SIZE / side)


def _as_dlib(points: NDArray[np.float32]) -> "dlib.full_object_detection":
    import dlib

    unused = dlib.rectangle(0, 0, 1, 1)  # the chip depends on the landmarks only
    return dlib.full_object_detection(unused, [dlib.point(round(x), round(y)) for x, y in points.tolist()])
