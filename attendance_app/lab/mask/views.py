"""Faces as the training keeps them, and the many ways in which a camera might have shown them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image
from attendance_app.lab.mask.networks import SIDE
from attendance_app.networks.mask_input import PATCH_MARGIN, normalise_light, square_patch

KEPT_SIDE = 160
KEPT_MARGIN = 2.0
"""A kept face: KEPT_SIDE pixels a side, KEPT_MARGIN times its box, so that a view can shift, turn and shrink in it."""

_BOX = KEPT_SIDE / KEPT_MARGIN
_Step = Callable[[Image, np.random.Generator], Image]


@dataclass(frozen=True, slots=True)
class BoxJitter:
    """Standard deviations of how far a view strays from the box: what detectors do, and more."""

    scale: float = 0.10
    degrees: float = 9.0
    shift: float = 0.06
    """In sides of the box."""
    aspect: float = 0.07


def kept_face(image: Image, box: Box) -> Image:
    """Cut a face with room around it, KEPT_SIDE pixels a side."""
    square = square_patch(image, box, margin=KEPT_MARGIN)
    how = cv2.INTER_AREA if square.shape[0] > KEPT_SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (KEPT_SIDE, KEPT_SIDE), interpolation=how), dtype=np.uint8)


def plain_view(face: Image, *, mirrored: bool = False) -> NDArray[np.float32]:
    """The face as the product shows it to the network: SIDE x SIDE x 3, levelled."""
    # Mirrored after it is placed, as the product does, so that the pixels are the same.
    view = _placed(face, _matrix(scale=1.0, degrees=0.0, shift=(0.0, 0.0), aspect=1.0, mirrored=False))
    return normalise_light(view[:, ::-1] if mirrored else view)


def lit(face: Image, factor: float) -> Image:
    """The face with every pixel multiplied by ``factor``, clipped as a camera clips."""
    if factor == 1:
        return face
    return np.asarray(np.clip(face * np.float32(factor), 0, 255), dtype=np.uint8)


def random_view(face: Image, rng: np.random.Generator, *, shake: BoxJitter = BoxJitter()) -> NDArray[np.float32]:
    """The face jittered, turned, lit and filmed at random: SIDE x SIDE x 3, levelled."""
    matrix = _matrix(
        scale=float(np.exp(rng.normal(0, shake.scale))),
        degrees=float(rng.normal(0, shake.degrees)),
        shift=(float(rng.normal(0, shake.shift)), float(rng.normal(0, shake.shift))),
        aspect=float(np.exp(rng.normal(0, shake.aspect))),
        mirrored=bool(rng.random() < 0.5),
    )
    view = _placed(face, matrix)
    for chance, step in _STEPS:
        if rng.random() < chance:
            view = step(view, rng)
    return normalise_light(view)


def _matrix(
    *, scale: float, degrees: float, shift: tuple[float, float], aspect: float, mirrored: bool
) -> NDArray[np.float64]:
    """From a kept face to a view, 2 x 3."""
    zoom = SIDE / (_BOX * PATCH_MARGIN * scale)
    cosine, sine = np.cos(np.deg2rad(degrees)) * zoom, np.sin(np.deg2rad(degrees)) * zoom
    turn = np.array([[cosine * aspect, -sine], [sine, cosine / aspect]])
    if mirrored:
        turn = np.diag([-1.0, 1.0]) @ turn
    center = np.array([KEPT_SIDE / 2 + shift[0] * _BOX, KEPT_SIDE / 2 + shift[1] * _BOX])
    return np.column_stack([turn, SIDE / 2 - turn @ center])


def _placed(face: Image, matrix: NDArray[np.float64]) -> Image:
    view = cv2.warpAffine(face, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(view, dtype=np.uint8)


def _far_away(view: Image, rng: np.random.Generator) -> Image:
    side = int(rng.integers(22, 90))
    small = cv2.resize(view, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _blurred(view: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.GaussianBlur(view, (0, 0), float(rng.uniform(0.5, 2.2))), dtype=np.uint8)


def _lit(view: Image, rng: np.random.Generator) -> Image:
    """Gamma, exposure, a colour cast and contrast; clipped as a camera clips."""
    values = 255 * (view.astype(np.float32) / 255) ** np.exp(rng.normal(0, 0.3))
    # normalise_light takes mean and contrast back afterwards; what was clipped stays lost, as in a glaring room.
    values *= np.exp(rng.normal(-0.1, 0.45)) * np.exp(rng.normal(0, 0.07, 3))
    mean = values.mean()
    values = (values - mean) * np.exp(rng.normal(0, 0.2)) + mean + rng.normal(0, 12)
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def _grey(view: Image, rng: np.random.Generator) -> Image:  # noqa: ARG001 - one signature for all steps
    grey: NDArray[np.float64] = view.mean(axis=2, keepdims=True)
    return np.repeat(grey.astype(np.uint8), 3, axis=2)


def _noisy(view: Image, rng: np.random.Generator) -> Image:
    noise = rng.normal(0, rng.uniform(1, 10), view.shape)
    return np.clip(view + noise, 0, 255).astype(np.uint8)


def _compressed(view: Image, rng: np.random.Generator) -> Image:
    # OpenCV takes RGB for BGR here and when it reads the file back, so the colours come back in their order.
    _, file = cv2.imencode(".jpg", view, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 75))])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), dtype=np.uint8)


def _covered(view: Image, rng: np.random.Generator) -> Image:
    width, height = (int(side) for side in rng.integers(8, 36, 2))
    left, top = int(rng.integers(0, SIDE - width)), int(rng.integers(0, SIDE - height))
    covered = view.copy()
    covered[top : top + height, left : left + width] = rng.integers(0, 256, 3)
    return covered


# In the order in which a camera does it: distance and lens, light, sensor, compression; something in the way is last.
_STEPS: tuple[tuple[float, _Step], ...] = (
    (0.35, _far_away),
    (0.20, _blurred),
    (0.95, _lit),
    (0.12, _grey),
    (0.30, _noisy),
    (0.30, _compressed),
    (0.12, _covered),
)
"""Chance of each step, in this order."""
