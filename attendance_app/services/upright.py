"""Which way up is a photo? Phones do not always say, and the CNN finds faces that lie on their side as well."""

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.services.face_reader import FaceReader
from attendance_app.vision.detect import Detector

SURE_WHEN_TURNED = 0.5
"""Detection confidence asked of a face that is found only after turning the photo by a quarter."""
FACE_SIDE = 120
"""Size in pixels to which a face is brought for HOG, which finds no face that lies on its side."""
UPRIGHT_FROM, TURNED_FROM = -0.2, 0.2
"""HOG's score of a face that is taken for upright at once, and of one for whose sake a photo is turned."""


def find_upright(reader: FaceReader, hog: Detector, image: Image) -> tuple[Image, int, list[Detection]]:
    """Find the faces of a photo as people take them.

    Returns the picture they were found in, by how many quarters it was turned to the left, and the faces.
    """
    turned, quarters, found = image, 0, reader.find(image)
    for tried in (1, 3, 2) if not found else ():
        turned, quarters = _turned(image, tried), tried
        found = reader.detector.detect(turned, threshold=SURE_WHEN_TURNED)
        if found:
            break
    if not found:
        return image, 0, []
    more = _quarters_to_turn(hog, turned, max((one.box for one in found), key=lambda box: box.area))
    if more:
        upright = _turned(image, (quarters + more) % 4)
        sure = reader.find(upright)
        if sure:
            return upright, (quarters + more) % 4, sure
    return turned, quarters, found


def _turned(image: Image, quarters: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, quarters))


def _quarters_to_turn(hog: Detector, image: Image, box: Box) -> int:
    """Return by how many quarters to the left the face must be turned to be upright; 0 where there is no telling."""
    height, width = image.shape[:2]
    area = box.grown(2.0).clipped(width, height)
    face = image[area.top : area.bottom, area.left : area.right]
    if not face.size:
        return 0
    scale = FACE_SIDE / max(1, box.width)
    small = np.asarray(cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if hog.detect(small, threshold=UPRIGHT_FROM):
        return 0
    scores = {quarters: _score(hog, _turned(small, quarters)) for quarters in (1, 3, 2)}
    best = max(scores, key=lambda quarters: scores[quarters])
    return best if scores[best] >= TURNED_FROM else 0


def _score(hog: Detector, image: Image) -> float:
    return max((found.confidence for found in hog.detect(image, threshold=0.0)), default=-1.0)
