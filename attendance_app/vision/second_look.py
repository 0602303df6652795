"""dlib's HOG detector checks the faces that a network proposes, each place magnified."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.detect import HogDetector

ROOM: Final = 2.2
"""Side of what is looked at, in sides of the proposal."""
SIDE: Final = 240
"""Pixels to which that is brought: the face then has about 110, and the detector's least is 80."""
OFF_MIDDLE: Final = 0.2
"""Share of the side by which the find's middle may be off the proposal's: beyond it another face was found."""


class SecondLook:
    """A HOG detector for each thread: dlib's keeps a scratchpad, so that one serves one thread at a time."""

    def __init__(self, threads: int) -> None:
        """Load the detectors; raises ModelFileError when their file is missing or altered."""
        self._threads = threads
        self._own = threading.local()
        # Opened here for the calling thread, so that a missing file is an error now and not during a search.
        self._own.detector = HogDetector()

    def confirm(self, image: Image, boxes: NDArray[np.float32], *, threshold: float) -> Sequence[Detection | None]:
        """Return for each box of an RGB picture dlib's face there, surer than ``threshold``, or None.

        ``boxes``: float32 (n, 4), left, top, right, bottom in the picture's pixels; the faces found are in them too.
        """
        if len(boxes) < 2 or self._threads == 1:
            return [self._look(image, box, threshold) for box in boxes]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda box: self._look(image, box, threshold), boxes))

    def _look(self, image: Image, box: NDArray[np.float32], threshold: float) -> Detection | None:
        left, top, right, bottom = box.tolist()
        reach = ROOM / 2 * max(right - left, bottom - top)
        x, y = (left + right) / 2, (top + bottom) / 2
        area = Box(round(x - reach), round(y - reach), round(x + reach), round(y + reach))
        area = area.clipped(image.shape[1], image.shape[0])
        if area.area == 0:
            return None
        scale = SIDE / (2 * reach)
        picture = _magnified(image[area.top : area.bottom, area.left : area.right], scale)
        # Rounded sizes: the scale differs a little between the two directions.
        across, down = picture.shape[1] / area.width, picture.shape[0] / area.height
        for found in self._detector().detect(picture, threshold=threshold):
            middle_x, middle_y = found.box.center
            off = max(abs(middle_x / across + area.left - x), abs(middle_y / down + area.top - y))
            if off <= OFF_MIDDLE * 2 * reach:
                return Detection(_in_picture(found.box, area, across, down), found.confidence)
        return None

    def _detector(self) -> HogDetector:
        if not hasattr(self._own, "detector"):
            self._own.detector = HogDetector()
        detector: HogDetector = self._own.detector
        return detector


def _magnified(part: Image, scale: float) -> Image:
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    method = cv2.INTER_LINEAR if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(part, size, interpolation=method), dtype=np.uint8)


def _in_picture(box: Box, area: Box, across: float, down: float) -> Box:
    return Box(
        round(box.left / across + area.left),
        round(box.top / down + area.top),
        round(box.right / across + area.left),
        round(box.bottom / down + area.top),
    )
