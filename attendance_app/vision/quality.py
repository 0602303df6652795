"""Is a face, or a whole frame, good enough to recognise?"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Flaw, Image, Landmarks, Quality

CROP: Final = 64
"""Pixels a side to which a face is brought before its sharpness is measured."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a face must have; units as in ``Quality``. ``sharpness`` is for a face from ``FINE_FROM`` on."""

    width_px: int
    sharpness: float
    darkest: float
    brightest: float
    yaw: float


SESSION: Final = Gate(width_px=16, sharpness=0.0022, darkest=0.045, brightest=0.9, yaw=0.75)
"""For deciding in class. By light and sharpness, two of three faces or more miss their own template below, at the
threshold that names one stranger in a hundred (``python -m benchmarks.quality``; docs/adr/0021). Narrow faces are
missed often too, but many looks at one add up. Bad faces are missed, not confused: the gate saves work and says why."""

FINE_FROM: Final = 34
"""Width in pixels from which a face can be as sharp as ``CROP`` shows; of a narrower one, magnified to that, less is
asked. In a composed room 71 % of the looks at faces of 20 to 24 pixels between 0.0016 and 0.0022 had the right student
nearest, and 10 % of those below 0.0011."""

ENROLLABLE: Final = replace(SESSION, width_px=18)
"""Below, a photo is not enrolled. One of fewer than 30 pixels is weak (``domain.people.WEAK_BELOW``)."""

ENROLMENT: Final = Gate(width_px=60, sharpness=0.005, darkest=0.1, brightest=0.82, yaw=0.5)
"""For a photo to compare with from then on: about where misses reach 10 % by light, 40 % by blur; nothing is lost
at 60 px or a yaw of 0.5. Of unspoilt photos nearly all pass."""


RESOLVING: Final = ((16, 0.0026), (20, 0.0038), (24, 0.0050), (32, 0.0071), (40, 0.0089), (56, 0.0117), (80, 0.0140))
"""Width in pixels and the sharpness that three of four unspoilt faces of that width have (2,119 pictures of LFW).

A wider face that is no sharper lies as far from its own encoding as a small one: of 32 to 90 pixels, blurred to 0.003,
0.005 and 0.009, as one of 18, 22 and 27 pixels, whatever its width (docs/adr/0042)."""


def assess(image: Image, box: Box, landmarks: Landmarks, *, gate: Gate = SESSION) -> Quality:
    """Measure a face: ``image`` RGB, ``landmarks`` dlib's five points in its pixels.

    ``sharpness`` is the energy of fine detail as a share of all contrast, on the face brought to one size
    (0: none); ``brightness`` the mean of its grey values, 0 to 1; ``yaw`` as in ``Quality``, without sign.
    """
    face = _grey_face(image, landmarks)
    sharpness, brightness, yaw = _sharpness(face), float(face.mean()) / 255, abs(turn(landmarks))
    flaw = _flaw(gate, box.width, sharpness, brightness, yaw)
    score = _score(box.width, sharpness, brightness, yaw)
    return Quality(score, flaw, box.width, sharpness, brightness, yaw)


def resolved_px(quality: Quality) -> float:
    """Return the width in pixels at which a sharp face would show as much as this one does: its own, or less."""
    return resolved_width(quality.width_px, quality.sharpness)


def resolved_width(width_px: float, sharpness: float) -> float:
    """Return the same for a width in pixels and a sharpness as ``assess`` measures them."""
    if sharpness >= RESOLVING[-1][1]:
        return float(width_px)
    widths, sharp = zip(*RESOLVING, strict=True)
    # The 1e-6 keeps a face without any detail from a logarithm of 0.
    resolved = np.exp(np.interp(np.log(max(sharpness, 1e-6)), np.log(sharp), np.log(widths)))
    return min(float(width_px), float(resolved))


def flaw_by(gate: Gate, quality: Quality) -> Flaw | None:
    """Judge a face that was measured already by another gate."""
    return _flaw(gate, quality.width_px, quality.sharpness, quality.brightness, quality.yaw)


def _flaw(gate: Gate, width: int, sharpness: float, brightness: float, yaw: float) -> Flaw | None:
    """Name the gravest flaw: what makes the others meaningless comes first."""
    if width < gate.width_px:
        return Flaw.TOO_SMALL
    if brightness < gate.darkest:
        return Flaw.TOO_DARK
    if brightness > gate.brightest:
        return Flaw.TOO_BRIGHT
    if yaw > gate.yaw:
        return Flaw.TURNED_AWAY
    if sharpness < gate.sharpness * min(1.0, width / FINE_FROM):
        return Flaw.BLURRED
    return None


