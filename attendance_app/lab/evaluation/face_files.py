"""Many picture files to one encoding each, in batches: for evaluation and for fitting the matcher."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.lab.errors import FolderMissing, NoFoldersOfPictures
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo
from attendance_app.vision.quality import resolved_px

BATCH = 16
COMPANION = 0.5
"""Faces narrower than this share of the widest one are in the background."""


class EncodedFile(Enum):
    """The result for one file."""

    FACE = "face"
    NO_FACE = "no_face"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFiles:
    """``encodings`` (n, 128), mean of face and mirror image; NaN where there is none. ``readings``: one a file.

    ``face_px`` (n,): how large the faces are (``vision.quality.resolved_px``), NaN without one.
    """

    files: tuple[Path, ...]
    encodings: NDArray[np.float32]
    readings: tuple[EncodedFile, ...]
    face_px: NDArray[np.float64]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which files have an encoding, (n,)."""
        return np.asarray(np.isfinite(self.encodings).all(axis=1))

    def listed(self, reading: EncodedFile) -> tuple[Path, ...]:
        """The files with this result."""
        return tuple(file for file, came in zip(self.files, self.readings, strict=True) if came is reading)


def pictures_by_person(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of each sub-folder, which is a person; raise NotFoundError where there are none."""
    if not folder.is_dir():
        raise FolderMissing(folder=folder)
    people = {person.name: pictures_in(person) for person in sorted(folder.iterdir()) if person.is_dir()}
    people = {name: pictures for name, pictures in people.items() if pictures}
    if not people:
        raise NoFoldersOfPictures(folder=folder)
    return people


def pictures_in(folder: Path) -> list[Path]:
    """Return all pictures in and below a folder, by name; raise NotFoundError if there is no such folder."""
    if not folder.is_dir():
        raise FolderMissing(folder=folder)
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix.lower() in PHOTO_SUFFIXES]


def main_face(detections: Sequence[Detection], image: Image) -> Detection:
    """Return the face nearest to the picture's middle of those at least half as wide as the widest."""
    widest = max(found.box.width for found in detections)
    x, y = image.shape[1] / 2, image.shape[0] / 2
    large = [found for found in detections if found.box.width >= COMPANION * widest]
    return min(large, key=lambda found: (found.box.center[0] - x) ** 2 + (found.box.center[1] - y) ** 2)


def middle(image: Image) -> Detection:
    """Return where the face of an LFW picture is (its detector's crop: the middle 42 %), whatever the picture shows."""
    height, width = image.shape[:2]
    half = 0.21 * min(height, width)
    return Detection(
        Box(round(width / 2 - half), round(height / 2 - half), round(width / 2 + half), round(height / 2 + half)), 0.0
    )


def encode_files(
    reader: FaceReader,
    files: Sequence[Path],
    *,
    job: JobContext,
    centred: bool = False,
    view: Callable[[Image], Image] | None = None,
) -> EncodedFiles:
    """Encode the main face of each file.

    ``centred``: where no face is found, take the middle of the picture (the LFW protocols leave no picture out).
    ``view`` changes each picture before it is looked at, as a worse camera would.
    Raises Cancelled when the job is stopped.
    """
    encodings = np.full((len(files), 128), np.nan, dtype=np.float32)
    face_px = np.full(len(files), np.nan)
    readings: list[EncodedFile] = []
    waiting: list[tuple[int, NDArray[np.uint8]]] = []
    for index, file in enumerate(files):
        job.raise_if_cancelled()
        chip, reading, face_px[index] = _chip(reader, file, centred=centred, view=view)
        readings.append(reading)
        if chip is not None:
            waiting.append((index, chip))
        if len(waiting) == BATCH or index == len(files) - 1:
            _encode(reader, waiting, encodings)
            waiting = []
        job.report(index + 1, len(files))
    return EncodedFiles(tuple(files), encodings, tuple(readings), face_px)


def _chip(
    reader: FaceReader, file: Path, *, centred: bool, view: Callable[[Image], Image] | None
) -> tuple[NDArray[np.uint8] | None, EncodedFile, float]:
    try:
        image = load_photo(file)
    except SourceError:
        return None, EncodedFile.UNREADABLE, np.nan
    if view is not None:
        image = view(image)
    detections = reader.find(image)
    if not detections and not centred:
        return None, EncodedFile.NO_FACE, np.nan
    # The protocols leave no picture out: where LFW's detector had the face is the best guess.
    face = main_face(detections, image) if detections else middle(image)
    poses = reader.poses(image, [face])
    reading = EncodedFile.FACE if detections else EncodedFile.NO_FACE
    return reader.chips(image, poses)[0], reading, resolved_px(poses[0].quality)


def _encode(reader: FaceReader, waiting: list[tuple[int, NDArray[np.uint8]]], encodings: NDArray[np.float32]) -> None:
    if waiting:
        encodings[[index for index, _ in waiting]] = reader.encode(np.stack([chip for _, chip in waiting]))
