"""dlib's CNN face detector (max-margin object detection), run in ONNX Runtime.

Decoding and non-maximum suppression follow ``loss_mmod_::tensor_to_dets`` and ``to_label`` in dlib's dnn/loss.h.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.networks.files import DETECTOR
from attendance_app.networks.runtime import default_threads, open_network
from attendance_app.vision.scaling import Scaling, round_half_away
from attendance_app.vision.tiled_pyramid import PyramidPainter, TiledPyramid

_MIN_SIDE = 7  # below it the network's output has no pixel


def _overlaps(one: Box, other: Box, iou: float, covered: float) -> bool:
    """dlib's test_box_overlap: the area in common over that of the rectangle around both, both edges counted."""
    width = min(one.right, other.right) - max(one.left, other.left) + 1
    height = min(one.bottom, other.bottom) - max(one.top, other.top) + 1
    if width <= 0 or height <= 0:
        return False
    inner = width * height
    around = (max(one.right, other.right) - min(one.left, other.left) + 1) * (
        max(one.bottom, other.bottom) - min(one.top, other.top) + 1
    )
    smaller = min((box.width + 1) * (box.height + 1) for box in (one, other))
    return inner / around > iou or inner / smaller > covered


class CnnDetector:
    """dlib's MMOD network over a tiled pyramid: faces of 80 pixels and more (40 with ``upsample`` 2).

    Boxes and confidences are those of ``dlib.cnn_face_detection_model_v1``. Calls from several threads take turns.
    """

    any_size = False

    def __init__(self, threads: int | None = None) -> None:
        """Open the network; raises ModelFileError when its file is missing or altered."""
        self._threads = default_threads() if threads is None else threads
        self._network = open_network(DETECTOR, self._threads)
        # No picture's size: the first one opens the network anew.
        self._size = 0, 0
        facts = self._network.get_modelmeta().custom_metadata_map
        red, green, blue = map(float, facts["means"].split())
        self._painter = PyramidPainter((red, green, blue))
        self._window = int(facts["window"].split()[0]), int(facts["window"].split()[1])
        self._stride, self._offset = int(facts["stride"]), int(facts["offset"])
        self._nms = float(facts["nms_iou"]), float(facts["nms_covered"])
        self._turn = threading.Lock()

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        """Find the faces of an RGB picture, surest first.

        ``upsample`` scales the picture before the search (1 and 2 as dlib's upsampling 0 and 1 times); ``threshold``
        is the confidence to exceed.
        """
        scaling = Scaling.by(upsample)
        picture = scaling.apply(image)
        if min(picture.shape[:2]) < _MIN_SIDE:
            return []
        # The painter's array and the network's size are shared.
        with self._turn:
            plan, tiles = self._painter.paint(picture)
            self._settle(plan.rows, plan.columns)
            (scores,) = self._network.run(None, {"pyramid": tiles[None]})
        found = self._suppressed(self._decoded(plan, scores[0, 0], threshold))
        return [Detection(scaling.restore(one.box), one.confidence) for one in found]

    def _settle(self, rows: int, columns: int) -> None:
        """Open the network for one fixed size (about 20 ms): runs are then a tenth faster, and most pictures come in
        series of one size."""
        if self._size != (rows, columns):
            self._network = open_network(DETECTOR, self._threads, sizes={"rows": rows, "columns": columns})
            self._size = rows, columns

    def _decoded(self, plan: TiledPyramid, scores: NDArray[np.float32], threshold: float) -> list[Detection]:
        """A box in the picture for every score above the threshold, surest first."""
        # From the middle pixel to the last one of the window: dlib counts both edges as inside.
        width, height = (self._window[0] - 1) / 2, (self._window[1] - 1) / 2
        found = []
        for row, column in np.argwhere(scores > threshold).tolist():
            x, y = column * self._stride + self._offset, row * self._stride + self._offset
            level = plan.level_of(x, y)
            left, top = plan.to_picture(level, x - width, y - height)
            right, bottom = plan.to_picture(level, x + width, y + height)
            box = Box(*map(round_half_away, (left, top, right, bottom)))
            found.append(Detection(box, float(scores[row, column])))
        return sorted(found, key=lambda one: one.confidence, reverse=True)

    def _suppressed(self, found: list[Detection]) -> list[Detection]:
        kept: list[Detection] = []
        for one in found:
            if not any(_overlaps(other.box, one.box, *self._nms) for other in kept):
                kept.append(one)
        return kept
