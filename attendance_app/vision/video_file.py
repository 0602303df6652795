"""A video file, frame by frame or at its own pace."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame, Image
from attendance_app.vision.opencv import prepare_opencv
from attendance_app.vision.pace import Pace
from attendance_app.vision.source_protocol import ClosingSource, SourceState

if TYPE_CHECKING:
    import cv2

_log = logging.getLogger(__name__)

USUAL_RATE: Final = 25.0
LONGEST_GAP: Final = 10.0
"""A larger step between two frames' times, in seconds, is the container's mistake."""
MISSING_SHARE: Final = 0.03
"""Headers estimate: only a file that ends this share before its header's figure counts as cut off."""


class VideoFile(ClosingSource):
    """Frames of a video with the container's times, upright as its metadata says.

    With ``realtime`` it behaves like a camera: a reader who is too slow misses frames.
    """

    def __init__(self, path: Path, *, realtime: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = path.name
        self.live = realtime
        self.state = SourceState.STREAMING
        self.frames_read = 0
        self.truncated = False
        self._path = path
        self._pace = Pace(clock)
        self._in_use = threading.Lock()
        self._capture = _open(path)
        self._times = FrameTimes(self._rate())
        self._ahead = self._grab()
        if not self._ahead:
            self._capture.release()
            raise _no_video(path)

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next frame, or None at the end. See ``Source.read``."""
        with self._in_use:
            if not self._ahead:
                return None
            if self.live:
                self._skip_to(self._pace.position())
            if not self._ahead or (self.live and not self._pace.wait_for(self._times.seconds, timeout)):
                return None
            good, image = self._retrieve()
            frame = Frame(self.frames_read - 1, self._times.seconds, image) if good else None
            self._ahead = good and self._grab()
            if frame is None:
                self._end()
            return frame

    def close(self) -> None:
        self._pace.stop()
        with self._in_use:
            self._ahead = False
            self.state = SourceState.ENDED
            self._capture.release()

    def _rate(self) -> float:
        import cv2

        rate = self._capture.get(cv2.CAP_PROP_FPS)
        return rate if math.isfinite(rate) and 1.0 <= rate <= 480.0 else USUAL_RATE

    def _grab(self) -> bool:
        """Decode the next frame; at the end, see whether it came too early."""
        import cv2

        if not self._capture.grab():
            self._end()
            return False
        self._times.advance(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
        self.frames_read += 1
        return True

    def _skip_to(self, position: float) -> None:
        while self._ahead and self._times.seconds < position - self._times.step / 2:
            self._ahead = self._grab()

    def _retrieve(self) -> tuple[bool, Image]:
        import cv2

        good, picture = self._capture.retrieve()
        if not good:
            return False, picture  # type: ignore[return-value]
        return True, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]

    def _end(self) -> None:
        import cv2

        self.state = SourceState.ENDED
        promised = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        whole = promised * (1 - MISSING_SHARE) - 1
        self.truncated = self.frames_read < whole and self._times.seconds < whole / self._rate()
        if self.truncated:
            _log.info("%s is cut off: %d of %d frames can be read", self.name, self.frames_read, promised)


class FrameTimes:
    """Seconds from the first frame, never backwards: where the container's times lie, the frame rate goes on."""

    def __init__(self, rate: float) -> None:
        self.step = 1 / rate
        self.seconds = 0.0
        self._first: float | None = None

    def advance(self, stated: float) -> None:
        """Take the time that the container states for the next frame."""
        if self._first is None:
            self._first = stated if math.isfinite(stated) else 0.0
            return
        seconds = stated - self._first
        plausible = math.isfinite(seconds) and 0 < seconds - self.seconds <= LONGEST_GAP
        self.seconds = seconds if plausible else self.seconds + self.step


def _open(path: Path) -> "cv2.VideoCapture":
    if not os.access(path, os.R_OK):
        raise SourceError(
            "{path} may not be read.",
            remedy="Copy the video to a folder of yours, or change its rights.",
            path=str(path),
        )
    prepare_opencv()
    import cv2

    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise _no_video(path)
    return capture


def _no_video(path: Path) -> SourceError:
    if path.stat().st_size == 0:
        return SourceError("{name} is empty.", remedy="Copy the video again from where it came.", name=path.name)
    if _is_mp4(path):
        return SourceError(
            "{name} is cut off or damaged: its table of frames is missing.",
            remedy="Copy the video again from where it came; if the recording broke off, use another recording.",
            name=path.name,
        )
    return SourceError(
        "{name} is not a video that can be read.",
        remedy="Use an MP4, MOV, MKV, AVI or WebM video, a folder of pictures, or a camera.",
        name=path.name,
    )


def _is_mp4(path: Path) -> bool:
    """MP4 and MOV files write their table of frames last, so a cut file has none."""
    with path.open("rb") as file:
        return file.read(12)[4:8] in {b"ftyp", b"mdat", b"wide", b"free"}
