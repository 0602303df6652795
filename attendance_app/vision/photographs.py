"""Photographs of a room as a source: each is one frame, in full size, and none is left out for lack of time."""

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame
from attendance_app.vision.errors import PhotoIsFolder, PhotoMissing, PhotoNotOpened
from attendance_app.vision.photo import load_photo, taken_at
from attendance_app.vision.source_protocol import ClosingSource, SourceState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomPhoto:
    """A photograph, and how many seconds after the first one it was taken."""

    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """Photographs of one room in the order in which they were taken, each content once.

    ``started``: when the first was taken, None where they don't say. ``doubles``: files that are copies of another.
    """

    photos: tuple[RoomPhoto, ...]
    started: datetime | None
    doubles: tuple[Path, ...] = ()


def photo_set(paths: Sequence[Path]) -> PhotoSet:
    """Put photographs in order; times come from the files if every one has its own, else all were taken at once.

    Raises PhotoMissing, PhotoIsFolder or PhotoNotOpened for a name behind which there is no file that can be read.
    What the file holds is looked at when the roll is taken.
    """
    first: dict[bytes, Path] = {}
    doubles = []
    for path in paths:
        # A copy of a photograph is no second look at anybody.
        content = hashlib.sha256(_content(path)).digest()
        if content in first:
            doubles.append(path)
        else:
            first[content] = path
    times = {path: taken_at(path) for path in first.values()}
    known = [time for time in times.values() if time is not None]
    if not known or len(known) < len(times):
        # Without a time for each there is no order, and nobody can be late.
        return PhotoSet(tuple(RoomPhoto(path, 0.0) for path in times), None, tuple(doubles))
    started = min(known)
    photos = [RoomPhoto(path, (time - started).total_seconds()) for path, time in times.items() if time is not None]
    return PhotoSet(tuple(sorted(photos, key=lambda photo: photo.seconds)), started, tuple(doubles))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PhotoMissing(path=path) from error
    except IsADirectoryError as error:
        raise PhotoIsFolder(path=path) from error
    except OSError as error:
        raise PhotoNotOpened(path=path, reason=error.strerror or str(error)) from error


class Photographs(ClosingSource):
    """Gives the photographs of a set; one that can't be read is left out and noted in ``skipped``."""

    live = False
    recorded = True

    def __init__(self, photos: PhotoSet, on_skipped: Callable[[SourceError], object] = lambda _error: None) -> None:
        """``on_skipped`` is told of a photograph that can't be read, on the thread that reads."""
        self.name = ", ".join(photo.path.name for photo in photos.photos)
        self.state = SourceState.STREAMING
        self.frames_read = 0
        self.skipped: list[SourceError] = []
        self._photos = photos.photos
        self._on_skipped = on_skipped
        self._closed = threading.Event()

    @property
    def truncated(self) -> bool:
        return bool(self.skipped)

    def read(self, timeout: float | None = None) -> Frame | None:  # noqa: ARG002 - part of Source
        """Return the next photograph, None after the last. Raises SourceError if not one could be read."""
        while not self._closed.is_set() and self.frames_read < len(self._photos):
            index = self.frames_read
            photo = self._photos[index]
            self.frames_read += 1
            try:
                return Frame(index, photo.seconds, load_photo(photo.path), photograph=photo.path.name)
            except SourceError as error:
                _log.info("%s", error)
                self.skipped.append(error)
                self._on_skipped(error)
        self.state = SourceState.ENDED
        if self._photos and len(self.skipped) == len(self._photos):
            raise self.skipped[0]
        return None

    def close(self) -> None:
        self._closed.set()
        self.state = SourceState.ENDED
