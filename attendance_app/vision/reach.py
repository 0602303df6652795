"""Up to which size faces are recognised."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from attendance_app.config.settings import DetectorName
from attendance_app.vision.quality import SESSION

SURE_WIDTH: Final = 30
"""Width of dlib's box in pixels from which size hardly matters: of faces of 40, 35 and 30 pixels 5.6, 6.5 and 7.8 %
miss their own template, of larger ones with a classroom's blur and light 8.2 % (``python -m benchmarks.quality``;
docs/adr/0021)."""

UNSURE_WIDTH: Final = 24
"""Width below which one look does not do: of faces of 25 pixels 23.4 % miss their own template, of 20 pixels 51.9 %
(the same measurement)."""


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
    return SizeLimits(*(max(width, found, SESSION.width_px) for width in (SURE_WIDTH, UNSURE_WIDTH)))
