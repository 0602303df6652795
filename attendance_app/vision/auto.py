"""The detector ``auto``: CenterFace finds faces, and dlib's HOG detector checks those that CenterFace is not sure
of."""

from typing import Final

import numpy as np

from attendance_app.domain.faces import Detection, Image
from attendance_app.networks.runtime import default_threads
from attendance_app.vision.face_finder import FaceFinder
from attendance_app.vision.finder_boxes import dlib_boxes
from attendance_app.vision.photo_search import merged
from attendance_app.vision.second_look import SecondLook

FAINT: Final = -1.4
"""Confidence (0.2 of CenterFace's own) below which a proposal is not checked: of 479 such proposals of CMU+MIT three
are faces that dlib confirms."""
CONFIRMED: Final = 0.0
"""dlib's score from which a doubtful proposal is a face."""


class AutoDetector:
    """Faces from 10 pixels on, turned and masked ones too. Calls may come from several threads at once.

    A confidence is the logarithm of the network's odds: 0 is its 0.5, where 98 % of its finds are faces (CMU+MIT). A
    face that only dlib is sure of has dlib's score. Boxes are like dlib's, since alignment expects those.
    """

    any_size = True

    def __init__(self, threads: int | None = None) -> None:
        """Load both detectors, for ``threads`` threads; raises ModelFileError when a file is missing or altered."""
        threads = default_threads() if threads is None else threads
        self._finder = FaceFinder(threads)
        self._second_look = SecondLook(threads)

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        """See Detector; pictures of any size are searched in bounded memory."""
        lowest = min(threshold, FAINT)
        # The finder takes a probability; thresholds here are log odds, so that they compare with dlib's scores.
        proposals = self._finder.find(image, scale=upsample, above=1 / (1 + float(np.exp(-lowest))))
        # The logarithm of odds is infinite at 0 and at 1.
        certain = np.clip(proposals.confidences.astype(np.float64), 1e-6, 1 - 1e-6)
        confidences = np.log(certain / (1 - certain))
        sure = confidences > threshold
        found = [
            Detection(box, confidence)
            for box, confidence in zip(dlib_boxes(proposals.taken(sure)), confidences[sure].tolist(), strict=True)
        ]
        doubtful = proposals.boxes[~sure & (confidences > FAINT)]
        seen = self._second_look.confirm(image, doubtful, threshold=max(threshold, CONFIRMED))
        # Both detectors may have found one face.
        return merged(found + [one for one in seen if one is not None])
