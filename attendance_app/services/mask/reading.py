"""Masks in pictures: of every face found, or of a picture that is one face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion
from attendance_app.services.errors import CropTooSmall
from attendance_app.services.mask.crops import (
    FILLS,
    LEAST_SIDE,
    assumed_boxes,
    chance_of_filling,
    finds_in_crop,
    share_of_sides,
    sure_find,
)
from attendance_app.vision.detect import Detector
from attendance_app.vision.photo_search import find_in_photo

PHOTO_THRESHOLD = -0.2
"""For pictures with faces anywhere: masked faces score lower than bare ones, and a few false finds are seen at once."""


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
    """Finds the faces of a picture and classifies how they wear masks."""

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

    def crop(self, image: Image, *, filling: float | None = None) -> MaskedFace:
        """Judge a picture that is one face, with or without a margin.

        The face is searched first. One that fills the crop is judged alone; a smaller one has a margin about it and
        is judged together with the middle half of the crop. Where none is found, the middle half and the whole are
        judged, the whole with the weight ``filling``: by default as far as faint finds speak for it.
        Raises SourceError for a picture too small to show a face.
        """
        _check_size(image)
        finds = finds_in_crop(self._detector, image)
        found = sure_find(finds)
        if found is not None:
            return self._found(image, found)
        boxes = assumed_boxes(image)
        weight = chance_of_filling(image, finds) if filling is None else filling
        half, whole = self._probabilities(image, boxes)
        opinion = self.classifier.rule.opinion((1 - weight) * half + weight * whole)
        return MaskedFace(boxes[weight > 0.5], None, opinion)

    def filling(self, crops: Iterable[Image]) -> float | None:
        """How a set of crops is cut, for ``crop``: 1 if most found faces fill theirs, else 0; None if none is found."""
        shares = []
        for image in crops:
            found = sure_find(finds_in_crop(self._detector, image))
            if found is not None:
                shares.append(share_of_sides(found.box, image))
        # One answer for the whole set: its crops were cut by one rule.
        return float(np.median(shares) >= FILLS) if shares else None

    def _found(self, image: Image, found: Detection) -> MaskedFace:
        half, _ = assumed_boxes(image)
        boxes = [found.box] if share_of_sides(found.box, image) >= FILLS else [found.box, half]
        mean = self._probabilities(image, boxes).mean(axis=0)
        return MaskedFace(found.box, found.confidence, self.classifier.rule.opinion(mean))

    def _probabilities(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float64]:
        if not boxes:
            return np.zeros((0, len(MASK_CLASSES)))
        # With the mirror image, as the network was calibrated (docs/adr/0060).
        return self.classifier.probabilities(self.classifier.patches(image, boxes), mirrored=True)


def _check_size(image: Image) -> None:
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise CropTooSmall(width=width, height=height, side=LEAST_SIDE)
