"""How often a session takes its costly steps, and how it looks at a frame."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the costly steps are taken; times in seconds of the source.

    A face that is not settled is encoded again after ``encode_every``, and after longer the oftener it was without
    becoming clear; a settled one after ``verify_every`` (somebody else may have sat down). At most
    ``encodings_per_frame`` faces are encoded in one frame. Where frames are far apart, since the machine is slow or the
    source has few, faces that are not settled get ``encodings_per_second`` since the last one, ``encodings_at_most`` at
    most: a frame should not last much longer for it.
    """

    detect_every: float = 0.6
    encode_every: float = 0.3
    verify_every: float = 4.0
    encodings_per_frame: int = 6
    encodings_per_second: float = 20.0
    encodings_at_most: int = 16

    def encodings_after(self, seconds: float) -> int:
        """How many faces may be encoded in a frame ``seconds`` after the last one."""
        earned = min(self.encodings_at_most, int(self.encodings_per_second * seconds))
        return max(self.encodings_per_frame, earned)


@dataclass(frozen=True, slots=True)
class Scan:
    """How the detector looks at a frame."""

    upsample: float = 1.0
    threshold: float = 0.0


SCANS = {"auto": Scan(), "hog": Scan(upsample=1.5, threshold=-0.2), "cnn": Scan(upsample=1.5)}
"""What finds faces of 60 pixels in a frame of 1920x1080 (docs/adr/0010), and with ``auto`` of 12 (0012)."""
