"""A folder of pictures as a source: each picture is one frame."""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame
from attendance_app.vision.errors import FolderForbidden, NoPicturesInFolder
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo
from attendance_app.vision.playback_clock import PlaybackClock
from attendance_app.vision.source_protocol import ClosingSource, SourceState

_log = logging.getLogger(__name__)

SECONDS_PER_PICTURE: Final = 1.0
"""Pictures of a folder have no times of their own."""


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder (not of folders in it), "2.jpg" before "10.jpg".

    Raises SourceError if there are none.
    """
    try:
        files = [file for file in folder.iterdir() if file.suffix.lower() in PHOTO_SUFFIXES]
    except PermissionError as error:
        raise FolderForbidden(folder=folder) from error
    # Hidden files are no pictures: macOS puts "._1.jpg" beside "1.jpg" on foreign disks.
    pictures = [file for file in files if file.is_file() and not file.name.startswith(".")]
    if not pictures:
        raise NoPicturesInFolder(folder=folder)
    return sorted(pictures, key=natural_order)


def natural_order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sort key: numbers within names by value, letter case aside."""
    parts = re.findall(r"\d+|\D+", path.name.casefold())
    # Numbers and texts can't be compared: the first item of each part says which of the two counts.
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


class PictureFolder(ClosingSource):
    """Pictures one after the other, ``seconds_per_picture`` apart; unreadable ones are left out.

    With ``realtime`` they come at that pace and a slow reader misses some.
    """

    def __init__(
        self,
        name: str,
        pictures: Sequence[Path],
        *,
        realtime: bool = False,
        seconds_per_picture: float = SECONDS_PER_PICTURE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.live = realtime
        self.recorded = True
        self.state = SourceState.STREAMING
        self.frames_read = 0
        self.skipped: list[SourceError] = []
        self._pictures = pictures
        self._apart = seconds_per_picture
        self._playback_clock = PlaybackClock(clock)
        self._closed = threading.Event()

    @property
    def truncated(self) -> bool:
        return bool(self.skipped)

    @property
    def duration(self) -> float | None:
        return len(self._pictures) * self._apart

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next picture, or None after the last. Raises SourceError if not one could be read."""
        while not self._closed.is_set():
            if self.live:
                self._skip_to(self._playback_clock.position())
            index = self.frames_read
            if index >= len(self._pictures):
                break
            if self.live and not self._playback_clock.wait_for(index * self._apart, timeout):
                break
            self.frames_read += 1
            try:
                return Frame(index, index * self._apart, load_photo(self._pictures[index]))
            except SourceError as error:
                _log.warning("%s", error)
                self.skipped.append(error)
        self.state = SourceState.ENDED
        if self.skipped and len(self.skipped) == len(self._pictures):
            raise self.skipped[0]
        return None

    def close(self) -> None:
        self._closed.set()
        self._playback_clock.stop()
        self.state = SourceState.ENDED

    def _skip_to(self, position: float) -> None:
        """Count pictures whose time is over as missed, but never the last: a still has no next moment."""
        due = min(int(position / self._apart), len(self._pictures) - 1)
        self.frames_read = max(self.frames_read, due) if self.frames_read < len(self._pictures) else self.frames_read
