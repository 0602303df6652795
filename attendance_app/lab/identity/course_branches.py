"""Trains networks of the identity report side by side: one that learns all photos of a course, and one a fold.

They are one Keras model with a branch each and no weight in common, so that one fit, one checkpoint and one history
serve all, and an epoch that was the best for the photos kept back is the same for all.
"""

import math
from collections.abc import Sequence
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.fitting import EpochBatches
from attendance_app.lab.identity.course_folds import Fold, Indices
from attendance_app.lab.identity.report import LEARNING_RATE, build
from attendance_app.lab.identity.report_results import VARIANTS
from attendance_app.networks.identity_input import GREY_SHAPE

BATCH = 16
LEAST_BATCHES = 12
"""In an epoch: each photo of a small course is shown several times, each time changed anew."""
SHIFT, TURN, SCALE = 0.06, 10.0, 0.08
"""Up to this share of the sides, these degrees, and this share of the size."""
GAIN, LIFT = 0.25, 0.1
"""Light is multiplied by up to this share more or less, and this much is added or taken away (of 1)."""
BLUR = 2.0
"""Pixels at most, as a standard deviation: every other view is blurred, as small faces of a camera are."""

MOMENTUM = 0.9
"""Of the batch normalisation's means: Keras's 0.99 needs more batches than a course's photos make."""

Floats = NDArray[np.float32]


def changed(view: Floats, random: np.random.Generator) -> Floats:
    """Return a grey view (125, 94, 1) mirrored, moved, turned, scaled, relit and blurred by chance."""
    height, width, _ = view.shape
    matrix = cv2.getRotationMatrix2D(
        (width / 2, height / 2), float(random.uniform(-TURN, TURN)), float(1 + random.uniform(-SCALE, SCALE))
    )
    matrix[:, 2] = matrix[:, 2] + random.uniform(-SHIFT, SHIFT, 2) * np.array([width, height])
    mirrored = view[:, ::-1] if random.random() < 0.5 else view
    moved = cv2.warpAffine(
        np.ascontiguousarray(mirrored[:, :, 0]), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    if random.random() < 0.5:
        moved = cv2.GaussianBlur(moved, (0, 0), float(random.uniform(0.3, BLUR)))
    lit = (moved * (1 + random.uniform(-GAIN, GAIN)) + random.uniform(-LIFT, LIFT)).astype(np.float32)
    return np.clip(lit, 0, 1)[:, :, np.newaxis]


class BranchBatches(EpochBatches):
    """For each branch pictures of its own; seed and epoch decide which and how they are changed."""

    def __init__(self, views: Floats, targets: Floats, learnt: Sequence[Indices], *, seed: int) -> None:
        self._views, self._targets, self._learnt, self._seed = views, targets, learnt, seed
        super().__init__()

    def begin(self, epoch: int) -> None:
        super().begin(epoch)
        size = len(self) * BATCH
        orders = []
        for branch, learnt in enumerate(self._learnt):
            random = np.random.default_rng((self._seed, epoch, branch))
            rounds = math.ceil(size / len(learnt))
            orders.append(np.concatenate([random.permutation(learnt) for _ in range(rounds)])[:size])
        # One row a picture of the batch, one column a branch.
        self._order = np.stack(orders, axis=1)

    def __len__(self) -> int:
        return max(LEAST_BATCHES, math.ceil(len(self._views) / BATCH))

    def __getitem__(self, index: int) -> tuple[Floats, Floats]:
        chosen = self._order[index * BATCH : (index + 1) * BATCH]
        random = np.random.default_rng((self._seed, self.epoch, index))
        pictures = np.stack([[changed(self._views[photo], random) for photo in row] for row in chosen])
        return pictures, self._targets[chosen]


def kept_back(views: Floats, targets: Floats, folds: Sequence[Fold]) -> tuple[Floats, Floats]:
    """Return the photos that folds keep back, in their branches' places; what is empty has no target."""
    longest = max(len(fold.own) for fold in folds)
    pictures = np.zeros((longest, len(folds) + 1, *GREY_SHAPE), np.float32)
    wanted = np.zeros((longest, len(folds) + 1, targets.shape[1]), np.float32)
    for branch, fold in enumerate(folds):
        pictures[: len(fold.own), branch] = views[fold.own]
        wanted[: len(fold.own), branch] = targets[fold.own]
    return pictures, wanted


def build_branches(variant: int, *, branches: int, students: int) -> tuple[Any, list[Any]]:
    """Return the compiled model, (n, branches, 125, 94, 1) to (n, branches, students), and its branches."""
    parts = [build(VARIANTS[variant], classes=students) for _ in range(branches)]
    for layer in (layer for part in parts for layer in part.layers):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    whole = keras.Input((branches, *GREY_SHAPE))
    answers = [part(whole[:, place]) for place, part in enumerate(parts)]
    model = keras.Model(whole, keras.ops.stack(answers, axis=1))
    model.compile(keras.optimizers.Adam(LEARNING_RATE), _loss, metrics=[_accuracy])
    return model, parts


def leave_out_softmax(parts: Sequence[Any]) -> None:
    """Have the branches answer with their scores before the softmax, once they are trained."""
    for part in parts:
        part.layers[-1].activation = keras.activations.linear


def _loss(wanted: Any, answers: Any) -> Any:
    """The mean cross-entropy of the branches that have a picture, (n,)."""
    logs = keras.ops.log(keras.ops.clip(answers, 1e-7, 1.0))
    return -keras.ops.sum(wanted * logs, axis=(1, 2)) / keras.ops.maximum(keras.ops.sum(wanted, axis=(1, 2)), 1.0)


def _accuracy(wanted: Any, answers: Any) -> Any:
    there = keras.ops.sum(wanted, axis=2)
    right = keras.ops.cast(keras.ops.equal(keras.ops.argmax(wanted, 2), keras.ops.argmax(answers, 2)), "float32")
    return keras.ops.sum(there * right, axis=1) / keras.ops.maximum(keras.ops.sum(there, axis=1), 1.0)


# Under this name the history has it.
_accuracy.__name__ = "accuracy"
