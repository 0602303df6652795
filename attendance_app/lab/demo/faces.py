"""Faces of people who do not exist: a model of shape and appearance learnt from many people, and random draws from it.

Plain principal components of aligned pictures blur whatever does not fall on the same pixel. Here every
picture is first laid over the mean face by optical flow (Vetter, Jones and Poggio, 1997: the flow is projected
on its own principal components before it is used again), so that eyes, brows, noses and mouths coincide;
flows and straightened pictures are then two linear models. A draw has random coefficients in both. Uneven
light and whatever surrounds a face are taken out first, so that the components are spent on how people differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image, Landmarks

Floats = NDArray[np.float32]

WIDTH, HEIGHT = 128, 144
"""Of the model's pictures, in pixels."""
EYES_Y, EYE_DISTANCE = 56.0, 46.0
"""Where the eyes' centres lie in them: at this height, so far apart, about the middle column."""
APPEARANCE, SHAPES = 90, 16
"""Components kept: more of them add the grain of single pictures, not likeness."""
APPEARANCE_SPREAD, SHAPE_SPREAD = 0.8, 1.0
"""Standard deviations of drawn coefficients: beyond them faces look like masks."""
GRID = (32, 36)
"""Width and height in which flows are kept; they are smooth."""
LARGEST_FLOW = 14.0
LIGHT_REACH = 13.0
"""Standard deviation in pixels of the blur that tells light from features."""
LIGHT_TAKEN: Floats = np.array([0.7, 0.85, 0.85], np.float32)
"""Share of the uneven light that is taken out: of lightness, and of the two colours."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceCoefficients:
    """Coefficients in standard deviations: one person's face."""

    appearance: Floats
    shape: Floats

    def varied(self, random: np.random.Generator, strength: float) -> "FaceCoefficients":
        """The same person a moment later: every coefficient off by ``strength`` standard deviations."""
        return FaceCoefficients(
            (self.appearance + strength * random.standard_normal(APPEARANCE)).astype(np.float32),
            (self.shape + strength * random.standard_normal(SHAPES)).astype(np.float32),
        )

    def mixed(self, other: "FaceCoefficients", share: float) -> "FaceCoefficients":
        """Another person somewhat like this one, no likelier or unlikelier than a fresh draw."""
        kept = float(np.sqrt(1 - share**2))
        return FaceCoefficients(
            kept * self.appearance + share * other.appearance, kept * self.shape + share * other.shape
        )


def draw(random: np.random.Generator) -> FaceCoefficients:
    """Draw a person."""
    return FaceCoefficients(
        (APPEARANCE_SPREAD * random.standard_normal(APPEARANCE)).astype(np.float32),
        (SHAPE_SPREAD * random.standard_normal(SHAPES)).astype(np.float32),
    )


@dataclass(frozen=True, slots=True, eq=False)
class FaceModel:
    """Two linear models. ``appearance``: components x (h * w * 3), each row one standard deviation; so ``shapes``."""

    mean: Floats
    appearance: Floats
    shapes: Floats

    def render(self, drawn: FaceCoefficients) -> Floats:
        """Return the face, HEIGHT x WIDTH x 3, RGB, 0 to 255; what lies outside the face means nothing."""
        picture = (self.mean + drawn.appearance @ self.appearance).reshape(HEIGHT, WIDTH, 3)
        # Nearly symmetric: half of every drawn side comes from the other one.
        picture = 0.55 * picture + 0.45 * picture[:, ::-1]
        flow = _full_size((drawn.shape @ self.shapes).reshape(GRID[1], GRID[0], 2))
        back = np.zeros_like(flow)
        for _ in range(8):  # the inverse of a small smooth flow, by fixed point
            back = -_moved(flow, back)
        return np.clip(_moved(picture.astype(np.float32), back), 0, 255)


def aligned(image: Image, landmarks: Landmarks) -> Image | None:
    """Lay a picture's eyes on the model's; None if the face is turned, tilted, or too small to learn from."""
    right, left = landmarks[0:2].mean(axis=0), landmarks[2:4].mean(axis=0)
    axis = right - left
    distance = float(np.linalg.norm(axis))
    # How far the nose lies beside the middle of the eyes, in distances of the eyes: 0 from the front.
    turned = float((landmarks[4] - (right + left) / 2) @ axis) / distance**2
    if distance < 30 or abs(turned) > 0.11 or abs(axis[1]) > 0.25 * abs(axis[0]):
        return None
    middle, half, corner = WIDTH / 2, EYE_DISTANCE / 2, 0.235 * EYE_DISTANCE
    wanted = np.array(
        [
            [middle + half + corner, EYES_Y],
            [middle + half - corner, EYES_Y],
            [middle - half - corner, EYES_Y],
            [middle - half + corner, EYES_Y],
            [middle, EYES_Y + 0.66 * EYE_DISTANCE],
        ],
        np.float32,
    )
    # Turn, shift and one scale: a face must not be squeezed to fit. Least median: one bad point does no harm.
    found, _ = cv2.estimateAffinePartial2D(landmarks.astype(np.float32), wanted, method=cv2.LMEDS)
    matrix = cast("NDArray[np.float64] | None", found)  # None where no such map was found; the stubs don't know
    if matrix is None:
        return None
    moved = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def mouth_is_closed(image: Image) -> bool:
    """Tell whether the mouth of an aligned picture is closed: no teeth (pale, not red) and no dark opening."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    cheeks = np.median(lab[74:90, 30:98].reshape(-1, 3), axis=0)
    mouth = lab[96:122, 46:82]
    # Against this face's own cheeks, since skin and light differ from picture to picture.
    teeth = (mouth[..., 0] > cheeks[0] - 12) & (mouth[..., 1] < cheeks[1] - 5)
    opening = np.percentile(lab[100:120, 50:78, 0], 4) / max(float(cheeks[0]), 1.0)
    return bool(teeth.mean() < 0.06 and opening > 0.25)


def sharpness(image: Image) -> float:
    """Variance of the Laplacian over the face, as a number to sort by."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[18:118, 18:110]
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def learn(pictures: Sequence[Image]) -> FaceModel:
    """Learn the two models from aligned pictures; seven hundred take about a minute."""
    plain = [_evened(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)) for picture in pictures]
    flows = np.zeros((len(pictures), GRID[1], GRID[0], 2), np.float32)
    reference = _evened(np.mean(plain, axis=0, dtype=np.float32))
    # Twice: a rough mean face and few components first, then from those flows a sharper mean and finer ones.
    for kept in (6, 20):
        flows = np.stack([_flow(reference, one, first) for one, first in zip(plain, flows, strict=True)])
        flows = _projected(flows, kept)
        laid_over = [_moved(one, _full_size(flow)) for one, flow in zip(plain, flows, strict=True)]
        reference = _evened(np.mean(laid_over, axis=0, dtype=np.float32))
    straight = np.stack(
        [_moved(picture.astype(np.float32), _full_size(flow)) for picture, flow in zip(pictures, flows, strict=True)]
    )
    lit = _evenly_lit(straight)
    faces = lit.mean(axis=0) + _inside_face(1.06)[..., None] * (lit - lit.mean(axis=0))
    mean, appearance = _components(faces.reshape(len(pictures), -1), APPEARANCE)
    _, shapes = _components(flows.reshape(len(pictures), -1), SHAPES)
    return FaceModel(mean, appearance, shapes)


