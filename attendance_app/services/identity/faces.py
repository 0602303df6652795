"""The aligned face of a picture, for the identity network."""

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import Detector

_SMALL = 200
"""A picture whose shorter side is below this is searched in twice its size at once."""
SMALLEST_FACE = 20
"""Pixels; a face box narrower than this has nothing in it to recognise."""


class ChipCutter:
    """Cuts one face of a picture: ``detector`` is dlib's frontal one, with whose boxes the network was trained.

    A chip is uint8, (150, 150, 3), RGB.
    """

    def __init__(self, detector: Detector, aligner: Aligner) -> None:
        self._detector = detector
        self._aligner = aligner

    def central(self, image: Image) -> NDArray[np.uint8] | None:
        """Return the chip of the face nearest the middle of ``image`` (RGB); without any the middle counts as one.

        None only if the picture or the face is too small.
        """
        height, width = image.shape[:2]
        # A thumbnail is cut about a face: where HOG finds none, as in a turned one, it lies about there.
        middle = Box(int(width * 0.3), int(height * 0.3), int(width * 0.7), int(height * 0.7))
        boxes = [found.box for found in self._detect(image)] or [middle]
        return self._chip(image, min(boxes, key=lambda box: _off_centre(box, width, height)))

    def largest(self, image: Image) -> NDArray[np.uint8] | None:
        """Return the chip of the largest face, or None without one."""
        boxes = [found.box for found in self._detect(image)]
        return self._chip(image, max(boxes, key=lambda box: box.area)) if boxes else None

    def _detect(self, image: Image) -> list[Detection]:
        if min(image.shape[:2]) >= _SMALL:
            found = self._detector.detect(image)
            if found:
                return found
        return self._detector.detect(image, upsample=2.0)

    def _chip(self, image: Image, box: Box) -> NDArray[np.uint8] | None:
        if box.width < SMALLEST_FACE:
            return None
        chip: NDArray[np.uint8] = self._aligner.chips(image, self._aligner.landmarks(image, [box]))[0]
        return chip


def _off_centre(box: Box, width: int, height: int) -> float:
    x, y = box.center
    return (x - width / 2) ** 2 + (y - height / 2) ** 2
