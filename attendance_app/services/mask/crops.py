"""Whether a picture without any find is one face, cut so close that the detector sees too little of it, and where."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.detect import Detector

LEAST_SIDE: Final = 12
"""Pictures with fewer pixels a side show no face that anybody could judge."""
CROP_SIDE: Final = 192
"""The shorter side is brought to it for the search."""
MARGINS: Final = (0.0, 0.25)
"""Frames put about the picture, in its longer sides: the detector expects something about a face."""
FAINT: Final = 0.01
"""Finds are counted from this probability on; without one a view counts as 0."""
ONE_FACE: Final = 0.04
"""Mean probability over the views from which the picture is one face (docs/adr/0073)."""
FILLS: Final = 0.71
"""A face whose sides have this share of the picture's or more fills it: the picture itself is the better box then."""
CENTRAL: Final = 0.2
"""The middle of that face is no farther from the picture's than this share of the sides."""
LEAST_SHARE: Final = 0.45
"""The face's sides have at least this share of the picture's: smaller finds are eyes and buttons."""


@dataclass(frozen=True, slots=True)
class CloseFace:
    """The face of a picture that is one face. ``probability``: the mean over the views."""

    box: Box
    probability: float


def close_face(detector: Detector, image: Image) -> CloseFace | None:
    """Return the face that fills most of an RGB picture, None if there is none.

    Four views are searched: with and without a plain frame, each with its mirror image. ``detector``: one whose
    confidences are log odds (``AutoDetector``).
    """
    if min(image.shape[:2]) < LEAST_SIDE:
        return None
    finds = [_best(detector, image, margin, mirrored) for margin in MARGINS for mirrored in (False, True)]
    mean = float(np.mean([_probability(find) if find else 0.0 for find in finds]))
    if mean < ONE_FACE:
        return None
    best = max((find for find in finds if find), key=lambda find: find.confidence).box
    height, width = image.shape[:2]
    fills = _share(best, width, height) >= FILLS
    return CloseFace(Box(0, 0, width, height) if fills else best, mean)


def _best(detector: Detector, image: Image, margin: float, mirrored: bool) -> Detection | None:
    """The surest find that may be the face of the whole picture, its box in the picture's pixels."""
    height, width = image.shape[:2]
    frame = round(margin * max(height, width))
    view = np.ascontiguousarray(image[:, ::-1]) if mirrored else image
    view = _framed(view, frame)
    found = detector.detect(view, upsample=CROP_SIDE / min(height, width), threshold=_log_odds(FAINT))
    for one in found:
        box = one.box.moved(-frame, -frame)
        if mirrored:
            box = Box(width - box.right, box.top, width - box.left, box.bottom)
        if _may_be_all(box, width, height):
            return Detection(box, one.confidence)
    return None


def _framed(image: Image, frame: int) -> Image:
    if not frame:
        return image
    red, green, blue = image.reshape(-1, 3).mean(axis=0).tolist()
    border = cv2.copyMakeBorder(image, frame, frame, frame, frame, cv2.BORDER_CONSTANT, value=(red, green, blue))
    return np.asarray(border, dtype=np.uint8)


def _may_be_all(box: Box, width: int, height: int) -> bool:
    x, y = box.center
    central = abs(x - width / 2) <= CENTRAL * width and abs(y - height / 2) <= CENTRAL * height
    return central and _share(box, width, height) > LEAST_SHARE


def _share(box: Box, width: int, height: int) -> float:
    """The ratio of a box's sides to the picture's (geometric mean of both)."""
    return float((box.area / (width * height)) ** 0.5)


def _probability(find: Detection) -> float:
    return float(1 / (1 + np.exp(-find.confidence)))


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
