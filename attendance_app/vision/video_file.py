"""A video file, frame by frame or at its own pace."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame
from attendance_app.vision.errors import NotAVideo, VideoCutOff, VideoEmpty, VideoForbidden
from attendance_app.vision.films.asf import is_cut_off
from attendance_app.vision.films.errors import CodingUnknown, SoundAlone
from attendance_app.vision.films.film import Film, FilmError, Unreadable
from attendance_app.vision.films.open import open_film
from attendance_app.vision.playback_clock import PlaybackClock
from attendance_app.vision.source_protocol import ClosingSource, SourceState

_log = logging.getLogger(__name__)

LONGEST_GAP: Final = 10.0
"""A larger step between two frames' times, in seconds, is the container's mistake."""
LONGEST_SECONDS: Final = 7 * 24 * 3600.0
"""A header that promises more than a week is wrong: its duration is unknown."""
MISSING_SHARE: Final = 0.03
"""Headers estimate: only a file that ends this share before its header's figure counts as cut off."""


class VideoFile(ClosingSource):
    """Frames of a video with the container's times, upright and with square pixels.

    With ``realtime`` it behaves like a camera: a reader who is too slow misses frames.
    """

    def __init__(self, path: Path, *, realtime: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = path.name
        self.live = realtime
        self.recorded = True
        self.state = SourceState.STREAMING
        self.frames_read = 0
        self.truncated = False
        self._path = path
        self._playback_clock = PlaybackClock(clock)
        self._in_use = threading.Lock()
        # A film may be closed from another thread, while this one decodes: FFmpeg's structures must not go meanwhile.
        self._film: Film | None = _open(path)
        self._times = FrameTimes(self._film.rate)
        seconds = self._film.promised * self._times.step
        self._duration = seconds if 0 < seconds < LONGEST_SECONDS else None
        self._given = 0
        """Frames that could be converted."""
        # One frame is decoded in advance: a file without pictures is an error at opening, and the end is known in time.
        if not self._grab():
            why = Unreadable.NO_DECODER if self._film.no_decoder else Unreadable.BROKEN
            codec = self._film.codec
            self.close()
            raise unreadable(path, why, codec)

    @property
    def duration(self) -> float | None:
        """Seconds by the header's number of frames, which is an estimate in many files."""
        return self._duration

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next frame, or None at the end. See ``Source.read``.

        Raises SourceError at the end if not one frame could be converted.
        """
        with self._in_use:
            while self._ahead and self._film is not None:
                if self.live:
                    self._skip_to(self._playback_clock.position())
                if not self._ahead or (self.live and not self._playback_clock.wait_for(self._times.seconds, timeout)):
                    return None
                image = self._film.picture()
                index, seconds = self.frames_read - 1, self._times.seconds
                self._grab()
                if image is not None:
                    self._given += 1
                    return Frame(index, seconds, image)
            if self._film is not None and self.frames_read and not self._given and not self.live:
                raise unreadable(self._path, Unreadable.NO_DECODER, self._film.codec)
            return None

    def close(self) -> None:
        self._playback_clock.stop()
        with self._in_use:
            self._ahead = False
            self.state = SourceState.ENDED
            if self._film is not None:
                self._film.close()
            self._film = None

    def _grab(self) -> bool:
        """Decode the next frame; at the end, see whether it came too early."""
        film = self._film
        self._ahead = film is not None and film.grab()
        if film is None:
            return False
        if self._ahead:
            self._times.advance(film.stated_seconds)
            self.frames_read += 1
        else:
            self._end(film)
        return self._ahead

    def _skip_to(self, position: float) -> None:
        while self._ahead and self._times.seconds < position - self._times.step / 2:
            self._grab()

    def _end(self, film: Film) -> None:
        self.state = SourceState.ENDED
        # One frame more may be missing: the number is often the rounded product of duration and rate.
        whole = film.promised * (1 - MISSING_SHARE) - 1
        self.truncated = self.frames_read < whole and self._times.seconds < whole * self._times.step
        self.truncated |= is_cut_off(self._path)
        if self.truncated:
            _log.info("%s is cut off: %d of %d frames can be read", self.name, self.frames_read, film.promised)


class FrameTimes:
    """Seconds from the first frame, never backwards. Where a container's time is missing or implausible, one frame's
    length is added instead."""

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


def _open(path: Path) -> Film:
    if not os.access(path, os.R_OK):
        raise VideoForbidden(path=path)
    try:
        return open_film(path)
    except FilmError as error:
        raise unreadable(path, error.why, error.codec) from error


def unreadable(path: Path, why: Unreadable, codec: str) -> SourceError:
    """Say why a video gives no pictures."""
    if why is Unreadable.NO_PICTURE:
        return SoundAlone(name=path.name)
    if why is Unreadable.NO_DECODER:
        return CodingUnknown(name=path.name, codec=codec.upper() or "?")
    return _no_video(path)


def _no_video(path: Path) -> SourceError:
    if path.stat().st_size == 0:
        return VideoEmpty(name=path.name)
    if _is_mp4(path):
        return VideoCutOff(name=path.name)
    return NotAVideo(name=path.name)


def _is_mp4(path: Path) -> bool:
    """MP4 and MOV files write their table of frames last, so a cut file has none."""
    with path.open("rb") as file:
        return file.read(12)[4:8] in {b"ftyp", b"mdat", b"wide", b"free"}
