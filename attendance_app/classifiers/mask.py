"""Whether a face wears a mask, and how: inference with our mask network in ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import softmax
from attendance_app.domain.faces import Box, Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion, MaskRule
from attendance_app.networks.fit import open_checked
from attendance_app.networks.mask_input import (
    ANSWERS,
    LEAST_CONTRAST,
    LEVEL_CONTRAST,
    PREPARATION,
    PROBABILITIES,
    SQUASHED,
    box_patch,
    normalise_light,
    square_patch,
)
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

    The calibration (temperature), the threshold of "unsure" and the way to prepare a face are in the file's metadata:
    they belong to the weights.
    """

    def __init__(self, *, network: Path | None = None, threads: int = 1) -> None:
        """Open the shipped network, or a ``network`` of one's own that fits (``networks.own``).

        Raises ModelFileError when the file is missing, altered or damaged.
        """
        self._session = open_network(NETWORK, threads) if network is None else open_checked(network, threads)
        facts = self._session.get_modelmeta().custom_metadata_map
        self._squashed = facts.get(PREPARATION) == SQUASHED
        self._probable = facts.get(ANSWERS) == PROBABILITIES
        # What is not levelled has a smaller contrast of its own.
        self._blank = BLANK * LEAST_CONTRAST / LEVEL_CONTRAST if self._squashed else BLANK
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
        """Cut the faces and prepare them as the network learnt: float32 (n, side, side, 3), RGB, 0 to 255."""
        cut = box_patch if self._squashed else square_patch
        return np.stack([self._patch(cut(image, box, margin=self._margin)) for box in boxes])

    def squashed(self, image: Image) -> NDArray[np.float32]:
        """The whole picture squashed to the network's square (1, side, side, 3), its light as the network learnt it.

        The mask report's test of one photo does so, whatever the picture's shape.
        """
        return self._patch(image)[None]

    def _patch(self, cut: Image) -> NDArray[np.float32]:
        shrinks = min(cut.shape[:2]) > self._side
        size = (self._side, self._side)
        # INTER_AREA averages when it shrinks; the linear one would skip pixels.
        resized = np.asarray(
            cv2.resize(cut, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), dtype=np.uint8
        )
        # The report's network has learnt pictures in the light in which they were taken.
        return resized.astype(np.float32) if self._squashed else normalise_light(resized)

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
        answers = np.concatenate(runs)
        if self._probable:
            # The softmax of the logarithms is what they were, and the temperature acts as on logits.
            answers = np.log(np.maximum(answers, 1e-12))
        probabilities = softmax(answers, temperature=self._temperature)
        blank = [cv2.meanStdDev(patch)[1].max() < self._blank for patch in patches]
        probabilities[blank] = 1 / len(MASK_CLASSES)
        return probabilities
