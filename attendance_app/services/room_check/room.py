"""The result of a room check: its faces in rows, and advice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from attendance_app.domain.faces import Box, Quality
from attendance_app.services.room_check.advice import Advice
from attendance_app.vision.reach import Reach


@dataclass(frozen=True, slots=True)
class RoomFace:
    """A face of the picture; its ``reach`` is by size alone."""

    box: Box
    quality: Quality
    reach: Reach


@dataclass(frozen=True, slots=True)
class RoomRow:
    """Faces at about the same distance. ``number`` counts from 1, the row that is nearest to the camera."""

    number: int
    faces: tuple[RoomFace, ...]
    reach: Reach

    @property
    def height(self) -> float:
        """How far below the picture's upper edge it is, in pixels, at the middle of its faces."""
        return fmean(face.box.center[1] for face in self.faces)

    @property
    def size(self) -> int:
        """The median width of its faces, in pixels."""
        return round(median(face.box.width for face in self.faces))


def label_heights(rows: Sequence[RoomRow], apart: float) -> list[float]:
    """Return where the labels of rows can stand below each other: at the rows, and at least ``apart`` pixels away
    from each other. The nearest row's is where the row is; those above give way."""
    heights: list[float] = []
    for row in rows:
        heights.append(min(row.height, heights[-1] - apart) if heights else row.height)
    return heights


@dataclass(frozen=True, slots=True)
class RoomCheck:
    """``width`` and ``height`` are the picture's, in pixels; ``rows`` begin with the nearest; ``advice`` with what
    matters most. Without advice everybody in the picture is within reach."""

    width: int
    height: int
    rows: tuple[RoomRow, ...]
    advice: tuple[Advice, ...]

    @property
    def faces(self) -> tuple[RoomFace, ...]:
        """All faces, the nearest row's first."""
        return tuple(face for row in self.rows for face in row.faces)

    def count(self, reach: Reach) -> int:
        """Return how many faces have that reach."""
        return Counter(face.reach for face in self.faces)[reach]

    @property
    def works(self) -> bool:
        """Whether anybody is in the picture, and everybody within reach."""
        return bool(self.rows) and not self.advice
