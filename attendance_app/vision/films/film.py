"""What both readers of films offer, and why one can't be read."""

import math
from enum import Enum
from typing import Final, Protocol

from attendance_app.domain.faces import Image

USUAL_RATE: Final = 25.0
"""Pictures a second of a file that states none that makes sense."""


class Unreadable(Enum):
    """Why a film gives no pictures."""

    BROKEN = "broken"
    """No container that is known, or one that is damaged."""
    NO_PICTURE = "no picture"
    """Sound alone."""
    NO_DECODER = "no decoder"
    """The pictures are coded in a way that isn't known here."""


class FilmError(Exception):
    """A film can't be opened. ``codec`` names the coding of its pictures where it is known."""

    def __init__(self, why: Unreadable, codec: str = "") -> None:
        super().__init__(why.value, codec)
        self.why = why
        self.codec = codec


class Film(Protocol):
    """Pictures one after the other: ``grab`` decodes one, ``picture`` converts the one that was grabbed."""

    @property
    def rate(self) -> float:
        """Pictures a second, as the file states it; USUAL_RATE where it states nothing that makes sense."""

    @property
    def promised(self) -> float:
        """How many pictures the file says it has; 0 where it doesn't say."""

    @property
    def stated_seconds(self) -> float:
        """The time of the grabbed picture on the file's own clock, which may start anywhere; may be NaN."""

    @property
    def codec(self) -> str:
        """FFmpeg's name for how the pictures are coded; empty where that isn't known."""

    @property
    def no_decoder(self) -> bool:
        """Whether the decoder has said that it can't work on this machine."""

    def grab(self) -> bool:
        """Decode the next picture; False at the end."""

    def picture(self) -> Image | None:
        """Return the grabbed picture, RGB, upright and with square pixels; None if it can't be converted."""

    def close(self) -> None:
        """Free the decoder. Called once, and nothing is called after it."""


def plausible_rate(rate: float) -> float:
    return rate if math.isfinite(rate) and 1.0 <= rate <= 480.0 else USUAL_RATE
