"""Turning faces upright: dlib's five landmarks and its face chips."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image
from attendance_app.networks.files import FIVE_POINTS
from attendance_app.networks.manifest import model_path

CHIP_SIZE = 150
CHIP_PADDING = 0.25


def _surroundings(image: Image, box: Box) -> tuple[int, int, Image]:
    """The picture for a box side about a face, and its corner (x, y): dlib copies all that it is handed."""
    wide = box.grown(3).clipped(image.shape[1], image.shape[0])
    if wide.area == 0:
        return 0, 0, np.ascontiguousarray(image)
    return wide.left, wide.top, np.ascontiguousarray(image[wide.top : wide.bottom, wide.left : wide.right])


class Aligner:
    """dlib's 5-point shape predictor and ``get_face_chip`` at 150 pixels with padding 0.25.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        """Load the predictor; raises ModelFileError when its file is missing or altered."""
        import dlib

        self._predictor = dlib.shape_predictor(str(model_path(FIVE_POINTS)))

    def landmarks(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """Landmarks of the faces in ``boxes``: float32 (n, 5, 2), (x, y) in pixels, dlib's order (see Landmarks)."""
        import dlib

        found = np.zeros((len(boxes), 5, 2), dtype=np.float32)
        for points, box in zip(found, boxes, strict=True):
            x, y, picture = _surroundings(image, box)
            face = dlib.rectangle(box.left - x, box.top - y, box.right - x, box.bottom - y)
            points[:] = [(point.x + x, point.y + y) for point in self._predictor(picture, face).parts()]
        return found

    def chips(self, image: Image, landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Cut out upright faces for the encoder: uint8 (n, 150, 150, 3), RGB; black where the picture ends.

        ``landmarks`` is (n, 5, 2) as ``landmarks`` returns it; fractions of a pixel are rounded, as dlib keeps whole
        pixels.
        """
        import dlib

        picture = np.ascontiguousarray(image)
        chips = np.empty((len(landmarks), CHIP_SIZE, CHIP_SIZE, 3), dtype=np.uint8)
        unused = dlib.rectangle(0, 0, 1, 1)  # the chip depends on the landmarks only
        for chip, points in zip(chips, landmarks, strict=True):
            parts = [dlib.point(round(x), round(y)) for x, y in points.tolist()]
            face = dlib.full_object_detection(unused, parts)
            chip[:] = dlib.get_face_chip(picture, face, size=CHIP_SIZE, padding=CHIP_PADDING)
        return chips