def _inside_face(size: float = 1.0) -> Floats:
    """1 in the face, 0 outside, with a soft edge."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    radius = np.abs((columns - WIDTH / 2) / (44 * size)) ** 2.4 + np.abs((rows - 68) / (58 * size)) ** 2.4
    return np.asarray(cv2.GaussianBlur((radius < 1).astype(np.float32), (0, 0), 2.0), np.float32)


def _evenly_lit(pictures: Floats) -> Floats:
    """Give all faces (n x HEIGHT x WIDTH x 3) the mean face's slow changes of light and colour; each keeps its tone."""
    inside = _inside_face()
    near = np.maximum(cv2.GaussianBlur(inside, (0, 0), LIGHT_REACH), 1e-3)[..., None]
    labs = np.stack([cv2.cvtColor(np.clip(one, 0, 255) / 255, cv2.COLOR_RGB2LAB) for one in pictures])

    def light(lab: Floats) -> Floats:
        within = lab * inside[..., None]
        tone = within.sum(axis=(0, 1)) / inside.sum()
        return np.asarray(cv2.GaussianBlur(within, (0, 0), LIGHT_REACH) / near - tone, np.float32)

    usual = light(labs.mean(axis=0))
    evened = (lab - LIGHT_TAKEN * (light(lab) - usual) for lab in labs)
    return np.stack([np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255, 0, 255) for lab in evened])


def _evened(grey: Floats) -> Image:
    """Local contrast made alike everywhere, so that light does not look like movement."""
    mean = cv2.GaussianBlur(grey, (0, 0), 12)
    # The 8 keeps noise in even skin from being raised to full contrast.
    deviation = np.sqrt(cv2.GaussianBlur((grey - mean) ** 2, (0, 0), 12)) + 8
    return np.asarray(np.clip(128 + 40 * (grey - mean) / deviation, 0, 255), np.uint8)


def _flow(reference: Image, picture: Image, first: Floats) -> Floats:
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    method.setFinestScale(1)
    found = method.calc(reference, picture, _full_size(first))
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    inside = np.exp(-(((columns - WIDTH / 2) / 62) ** 4 + ((rows - 70) / 72) ** 4))[..., None]
    smooth = cv2.GaussianBlur(np.clip(found, -LARGEST_FLOW, LARGEST_FLOW) * inside, (0, 0), 5)
    return np.asarray(cv2.resize(smooth, GRID, interpolation=cv2.INTER_AREA), np.float32)


def _projected(flows: Floats, kept: int) -> Floats:
    """Keep the ``kept`` strongest ways in which faces differ in shape; noise and mistakes are left out."""
    rows = flows.reshape(len(flows), -1)
    rows = rows - rows.mean(axis=0)
    directions = np.linalg.svd(rows, full_matrices=False)[2][:kept]
    return np.asarray((rows @ directions.T @ directions).reshape(flows.shape), np.float32)


def _components(rows: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean, and the principal components scaled to one standard deviation (through the small Gram matrix)."""
    mean = rows.mean(axis=0)
    centred = rows - mean
    # Pictures x pictures instead of pixels x pixels: hundreds, not 55,296, and the same components.
    _, vectors = np.linalg.eigh(centred @ centred.T)
    chosen = vectors[:, ::-1][:, :count]
    # An eigenvector's sign is arbitrary; fixed, the same seed gives the same people.
    chosen = chosen * np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(chosen.shape[1])])
    return mean, np.asarray(chosen.T @ centred / np.sqrt(len(rows)), np.float32)


def _full_size(flow: Floats) -> Floats:
    return np.asarray(cv2.resize(flow, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32)


def _moved(picture: NDArray[np.uint8] | Floats, flow: Floats) -> Floats:
    """``picture`` looked up at each pixel's place plus ``flow``."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    moved = cv2.remap(
        picture, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.float32)
