"""Draws masks on faces: worn right, under the nose, on the chin, or hanging from one ear.

The head is a bulge in millimetres, seen by a far camera; its turn is found from dlib's five points. Every pixel near
the face is carried back to the bulge, where the mask's outline, pleats and pattern are drawn as on a flat cloth. Only
the five points are needed (the 68-point predictor's training set forbids commercial use).
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.domain.faces import Image, Landmarks
from attendance_app.lab.mask.cloth import Cloth, random_cloth

Floats = NDArray[np.float64]


class WearStyle(Enum):
    """How a drawn mask is worn."""

    RIGHT = "right"
    UNDER_NOSE = "under_nose"
    ON_CHIN = "on_chin"
    ON_ONE_EAR = "on_one_ear"


FIVE = np.array([[45, 0, -14], [16, 1, 0], [-45, 0, -14], [-16, 1, 0], [0, 47, 14]], dtype=np.float64)
"""An adult's five points in millimetres (right, down, towards the camera), about the middle between the eyes, in
dlib's order: outer and inner corner of the eye on the picture's right, of that on its left, base of the nose."""

_YAWS, _PITCHES = np.deg2rad(np.arange(-36, 37, 4)), np.deg2rad(np.arange(-16, 17, 8))
_HALF_WIDTH, _BULGE = 72.0, 42.0
"""Of the head, in millimetres: from the middle to the side, and how far the side lies behind the middle."""
_UPRIGHT_COST = 0.6
"""Square millimetres that ten squared degrees of turn cost: five points alone would see turns in every grin."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """``turn`` maps the flat face (x + iy, mm) to pixels by ``turn * z + shift``; ``yaw`` and ``pitch`` in radians."""

    turn: complex
    shift: complex
    yaw: float
    pitch: float

    def project(self, points: Floats) -> Floats:
        """Pixels (n, 2) of points (n, 3) in millimetres."""
        flat = self.turn * _flat(points, self.yaw, self.pitch) + self.shift
        return np.column_stack([flat.real, flat.imag])

    def surface(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Where on the head, in millimetres (x, y), pixels lie; found by a few fixed-point steps."""
        flat = (columns + 1j * rows - self.shift) / self.turn
        x, y = flat.real.copy(), flat.imag.copy()
        # The depth depends on the place that is sought, so the place is improved from the depth, four times.
        for _ in range(4):
            depth = -_BULGE * np.minimum((x / _HALF_WIDTH) ** 2, 1.6)
            y = (flat.imag + depth * np.sin(self.pitch)) / np.cos(self.pitch)
            x = (flat.real - depth * np.sin(self.yaw)) / np.cos(self.yaw)
        return x, y


def _flat(points: Floats, yaw: float, pitch: float) -> NDArray[np.complex128]:
    x, y, z = points.T
    across: Floats = x * np.cos(yaw) + z * np.sin(yaw)
    down: Floats = y * np.cos(pitch) - z * np.sin(pitch)
    return across + 1j * down


def find_pose(landmarks: Landmarks) -> Pose:
    """The turn under which the five points of a mean adult lie nearest to ``landmarks`` (5, 2)."""
    seen = landmarks[:, 0].astype(np.float64) + 1j * landmarks[:, 1].astype(np.float64)
    best, least = Pose(1 + 0j, 0j, 0.0, 0.0), np.inf
    for yaw in _YAWS.tolist():
        for pitch in _PITCHES.tolist():
            flat = _flat(FIVE, yaw, pitch)
            centred = flat - flat.mean()
            # As complex numbers a turn with a scale is one factor; this is the least-squares one.
            turn = complex(np.vdot(centred, seen) / np.vdot(centred, centred).real)
            shift = complex(seen.mean() - turn * flat.mean())
            # In millimetres, so that near and far faces are judged alike.
            error = float((np.abs(turn * flat + shift - seen) ** 2).sum()) / max(abs(turn) ** 2, 1e-9)
            cost = error + _UPRIGHT_COST * float(np.rad2deg(yaw) ** 2 + np.rad2deg(pitch) ** 2) / 10
            if cost < least:
                best, least = Pose(turn, shift, yaw, pitch), cost
    return best


@dataclass(frozen=True, slots=True)
class _Outline:
    """Edges in millimetres on the head: ``top`` and ``bottom`` in the middle, ``sag`` and ``lift`` towards the sides
    (x = ``side``), ``middle``: the mask's own middle column."""

    top: float
    bottom: float
    side: float
    sag: float
    lift: float
    middle: float = 0.0
    tilt: float = 0.0

    def distance(self, x: Floats, y: Floats) -> Floats:
        """About how far inside the edges points lie, in millimetres; negative outside."""
        across = x - self.middle
        share = across / self.side
        upper = self.top + self.sag * np.abs(share) ** 1.6 + self.tilt * across
        lower = self.bottom - self.lift * np.abs(share) ** 2.4 + self.tilt * across
        inside: Floats = np.minimum(np.minimum(y - upper, lower - y), self.side - np.abs(across))
        return inside

    def corners(self) -> tuple[float, float]:
        """Heights of the upper and lower corners."""
        return self.top + self.sag, self.bottom - self.lift


def _outline(worn: WearStyle, random: Generator) -> _Outline:
    tilt, middle = float(random.normal(0, 0.03)), float(random.normal(0, 1.5))
    side, sag, lift = random.uniform(56, 66), random.uniform(8, 20), random.uniform(22, 36)
    if worn is WearStyle.RIGHT:
        return _Outline(random.uniform(14, 30), random.uniform(110, 122), side, sag, lift, middle, tilt)
    if worn is WearStyle.UNDER_NOSE:
        return _Outline(random.uniform(51, 59), random.uniform(114, 128), side, sag * 0.3, lift, middle, tilt)
    top = random.uniform(86, 97)
    return _Outline(top, top + random.uniform(30, 46), side * 0.92, -random.uniform(6, 22), lift, middle, tilt)


