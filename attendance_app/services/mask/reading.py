"""Masks in pictures: of every face found, or of a picture that is one face."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.faces import Box, Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion
from attendance_app.services.errors import CropTooSmall
from attendance_app.services.mask.crops import LEAST_SIDE, close_face
from attendance_app.vision.detect import Detector
from attendance_app.vision.photo_search import find_in_photo

PHOTO_THRESHOLD = -0.2
"""For pictures with faces anywhere: masked faces score lower than bare ones, and a few false finds are seen at once."""


@dataclass(frozen=True, slots=True)
class MaskedFace:
    """One face of a picture. ``confidence``: the detector's, None for a picture that is one face as a whole."""

    box: Box
    confidence: float | None
    opinion: MaskOpinion

    @property
    def found(self) -> bool:
        """Whether the detector was sure of the face."""
        return self.confidence is not None


@dataclass(frozen=True, slots=True, eq=False)
class WholePicture:
    """The mask report's test of one photo. ``picture``: the whole of it, squashed, as the network saw it (RGB)."""

    picture: Image
    opinion: MaskOpinion


class MaskReader:
    """Finds the faces of a picture and classifies how they wear masks. ``detector``: as ``close_face`` needs it."""

    def __init__(self, detector: Detector, classifier: MaskClassifier) -> None:
        self._detector = detector
        self.classifier = classifier

    def faces(self, image: Image) -> list[MaskedFace]:
        """Return every face of a picture, surest first, each judged by its own box; none: no verdict.

        A class photo with small faces (from 10 pixels on) and a crop that is nothing but a face are read alike: where
        no face is found, ``close_face`` looks whether the picture is one. Raises CropTooSmall for a picture that can't
        show a face.
        """
        _check_size(image)
        found = find_in_photo(self._detector, image, threshold=PHOTO_THRESHOLD)
        boxes: list[tuple[Box, float | None]] = [(one.box, one.confidence) for one in found]
        if not boxes and (close := close_face(self._detector, image)) is not None:
            boxes = [(close.box, None)]
        probabilities = self._probabilities(image, [box for box, _ in boxes])
        return [
            MaskedFace(box, confidence, self.classifier.rule.opinion(row))
            for (box, confidence), row in zip(boxes, probabilities, strict=True)
        ]

    def whole_picture(self, image: Image) -> WholePicture:
        """Judge the whole picture as the mask report's test does: squashed to a square, no face looked for.

        Raises CropTooSmall for a picture that can't show a face.
        """
        _check_size(image)
        squashed = self.classifier.squashed(image)
        # Without the mirror image: the report's test has none.
        return WholePicture(
            _shown(squashed[0]), self.classifier.rule.opinion(self.classifier.probabilities(squashed)[0])
        )

    def prepared(self, image: Image, face: MaskedFace) -> Image:
        """Return one of the faces of ``image`` as the network saw it, RGB."""
        return _shown(self.classifier.patches(image, [face.box])[0])

    def _probabilities(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float64]:
        if not boxes:
            return np.zeros((0, len(MASK_CLASSES)))
        # With the mirror image, as the network was calibrated (docs/adr/0060).
        return self.classifier.probabilities(self.classifier.patches(image, boxes), mirrored=True)


def _shown(patch: NDArray[np.float32]) -> Image:
    return np.asarray(patch.round(), dtype=np.uint8)


def _check_size(image: Image) -> None:
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise CropTooSmall(width=width, height=height, side=LEAST_SIDE)
