"""A film decoded by OpenCV, for machines whose OpenCV hides FFmpeg inside one file (Windows)."""

import functools
import math
import re
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Image
from attendance_app.vision.films.deinterlace import Deinterlacer
from attendance_app.vision.films.film import FilmError, Unreadable, plausible_rate
from attendance_app.vision.films.geometry import square_pixels
from attendance_app.vision.opencv import open_capture

_BREAKS_INTERLACED_SINCE: Final = (8, 12, 100)
"""From this version of FFmpeg's swscale on, OpenCV (until 5.0 at least) leaves old memory where an interlaced picture
should be, and reports success (docs/adr/0022)."""


class OpenCvFilm:
    """See ``Film``. OpenCV itself turns pictures upright; it doesn't tell which are interlaced."""

    def __init__(self, address: str) -> None:
        capture = open_capture(address, cv2.CAP_FFMPEG)
        if capture is None:
            raise FilmError(Unreadable.BROKEN)
        self._capture = capture
        self._before: cv2.typing.MatLike | None = None
        self._deinterlacer = Deinterlacer()
        self._first = math.nan
        self.no_decoder = False
        self.codec = ""

    @property
    def rate(self) -> float:
        return plausible_rate(self._capture.get(cv2.CAP_PROP_FPS))

    @property
    def promised(self) -> float:
        """See ``Film``. OpenCV counts from the clock's zero where the file doesn't state a number."""
        counted, late = self._capture.get(cv2.CAP_PROP_FRAME_COUNT), self._first * self.rate
        return counted - late if 0 < late < counted else counted

    @property
    def stated_seconds(self) -> float:
        return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def grab(self) -> bool:
        grabbed = self._capture.grab()
        if grabbed and math.isnan(self._first):
            self._first = self.stated_seconds
        return grabbed

    def picture(self) -> Image | None:
        good, picture = self._capture.retrieve()
        if not good or (breaks_interlaced() and not self._differs_from_before(picture)):
            return None
        # The sides of one pixel (sample aspect ratio); 0 where the file doesn't state them.
        width, height = (self._capture.get(cv2.CAP_PROP_SAR_NUM), self._capture.get(cv2.CAP_PROP_SAR_DEN))
        aspect = width / height if width and height else 1.0
        lying = round(self._capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 180 == 90
        image = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        image = self._deinterlacer.treated(image)
        return square_pixels(image, 1 / aspect if lying else aspect)

    def close(self) -> None:
        self._capture.release()

    def _differs_from_before(self, picture: cv2.typing.MatLike) -> bool:
        """Whether OpenCV's memory has changed: memory that was not written stays as it was, from the first on."""
        before, self._before = self._before, picture
        return before is not None and not np.array_equal(before, picture)


@functools.cache
def breaks_interlaced(build: str | None = None) -> bool:
    """Whether an OpenCV with that build information (this one's) is of those that break interlaced pictures."""
    found = re.search(r"swscale:\s+YES \((\d+)\.(\d+)\.(\d+)\)", build or cv2.getBuildInformation())
    return found is not None and tuple(map(int, found.groups())) >= _BREAKS_INTERLACED_SINCE
