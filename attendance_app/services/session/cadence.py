"""How often a session runs its expensive steps, and how the detector scans a frame."""

import math
from dataclasses import dataclass, replace
from typing import Final

CALM_GROWTH = 1.25

FULL_PIXELS: Final = 1920 * 1080
"""Larger frames are searched at this size: a scan of 3840 x 2160 takes three times as long. The faces found are encoded
from the frame in full."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the expensive steps run; times in seconds of the source.

    The frame is scanned for faces every ``detect_every`` seconds. Once nobody new was to be recognised for
    ``calm_after``, the interval grows by a quarter with each scan, up to ``detect_calm``: a class that sits still is
    not searched all the time. Half a minute, because a student who looks down is found by one scan of many only.

    An unsettled face is encoded again after ``encode_every``, and ever more seldom the longer it stays unclear. A
    settled one is encoded after ``verify_every``, because somebody else may have sat down. At most
    ``encodings_per_frame`` faces are encoded in one frame. When frames are far apart, because the machine is slow or
    the source has few, unsettled faces get ``encodings_per_second`` since the last frame, at most
    ``encodings_at_most``, so that one frame doesn't take much longer.
    """

    detect_every: float = 0.6
    calm_after: float = 30.0
    detect_calm: float = 2.4
    encode_every: float = 0.3
    verify_every: float = 4.0
    encodings_per_frame: int = 6
    encodings_per_second: float = 20.0
    encodings_at_most: int = 16

    def shared_by(self, sources: int) -> "Cadence":
        """The cadence of each of several cameras that together may take the time of one."""
        return replace(
            self,
            detect_every=self.detect_every * sources,
            detect_calm=self.detect_calm * sources,
            encodings_per_second=self.encodings_per_second / sources,
            encodings_at_most=max(self.encodings_per_frame, self.encodings_at_most // sources),
        )

    def encodings_after(self, seconds: float) -> int:
        """How many faces may be encoded in a frame ``seconds`` after the last one."""
        earned = min(self.encodings_at_most, int(self.encodings_per_second * seconds))
        return max(self.encodings_per_frame, earned)


@dataclass(frozen=True, slots=True)
class Scan:
    """How the detector looks at a frame."""

    upsample: float = 1.0
    """For a frame of up to 1920 x 1080 pixels."""
    threshold: float = 0.0

    def scale(self, width: int, height: int) -> float:
        """The factor by which a frame of that size is scaled for the search."""
        return self.upsample * min(1.0, math.sqrt(FULL_PIXELS / (width * height)))


SCANS = {"auto": Scan(), "hog": Scan(upsample=1.5, threshold=-0.2), "cnn": Scan(upsample=1.5)}
"""What finds faces of 60 pixels in a frame of 1920x1080 (docs/adr/0010), and with ``auto`` of 12 (0012)."""