def _score(width: int, sharpness: float, brightness: float, yaw: float) -> float:
    """Rank faces of one person: each part is 1 from where on recognition no longer gains (see ``SESSION``)."""
    size = min(1.0, max(0.0, (width - 15) / 45))
    detail = min(1.0, sharpness / 0.02)
    light = min(1.0, brightness / 0.15, (1 - brightness) / 0.3)
    frontal = max(0.0, 1 - yaw / 2)
    return size * detail * light * frontal


def turn(landmarks: Landmarks) -> float:
    """Return the yaw with its sign: above 0 the nose points to the picture's right, which is the person's left."""
    right_outer, left_outer, nose = landmarks[0], landmarks[2], landmarks[4]
    across = right_outer - left_outer
    half = float(np.hypot(*across)) / 2
    # Both eyes' corners on one point: the face can't be turned further.
    if half == 0:
        return 1.0
    middle = (right_outer + left_outer) / 2
    return float((nose - middle) @ across) / (2 * half * half)


def _grey_face(image: Image, landmarks: Landmarks) -> NDArray[np.float32]:
    """Cut out the face about the landmarks, upright, as ``CROP`` x ``CROP`` grey values (0 to 255)."""
    import cv2

    right_outer, left_outer, nose = landmarks[0], landmarks[2], landmarks[4]
    eyes = (right_outer + left_outer) / 2
    across = right_outer - left_outer
    # The eyes' outer corners half the crop apart: brows to upper lip, cheek to cheek.
    side = max(4.0, 2 * float(np.hypot(*across)))
    angle = float(np.degrees(np.arctan2(across[1], across[0])))
    centre = (eyes + nose) / 2
    shrink = CROP / side
    turn = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, shrink).astype(np.float64)
    # OpenCV turns about ``centre`` in place; this brings it to the middle of the crop.
    turn[:, 2] += CROP / 2 - centre
    source, turn = _reduced(image, turn, shrink, centre, side)
    face = cv2.warpAffine(source, turn, (CROP, CROP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _reduced(
    image: Image, turn: NDArray[np.float64], shrink: float, centre: NDArray[np.float32], side: float
) -> tuple[Image, NDArray[np.float64]]:
    """Bring large faces near the crop's size by averaging first: warping alone would skip pixels and look sharper."""
    import cv2

    times = int(1 / shrink)
    if times < 2:
        return image, turn
    height, width = image.shape[:2]
    left, top = (max(0, int(value - side)) for value in centre)
    right, bottom = min(width, int(centre[0] + side)), min(height, int(centre[1] + side))
    if right - left < times or bottom - top < times:
        return image, turn
    small = cv2.resize(
        image[top:bottom, left:right],
        ((right - left) // times, (bottom - top) // times),
        interpolation=cv2.INTER_AREA,
    )
    scale_x, scale_y = (right - left) / small.shape[1], (bottom - top) / small.shape[0]
    moved = turn.copy()
    # The middle of a reduced pixel lies between those of the pixels that it averages.
    moved[:, 2] += turn[:, :2] @ np.array([left + (scale_x - 1) / 2, top + (scale_y - 1) / 2])
    moved[:, 0] *= scale_x
    moved[:, 1] *= scale_y
    return small, moved  # type: ignore[return-value]


def _sharpness(face: NDArray[np.float32]) -> float:
    """Energy of the second derivative, in the direction that has less, as a share of the grey values' variance.

    A modified Laplacian (Nayar and Nakagawa, 1994) whose directions are kept apart, so that motion blur, which
    spares one of them, shows too: rank correlation with the distance to the own template 0.79, of the usual
    variance of the Laplacian 0.67 (30 people of LFW, blurred and smeared). The share makes it independent of light.
    """
    import cv2

    smooth = cv2.GaussianBlur(face, (3, 3), 0)
    across = cv2.Sobel(smooth, cv2.CV_32F, 2, 0, ksize=1)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 2, ksize=1)
    # The 1 keeps a face without any contrast from dividing by zero.
    return float(min(across.var(), down.var()) / (face.var() + 1.0))


class FrameHint(Enum):
    """What is wrong with a whole picture, for advice on the spot."""

    TOO_DARK = "too dark"
    BACKLIT = "backlit"
    BLURRED = "blurred"


def frame_hint(image: Image) -> FrameHint | None:
    """Return the one thing most worth changing about light or focus of an RGB picture, or None.

    Only what is far off: no picture or clip of the classrooms, groups and talking heads that these numbers were
    looked up on is called blurred (least sharpness 0.0006, blurred by 2 % of its width at most 0.0002).
    """
    import cv2

    height, width = image.shape[:2]
    scale = 320 / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float32)
    if np.median(grey) < 25:
        return FrameHint.TOO_DARK
    if (grey > 245).mean() > 0.15 and np.median(grey[grey <= 245], axis=None) < 60:
        return FrameHint.BACKLIT
    if _sharpness(grey) < 0.0004:
        return FrameHint.BLURRED
    return None
