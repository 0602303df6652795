"""Looking at a data set before training on it: what is in it, how bright and sharp, and what is there twice."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags
from PIL import Image as Pillow

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Image
from attendance_app.lab.errors import NoClassFolders
from attendance_app.lab.pixels import pixel_digest
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo

THUMBNAIL = 64
"""Side in pixels of the grey thumbnails that are compared."""
UPRIGHT = 1
"""EXIF's orientation of a picture that is stored as it is shown."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One readable picture, upright as its file says.

    ``format`` and ``mode``: as Pillow names them ("JPEG", "RGB"), of the file. ``stored_turned``: the file says that
    its rows are to be turned or mirrored. ``pixels``: a digest of size and colours, equal for equal pictures.
    ``brightness``: mean luma 0 to 255; ``sharpness``: variance of the Laplacian of the picture brought to 128 pixels a
    side, so that pictures of several sizes compare.
    """

    path: Path
    label: str
    bytes: int
    width: int
    height: int
    format: str
    mode: str
    stored_turned: bool
    pixels: str
    brightness: float
    sharpness: float


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """All pictures of a folder.

    ``unreadable``: files named like pictures that can't be read; ``others``: files of class folders that aren't named
    like pictures. ``thumbnails``: n x 64 x 64 grey, in the order of ``pictures``.
    """

    folder: Path
    pictures: tuple[PictureFacts, ...]
    unreadable: tuple[Path, ...]
    others: tuple[Path, ...]
    thumbnails: NDArray[np.uint8]

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes in the order of their names."""
        return tuple(sorted({picture.label for picture in self.pictures}))

    def of_class(self, label: str) -> list[PictureFacts]:
        """The pictures of one class."""
        return [picture for picture in self.pictures if picture.label == label]

    def indices(self, label: str) -> NDArray[np.intp]:
        """Where the pictures of one class are in ``pictures``."""
        return np.flatnonzero([picture.label == label for picture in self.pictures])

    def name(self, path: Path) -> str:
        """A file as the page and the table name it: below the folder, with slashes."""
        return path.relative_to(self.folder).as_posix()


def survey(folder: Path, *, report: Callable[[int, int], None]) -> Survey:
    """Read every picture under ``folder``; its class is the first folder on its way.

    Files that are no pictures are listed, not fatal. Raises KnownError if no class folder has a readable picture.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and len(path.relative_to(folder).parts) > 1)
    named = [path for path in files if path.suffix.lower() in PHOTO_SUFFIXES]
    facts: list[PictureFacts] = []
    thumbnails: list[Image] = []
    unreadable: list[Path] = []
    for done, path in enumerate(named, start=1):
        try:
            picture = load_photo(path)
        except SourceError:
            unreadable.append(path)
        else:
            facts.append(_facts(path, path.relative_to(folder).parts[0], picture))
            thumbnails.append(_thumbnail(picture))
        report(done, len(named))
    if not facts:
        raise NoClassFolders(folder=folder)
    others = tuple(path for path in files if path.suffix.lower() not in PHOTO_SUFFIXES)
    return Survey(folder, tuple(facts), tuple(unreadable), others, np.stack(thumbnails))


def _facts(path: Path, label: str, picture: Image) -> PictureFacts:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    # The Laplacian's variance depends on the size of a picture.
    even = cv2.resize(grey, (128, 128), interpolation=cv2.INTER_AREA)
    with Pillow.open(path) as opened:
        form, mode = str(opened.format), opened.mode
        turned = opened.getexif().get(ExifTags.Base.Orientation, UPRIGHT) != UPRIGHT
    return PictureFacts(
        path=path,
        label=label,
        bytes=path.stat().st_size,
        width=picture.shape[1],
        height=picture.shape[0],
        format=form,
        mode=mode,
        stored_turned=turned,
        pixels=pixel_digest(picture),
        brightness=float(grey.mean()),
        sharpness=float(cv2.Laplacian(even, cv2.CV_64F).var()),
    )


def _thumbnail(picture: Image) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA), dtype=np.uint8)
