"""Where the face is in a picture that is one face, cut close to it or with a margin."""

from collections.abc import Sequence

import numpy as np

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.detect import Detector

CROP_THRESHOLD = -0.7
"""For crops, where one face is certain and the best find is wanted."""
FAINT_THRESHOLD = -1.5
"""Finds from here on are no faces to be sure of, but tell how large the face of a crop is."""
CROP_SIDE = 280
"""Crops are brought to this shorter side for the search: a face that fills half of it has 140 pixels."""
LARGEST_SCALE, SMALLEST_SCALE = 3.0, 0.3
"""Limits of that scaling."""
CENTRAL = 0.25
"""A find in a crop counts if its centre is no farther from the crop's than this share of the sides."""
LEAST_SIDE = 12
"""Crops with fewer pixels a side show no face that anybody could judge."""

FILLS = 0.71
"""A face whose sides have this share of the crop's or more fills it: midway between the middle half and the whole."""
LEAST_FACE = 0.35
"""Faint finds with a smaller share of the sides are eyes and buttons."""
STEEPNESS, LEAD = 4.0, -0.1
"""How fast the surest faint finds of both sizes decide, and by how much the larger may be less sure.

Chosen on the validation parts of masks-report and masks-independent."""


def crop_scale(image: Image) -> float:
    """Return by how much a crop is scaled for the search: to ``CROP_SIDE``, within limits."""
    shorter = min(image.shape[0], image.shape[1])
    return float(min(LARGEST_SCALE, max(SMALLEST_SCALE, CROP_SIDE / shorter)))


def finds_in_crop(detector: Detector, image: Image) -> list[Detection]:
    """Return the finds near the middle of a crop (RGB), faint ones too, surest first; boxes in the crop's pixels."""
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        return []
    finds = detector.detect(image, upsample=crop_scale(image), threshold=FAINT_THRESHOLD)
    return [one for one in finds if _is_central(one.box, width, height)]


def sure_find(finds: Sequence[Detection]) -> Detection | None:
    """Return the surest of ``finds_in_crop``, None if its confidence is not above ``CROP_THRESHOLD``."""
    return finds[0] if finds and finds[0].confidence > CROP_THRESHOLD else None


def _is_central(box: Box, width: int, height: int) -> bool:
    x, y = box.center
    return abs(x - width / 2) <= CENTRAL * width and abs(y - height / 2) <= CENTRAL * height


def assumed_boxes(image: Image) -> tuple[Box, Box]:
    """Where the face of a crop may be: its middle half (cut with 50 % margin), or all of it (cut without)."""
    height, width = image.shape[:2]
    half = Box(width // 4, height // 4, width - width // 4, height - height // 4)
    return half, Box(0, 0, width, height)


def chance_of_filling(image: Image, faint: Sequence[Detection]) -> float:
    """Return the probability that the face fills the crop and not its middle half, by ``faint`` finds."""
    # No find of a size counts like one at the threshold.
    large, small = FAINT_THRESHOLD, FAINT_THRESHOLD
    for one in faint:
        share = share_of_sides(one.box, image)
        if share >= FILLS:
            large = max(large, one.confidence)
        elif share > LEAST_FACE:
            small = max(small, one.confidence)
    return float(1 / (1 + np.exp(-STEEPNESS * (large - small - LEAD))))


def share_of_sides(box: Box, image: Image) -> float:
    """Return the ratio of a box's sides to the picture's (geometric mean of both)."""
    return float((box.area / (image.shape[0] * image.shape[1])) ** 0.5)
