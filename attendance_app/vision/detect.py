"""Finding faces: the program's detectors behind one protocol."""

import threading
from typing import Literal, Protocol, TypeAlias

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.networks.files import HOG_DETECTOR
from attendance_app.networks.manifest import model_path
from attendance_app.vision.scaling import Scaling

DetectorName: TypeAlias = Literal["auto", "hog", "cnn"]


class Detector(Protocol):
    """Finds faces in RGB pictures.

    ``any_size``: small faces are found without enlarging, and large pictures searched in bounded memory.
    """

    @property
    def any_size(self) -> bool: ...

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        """Find the faces of an RGB picture, surest first.

        ``upsample`` scales the picture before the search: small faces need 2, large ones allow less than 1.
        ``threshold`` is the confidence to exceed; below 0 more faces are found, and more that are none.
        """


class HogDetector:
    """dlib's frontal detector (histograms of gradients): faces of 80 pixels and more (40 with ``upsample`` 2).

    A search releases Python's lock. Calls from several threads take turns, since dlib's detector keeps a scratchpad.
    """

    any_size = False

    def __init__(self) -> None:
        """Load the detector; raises ModelFileError when its file is missing or altered."""
        import dlib

        self._detector = dlib.fhog_object_detector(str(model_path(HOG_DETECTOR)))
        self._turn = threading.Lock()

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        """See Detector; ``upsample`` 1 and 2 are dlib's upsampling 0 and 1 times."""
        scaling = Scaling.by(upsample)
        picture = scaling.apply(image)
        with self._turn:
            # 0: dlib is not to enlarge, ``scaling`` has done so.
            boxes, scores, _ = self._detector.run(picture, 0, threshold)
        found = [
            Detection(scaling.restore(Box(box.left(), box.top(), box.right(), box.bottom())), float(score))
            for box, score in zip(boxes, scores, strict=True)
        ]
        return sorted(found, key=lambda one: one.confidence, reverse=True)


def open_detector(name: DetectorName, threads: int | None = None) -> Detector:
    """Open a detector; ``threads`` (default: two, where there are two) is not for HOG.

    Raises ModelFileError when the detector's file is missing or altered.
    """
    if name == "hog":
        return HogDetector()
    if name == "auto":
        from attendance_app.vision.auto import AutoDetector

        return AutoDetector(threads)
    from attendance_app.vision.mmod import CnnDetector

    return CnnDetector(threads)
