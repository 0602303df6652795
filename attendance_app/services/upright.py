"""Finds which way up a photo is: phones don't always record it, and CenterFace also finds faces that lie on their
side."""

from dataclasses import dataclass

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.services.face_reader import FaceReader
from attendance_app.vision.detect import Detector

SURE_WHEN_TURNED = 0.5
"""Least detection confidence of a face that is found only after a quarter turn."""
FACE_SIDE = 120
"""Size in pixels to which a face is scaled for HOG, which finds no face that lies on its side."""
UPRIGHT_FROM, TURNED_FROM, CLEARLY = 0.9, 0.2, 0.4
"""HOG's score of a face that is taken for upright at once (the most that one of 250 on their head has is 0.8), of one
for whose sake a photo is turned, and by how much it must be the better."""
LOW, FULL = 1.7, 1.6
"""The confidence of the detector ``auto``: 98 of 100 faces on their feet have 1.7 and more, half of those on their
side less than 1.5. Below ``LOW`` a photo is turned if that brings ``FULL``, and HOG does not object."""


@dataclass(frozen=True, slots=True, eq=False)
class UprightPicture:
    """A picture as it was turned, by ``quarters`` to the left, and the faces in it."""

    image: Image
    quarters: int
    faces: list[Detection]

    @property
    def largest(self) -> Detection:
        return max(self.faces, key=lambda one: one.box.area)


def find_upright(reader: FaceReader, hog: Detector, image: Image, *, trusted: bool = False) -> UprightPicture:
    """Find the faces of a photo (RGB) and which way up it is.

    ``trusted``: the file records its orientation, so that it is turned only if no face is found as it is. Numbers by
    ``python -m benchmarks.upright``.
    """
    found = UprightPicture(image, 0, reader.find(image))
    if found.faces and trusted:
        return found
    # On its side first, which is likelier than upside down.
    for quarters in (1, 3, 2) if not found.faces else ():
        turned = _turned(image, quarters)
        found = UprightPicture(turned, quarters, reader.detector.detect(turned, threshold=SURE_WHEN_TURNED))
        if found.faces:
            break
    if not found.faces:
        return UprightPicture(image, 0, [])
    return _better(reader, hog, image, found) or found


def turned_by_hand(reader: FaceReader, hog: Detector, image: Image, quarters: int) -> UprightPicture:
    """Find the faces of a photo that somebody has turned by so many quarters to the left.

    A face that would stand upright after another turn counts as none: CenterFace finds it, and its encoding is of no
    use.
    """
    turned = _turned(image, quarters)
    found = UprightPicture(turned, quarters % 4, reader.find(turned))
    if found.faces and _better(reader, hog, image, found) is not None:
        return UprightPicture(turned, quarters % 4, [])
    return found


def _better(reader: FaceReader, hog: Detector, image: Image, found: UprightPicture) -> UprightPicture | None:
    """Return the picture turned further, if only then its largest face is clearly upright."""
    face = _face(found.image, found.largest.box)
    if face is None:
        return None
    as_it_is = _score(hog, face)
    if as_it_is >= UPRIGHT_FROM:
        return None
    scores = {quarters: _score(hog, _turned(face, quarters)) for quarters in (1, 3, 2)}
    best = max(scores, key=lambda quarters: scores[quarters])
    clearly = scores[best] >= TURNED_FROM and scores[best] - as_it_is >= CLEARLY
    weak = found.largest.confidence < LOW and scores[best] >= as_it_is
    if not clearly and not weak:
        return None
    quarters = (found.quarters + best) % 4
    turned = _turned(image, quarters)
    better = UprightPicture(turned, quarters, reader.find(turned))
    return better if better.faces and (clearly or better.largest.confidence >= FULL) else None


def _turned(image: Image, quarters: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, quarters))


def _face(image: Image, box: Box) -> Image | None:
    """Return the face and as much around it, scaled so that the face has ``FACE_SIDE``; None if it lies outside."""
    height, width = image.shape[:2]
    area = box.grown(2.0).clipped(width, height)
    scale = FACE_SIDE / max(1, box.width)
    cut = image[area.top : area.bottom, area.left : area.right]
    if not cut.size:
        return None
    return np.asarray(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _score(hog: Detector, image: Image) -> float:
    # Far below the usual threshold: weak scores are compared as well.
    return max((found.confidence for found in hog.detect(image, threshold=-1.0)), default=-1.0)
