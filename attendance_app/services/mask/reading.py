"""Masks in pictures: of every face found, or of a picture that is one face."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion
from attendance_app.vision.detect import Detector
from attendance_app.vision.photo_search import find_in_photo

PHOTO_THRESHOLD = -0.2
"""For pictures with faces anywhere: masked faces score lower than bare ones, and a few false finds are seen at once."""
CROP_THRESHOLD = -0.7
"""For crops, where one face is certain and the best find is wanted."""
CROP_SIDE = 280
"""Crops are brought to this shorter side for the search: a face that fills half of it has 140 pixels."""
LARGEST_SCALE, SMALLEST_SCALE = 3.0, 0.3
CENTRAL = 0.3
"""A find in a crop counts if its centre is no farther from the crop's than this share of the sides."""
SAME_FACE = 0.35
"""Intersection over union from which a found box and the middle half of a crop mean the same face."""
LEAST_SIDE = 12
"""Crops with fewer pixels a side show no face that anybody could judge."""


@dataclass(frozen=True, slots=True)
class MaskedFace:
    """One face of a picture. ``found``: by a detector, not assumed."""

    box: Box
    confidence: float | None
    opinion: MaskOpinion

    @property
    def found(self) -> bool:
        return self.confidence is not None


class MaskReader:
    """A detector and the mask network in a row."""

    def __init__(self, detector: Detector, classifier: MaskClassifier) -> None:
        self._detector = detector
        self.classifier = classifier

    def faces(self, image: Image) -> list[MaskedFace]:
        """Every face of a photo, however large the photo and small the face (from 40 pixels on), surest first."""
        found = find_in_photo(self._detector, image, threshold=PHOTO_THRESHOLD)
        boxes = [one.box for one in found]
        probabilities = self._probabilities(image, boxes)
        return [
            MaskedFace(one.box, one.confidence, self.classifier.rule.opinion(row))
            for one, row in zip(found, probabilities, strict=True)
        ]

    def crop(self, image: Image) -> MaskedFace:
        """Judge a picture that is one face, with or without a margin.

        The face is searched first and judged together with the middle half of the crop, if both mean the same face;
        where none is found, the middle half counts twice and the whole of the crop once.
        Raises SourceError for a picture too small to show a face.
        """
        _check_size(image)
        found = find_in_crop(self._detector, image)
        half, whole = assumed_boxes(image)
        if found is None:
            boxes = [half, half, whole]
        else:
            boxes = [found.box, half] if half.iou(found.box) >= SAME_FACE else [found.box]
        mean = self._probabilities(image, boxes).mean(axis=0)
        return MaskedFace(boxes[0], found.confidence if found else None, self.classifier.rule.opinion(mean))

    def _probabilities(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float64]:
        if not boxes:
            return np.zeros((0, len(MASK_CLASSES)))
        return self.classifier.probabilities(self.classifier.patches(image, boxes), mirrored=True)


def _check_size(image: Image) -> None:
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise SourceError(
            "A picture of {width} by {height} pixels is too small to show a face.",
            remedy="Use crops of at least {side} pixels a side.",
            width=width,
            height=height,
            side=LEAST_SIDE,
        )


def crop_scale(image: Image) -> float:
    """How much a crop is scaled before the search."""
    shorter = min(image.shape[0], image.shape[1])
    return float(min(LARGEST_SCALE, max(SMALLEST_SCALE, CROP_SIDE / shorter)))


def find_in_crop(detector: Detector, image: Image) -> Detection | None:
    """The surest face near the middle of a crop, or None."""
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        return None
    for one in detector.detect(image, upsample=crop_scale(image), threshold=CROP_THRESHOLD):
        x, y = one.box.center
        if abs(x - width / 2) <= CENTRAL * width and abs(y - height / 2) <= CENTRAL * height:
            return one
    return None


def assumed_boxes(image: Image) -> list[Box]:
    """Where the face of a crop may be: its middle half (cut with 50 % margin), or all of it (cut without)."""
    height, width = image.shape[:2]
    return [Box(width // 4, height // 4, width - width // 4, height - height // 4), Box(0, 0, width, height)]
