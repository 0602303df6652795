"""Faces in pictures: boxes, quality, encodings.

Pictures are ``uint8`` arrays of shape (height, width, 3) in RGB order everywhere in this program.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[np.uint8]
    """Height x width x 3, RGB."""

    Encoding: TypeAlias = NDArray[np.float32]
    """One face as 128 numbers (dlib's metric space, not normalised); several: n x 128."""

    Landmarks: TypeAlias = NDArray[np.float32]
    """dlib's five points, 5 x 2 (x, y) in pixels: outer and inner corner of the eye on the picture's right,
    outer and inner corner of the eye on its left, base of the nose."""
else:
    # numpy takes a seventh of the time in which the window opens, and the window's first page needs none of it.
    Image = Encoding = Landmarks = Any


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels, x to the right and y downwards; it may reach beyond the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def area(self) -> int:
        # Two negative sides must not make a positive area.
        return max(0, self.width) * max(0, self.height)

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def intersection(self, other: "Box") -> int:
        """Area in common, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, width) * max(0, height)

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1."""
        common = self.intersection(other)
        union = self.area + other.area - common
        return common / union if union else 0.0  # two empty boxes

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(round(self.left + dx), round(self.top + dy), round(self.right + dx), round(self.bottom + dy))

    def grown(self, factor: float) -> "Box":
        """The box about the same centre with its sides ``factor`` times as long."""
        x, y = self.center
        half_width, half_height = self.width * factor / 2, self.height * factor / 2
        return Box(round(x - half_width), round(y - half_height), round(x + half_width), round(y + half_height))

    def clipped(self, width: int, height: int) -> "Box":
        """The part inside a picture of that size."""
        return Box(
            min(max(self.left, 0), width),
            min(max(self.top, 0), height),
            min(max(self.right, 0), width),
            min(max(self.bottom, 0), height),
        )


@dataclass(frozen=True, slots=True)
class FloatBox:
    """A rectangle with fractions of pixels: a box that follows a face must move smoothly."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, box: Box) -> "FloatBox":
        return cls(box.left, box.top, box.right, box.bottom)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def moved(self, dx: float, dy: float) -> "FloatBox":
        return FloatBox(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def rounded(self) -> Box:
        """The nearest box of whole pixels."""
        return Box(round(self.left), round(self.top), round(self.right), round(self.bottom))


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found in a picture; ``confidence`` is the detector's own score (above 0: a face)."""

    box: Box
    confidence: float


class Flaw(Enum):
    """Why a face is not good enough to recognise; only the most severe reason."""

    TOO_SMALL = "too small"
    BLURRED = "blurred"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TURNED_AWAY = "turned away"


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be recognised.

    ``score`` runs from 0 to 1; ``flaw`` is None when the face is good enough to decide on. ``width_px`` is the box's
    width. ``sharpness``: the energy of fine detail as a share of all contrast, 0 for none. ``brightness``: the mean
    grey value, 0 to 1. ``vision.quality.assess`` measures them (docs/adr/0021).
    """

    score: float
    flaw: Flaw | None
    width_px: int
    sharpness: float
    brightness: float
    yaw: float
    """0: the nose in the middle between the eyes; 1: as far as the outer corner of one of them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source. ``seconds`` counts from the start of the source, not of the clock."""

    index: int
    seconds: float
    image: Image
    photograph: str | None = None
    """The file name of the photograph that it is; None for a frame of a camera or film."""
    source: str = ""
    """What the user calls the camera or film that it comes from; empty where that is not known."""
