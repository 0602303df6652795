"""A source whose pictures lie on their side, turned upright."""

from dataclasses import replace
from typing import Final

from attendance_app.domain.faces import Frame
from attendance_app.vision.source_protocol import PictureMode, Source, WrappedSource
from attendance_app.vision.turning import quarter_turns

TURNS: Final = (0, 90, 180, 270)
"""Degrees clockwise."""


class TurnedSource(WrappedSource):
    """Gives the frames of ``inner`` turned clockwise by ``degrees``, one of ``TURNS``."""

    def __init__(self, inner: Source, degrees: int) -> None:
        super().__init__(inner)
        self._degrees = degrees

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next frame; see ``Source.read``."""
        frame = self._inner.read(timeout)
        return None if frame is None else replace(frame, image=quarter_turns(frame.image, self._degrees))

    @property
    def picture(self) -> PictureMode | None:
        """See ``Source.picture``."""
        given = self._inner.picture
        if given is None or self._degrees % 180 == 0:
            return given
        return replace(given, width=given.height, height=given.width)


def turned_source(inner: Source, degrees: int) -> Source:
    """Turn a source clockwise by ``degrees``, a multiple of 90."""
    return TurnedSource(inner, degrees % 360) if degrees % 360 else inner
