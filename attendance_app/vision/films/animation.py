"""An animated picture (GIF, WebP, PNG) read as the film that it is."""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Pictures

from attendance_app.domain.faces import Image
from attendance_app.vision.errors import PhotoTooLarge
from attendance_app.vision.films.film import FilmError, Unreadable, plausible_rate
from attendance_app.vision.photo import BROKEN, MAX_PIXELS, as_rgb

SUFFIXES: Final = frozenset({".gif", ".webp", ".png", ".apng"})
_FORMATS: Final = frozenset({"GIF", "WEBP", "PNG"})
"""A JPEG or HEIC with several pictures has them side by side, as the two eyes of a stereo camera."""
_SHORTEST_MS: Final = 20.0
"""Browsers show a picture that states less, or nothing, for a tenth of a second."""
_USUAL_MS: Final = 100.0


def is_animated(path: Path) -> bool:
    """Whether a file is a picture that moves; False for what can't be read."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        with Pictures.open(path) as picture:
            return picture.format in _FORMATS and bool(getattr(picture, "is_animated", False))
    except BROKEN:
        return False


class AnimatedPicture:
    """See ``Film``. Raises FilmError, PhotoTooLarge."""

    def __init__(self, path: Path) -> None:
        try:
            self._picture = Pictures.open(path)
            self.promised = float(getattr(self._picture, "n_frames", 1))
            self.codec = str(self._picture.format)
        except BROKEN as error:
            raise FilmError(Unreadable.BROKEN) from error
        if self._picture.width * self._picture.height > MAX_PIXELS:
            self._picture.close()
            raise PhotoTooLarge(name=path.name, limit=MAX_PIXELS // 1_000_000)
        self.no_decoder = False
        self.stated_seconds = 0.0
        self._next = 0

    @property
    def rate(self) -> float:
        return plausible_rate(1000 / self._shown_ms())

    def grab(self) -> bool:
        shown = self._shown_ms() / 1000 if self._next else 0.0
        try:
            self._picture.seek(self._next)
            self._picture.load()
        except BROKEN:
            return False
        self.stated_seconds += shown
        self._next += 1
        return True

    def picture(self) -> Image | None:
        try:
            return np.ascontiguousarray(np.asarray(as_rgb(self._picture), dtype=np.uint8))
        except BROKEN:
            return None

    def close(self) -> None:
        self._picture.close()

    def _shown_ms(self) -> float:
        stated = self._picture.info.get("duration", 0)
        return float(stated) if isinstance(stated, int | float) and stated >= _SHORTEST_MS else _USUAL_MS