def draw_mask(image: Image, landmarks: Landmarks, worn: WearStyle, random: Generator) -> Image:
    """Return the picture (RGB) with a mask drawn on the face that has these five points (5, 2), in pixels.

    Cloth, colour, pattern, cut and light are drawn from ``random``; the light is taken from the face itself.
    """
    pose, cloth = find_pose(landmarks), random_cloth(random)
    left, top, right, bottom = _about(image, pose)
    if right - left < 4 or bottom - top < 4:
        return image
    part = image[top:bottom, left:right].astype(np.float64)
    rows, columns = np.mgrid[top:bottom, left:right].astype(np.float64)
    x, y = pose.surface(columns, rows)
    if worn is WearStyle.ON_ONE_EAR:
        x, y, outline = _hanging(x, y, random)
        straps: list[tuple[Floats, Floats]] = []
    else:
        outline = _outline(worn, random)
        straps = _straps(outline, pose)
    scale = abs(pose.turn)
    inside = outline.distance(x, y)
    # Half a pixel on either side of the edge, so that it isn't jagged.
    cover = np.clip(inside * scale + 0.5, 0, 1)
    light = _light(part, x, y, scale=scale)
    colours = cloth.colours(x - outline.middle, y - outline.top, inside, light=light)
    shadow = 1 - 0.35 * np.exp(-np.maximum(-inside, 0) / random.uniform(1.5, 4.0)) * (inside < 0)
    part *= shadow[..., np.newaxis]
    _draw_straps(part, straps, (left, top), scale=scale, cloth=cloth)
    grain = random.normal(0, 2.0, part.shape[:2])[..., np.newaxis]
    part += cover[..., np.newaxis] * (cv2.GaussianBlur(colours, (0, 0), max(0.4, 0.6 * scale)) + grain - part)
    result = image.copy()
    result[top:bottom, left:right] = np.rint(np.clip(part, 0, 255)).astype(np.uint8)
    return result


def _about(image: Image, pose: Pose) -> tuple[int, int, int, int]:
    """The part of the picture that a mask may touch: left, top, right, bottom."""
    middle, reach = pose.turn * (0 + 70j) + pose.shift, 125 * abs(pose.turn)
    height, width = image.shape[:2]
    left, right = max(0, round(middle.real - reach)), min(width, round(middle.real + reach))
    return left, max(0, round(middle.imag - reach)), right, min(height, round(middle.imag + reach))


def _hanging(x: Floats, y: Floats, random: Generator) -> tuple[Floats, Floats, _Outline]:
    """Coordinates of a mask that hangs at one side of the face, narrow since it is seen at a slant."""
    side = 1.0 if random.random() < 0.5 else -1.0
    angle = side * random.uniform(-0.35, 0.15)
    ear_x, ear_y = side * random.uniform(62, 76), random.uniform(28, 45)
    away, down = x - ear_x, y - ear_y
    slant = away * np.cos(angle) + down * np.sin(angle)
    along = down * np.cos(angle) - away * np.sin(angle)
    outline = _Outline(
        0.0, random.uniform(78, 100), random.uniform(20, 38), random.uniform(0, 8), random.uniform(4, 16)
    )
    return slant, along, outline


def _straps(outline: _Outline, pose: Pose) -> list[tuple[Floats, Floats]]:
    """From the mask's corners to the ears, in pixels; none on the side that is turned away."""
    upper, lower = outline.corners()
    straps = []
    for side in (-1.0, 1.0):
        # Radians, about 11 degrees: from there on the cheek hides this strap.
        if side * pose.yaw > 0.2:
            continue
        x = side * outline.side + outline.middle
        depth = -_BULGE * (x / _HALF_WIDTH) ** 2
        for height, ear in ((upper + 2, 12.0), (lower - 2, 44.0)):
            ends = pose.project(np.array([[x, height, depth], [side * 71.0, ear, -70.0]]))
            straps.append((ends[0], ends[1]))
    return straps


def _draw_straps(
    part: Floats, straps: list[tuple[Floats, Floats]], corner: tuple[int, int], *, scale: float, cloth: Cloth
) -> None:
    for start, end in straps:
        # Sixteenths of a pixel: OpenCV's shift of 4 bits.
        ends = [tuple(int(v) for v in np.round((point - corner) * 16)) for point in (start, end)]
        line = np.zeros(part.shape[:2], dtype=np.float32)
        cv2.line(line, ends[0], ends[1], 1.0, max(1, round(3 * scale)), cv2.LINE_AA, 4)
        strength = min(1.0, 3 * scale) * 0.85 * line[..., np.newaxis]
        part += strength * (np.asarray(cloth.strap) * part.mean() / 128 - part)


def _light(part: Floats, x: Floats, y: Floats, *, scale: float) -> Floats:
    """The face's own light where the mask will be: its smooth brightness, 1 for a face in plain daylight."""
    # ITU-R BT.601.
    luma = part @ np.array([0.299, 0.587, 0.114])
    face = ((np.abs(x) < 55) & (y > -25) & (y < 105)).astype(np.float64)
    size = (0, 0), max(1.0, 22 * scale)
    smooth = cv2.GaussianBlur(luma * face, *size) / np.maximum(cv2.GaussianBlur(face, *size), 0.05)
    level = float((luma * face).sum() / max(face.sum(), 1.0))
    uneven = np.clip(smooth / max(level, 1.0), 0.5, 1.6) ** 0.7
    overall = np.clip(level / 145, 0.15, 1.45) ** 0.85
    light: Floats = overall * uneven
    return light
