"""Whether a face wears a mask, and how: inference with our mask network in ONNX Runtime."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import softmax
from attendance_app.domain.faces import Box, Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion, MaskRule
from attendance_app.networks.mask_input import normalise_light, square_patch
from attendance_app.networks.runtime import open_network

NETWORK = "mask.onnx"
BATCH = 4
"""Faces a run: more gain nothing and need more memory."""
BLANK = 15.0
"""Standard deviation of a channel, 0 to 255, below which a levelled patch shows no face.

Levelling multiplies by 55 / 6 at most (``LEVEL_CONTRAST``, ``LEAST_CONTRAST``), so such a patch varied by less than 2
before: a wall, a covered lens."""


class MaskClassifier:
    """The mask network. Thread-safe: ONNX Runtime's sessions are, and nothing else is kept.

    The calibration (temperature) and the threshold of "unsure" are in the file's metadata: they belong to the weights.
    """

    def __init__(self, *, network: str = NETWORK, threads: int = 1) -> None:
        """Open the network; raises ModelFileError when its file is missing or altered."""
        self._session = open_network(network, threads)
        facts = self._session.get_modelmeta().custom_metadata_map
        self._margin = float(facts["margin"])
        self._temperature = float(facts["temperature"])
        self._side = int(self._session.get_inputs()[0].shape[1])
        self.split_seed = int(facts["seed"])
        self.rule = MaskRule(least_probability=float(facts["least_probability"]))

    def classify(
        self,
        image: Image,
        boxes: Sequence[Box],
        landmarks: NDArray[np.float32] | None = None,  # noqa: ARG002
    ) -> list[MaskOpinion]:
        """Judge the faces of ``image`` (RGB) in ``boxes`` (as dlib's detectors give them), in that order.

        ``landmarks`` are accepted for callers that have them; the network was trained on tilted faces and does
        without: under a mask the nose's point is a guess.
        """
        if not boxes:
            return []
        return [self.rule.opinion(row) for row in self.probabilities(self.patches(image, boxes))]

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion:
        """Return the result of several frames of a track: that of their mean. Raises ValueError for none."""
        return self.rule.average(opinions)

    def patches(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """Cut the faces and level their light: float32 (n, side, side, 3), RGB, 0 to 255."""
        return np.stack([self._patch(square_patch(image, box, margin=self._margin)) for box in boxes])

    def _patch(self, square: Image) -> NDArray[np.float32]:
        shrinks = square.shape[0] > self._side
        size = (self._side, self._side)
        # INTER_AREA averages when it shrinks; the linear one would skip pixels.
        resized = cv2.resize(square, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return normalise_light(np.asarray(resized, dtype=np.uint8))

    def probabilities(self, patches: NDArray[np.float32], *, mirrored: bool = False) -> NDArray[np.float64]:
        """Calibrated probabilities (n, 3) in the order of ``MASK_CLASSES``.

        A blank patch gets three equal ones. ``mirrored``: the mean with those of the mirror images, at twice the cost.
        """
        if not len(patches):
            return np.zeros((0, len(MASK_CLASSES)))
        if mirrored:
            # Axis 2 is the width: reversed, it is the mirror image.
            both = self.probabilities(np.concatenate([patches, patches[:, :, ::-1]]))
            return np.asarray(both.reshape(2, len(patches), -1).mean(axis=0))
        runs = [
            self._session.run(None, {"input": np.ascontiguousarray(patches[start : start + BATCH])})[0]
            for start in range(0, len(patches), BATCH)
        ]
        probabilities = softmax(np.concatenate(runs), temperature=self._temperature)
        blank = [cv2.meanStdDev(patch)[1].max() < BLANK for patch in patches]
        probabilities[blank] = 1 / len(MASK_CLASSES)
        return probabilities
