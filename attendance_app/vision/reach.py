"""Up to which size faces are recognised."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from attendance_app.config.settings import DetectorName
from attendance_app.vision.quality import SESSION

SURE_WIDTH: Final = 32
"""Width of dlib's box in pixels from which one look mostly does: of students with three photos 89 % are named from one
look at 32 pixels and 95 % at 80 (``attendance train sizes``; docs/benchmarks.md, "Small faces")."""

UNSURE_WIDTH: Final = 20
"""Width below which a photograph names few: half of the students at 20 pixels, a fifth at 16 (the same measurement)."""

FILMED_UNSURE_WIDTH: Final = 24
"""The same for a camera, whose noise hides more of a small face: of single looks 27 % are named at 24 pixels, 13 % at
20 (rows "again" of the same measurement); many looks add up."""


class Reach(Enum):
    """Whether a face is large enough to be recognised."""

    SURE = "sure"
    UNSURE = "unsure"
    """Many looks may name it; the teacher is asked about some."""
    OUT = "out"


NEAR_DETECTORS_FROM: Final = 53
"""Width of the smallest faces that the detectors ``hog`` and ``cnn`` find in a session: 80 pixels, in frames enlarged
1.5 times (``vision.detect``, ``services.session.cadence``)."""


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Widths in pixels from which a face is recognised surely, and at all."""

    sure: int
    least: int

    def reach(self, width: float) -> Reach:
        """Judge a face by the width of its box."""
        if width >= self.sure:
            return Reach.SURE
        return Reach.UNSURE if width >= self.least else Reach.OUT


IN_PHOTOGRAPHS: Final = SizeLimits(SURE_WIDTH, UNSURE_WIDTH)
"""Every face of a photograph is read, by the detector ``auto`` (docs/adr/0053)."""


def in_session(detector: DetectorName) -> SizeLimits:
    """Return the limits of a live session: its detector must find a face, and its gate must let it pass."""
    found = 0 if detector == "auto" else NEAR_DETECTORS_FROM
    return SizeLimits(*(max(width, found, SESSION.width_px) for width in (SURE_WIDTH, FILMED_UNSURE_WIDTH)))
