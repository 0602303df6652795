"""Looking at a data set before training on it: what is in it, how bright and sharp, and what is there twice."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from attendance_app.domain.faces import Image
from attendance_app.lab.errors import NoClassFolders
from attendance_app.lab.mask.data import pictures_below

THUMBNAIL = 64
"""Side in pixels of the grey thumbnails that are compared."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One readable picture. ``brightness``: mean luma 0 to 255; ``sharpness``: variance of the Laplacian of the
    picture brought to 128 pixels a side, so that pictures of several sizes compare."""

    path: Path
    label: str
    bytes: int
    width: int
    height: int
    brightness: float
    sharpness: float


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """All pictures of a folder. ``thumbnails``: n x 64 x 64 grey, in the order of ``pictures``."""

    folder: Path
    pictures: tuple[PictureFacts, ...]
    unreadable: tuple[Path, ...]
    thumbnails: NDArray[np.uint8]

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes in the order of their names."""
        return tuple(sorted({picture.label for picture in self.pictures}))

    def of_class(self, label: str) -> list[PictureFacts]:
        """The pictures of one class."""
        return [picture for picture in self.pictures if picture.label == label]


def survey(folder: Path, *, report: Callable[[int, int], None]) -> Survey:
    """Read every picture under ``folder``; its class is the first folder on its way.

    Files that are no pictures are listed, not fatal. Raises KnownError if no class folder has a readable picture.
    """
    files = (
        [path for path in pictures_below(folder) if len(path.relative_to(folder).parts) > 1] if folder.is_dir() else []
    )
    facts: list[PictureFacts] = []
    thumbnails: list[Image] = []
    unreadable: list[Path] = []
    for done, path in enumerate(files, start=1):
        try:
            picture = _read(path)
        except (OSError, ValueError, Pillow.DecompressionBombError):
            unreadable.append(path)
        else:
            facts.append(_facts(path, path.relative_to(folder).parts[0], picture))
            thumbnails.append(_thumbnail(picture))
        report(done, len(files))
    if not facts:
        raise NoClassFolders(folder=folder)
    return Survey(folder, tuple(facts), tuple(unreadable), np.stack(thumbnails))


def _read(path: Path) -> Image:
    with Pillow.open(path) as opened:
        return np.asarray(opened.convert("RGB"), dtype=np.uint8)


def _facts(path: Path, label: str, picture: Image) -> PictureFacts:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    # The Laplacian's variance depends on the size of a picture.
    even = cv2.resize(grey, (128, 128), interpolation=cv2.INTER_AREA)
    return PictureFacts(
        path=path,
        label=label,
        bytes=path.stat().st_size,
        width=picture.shape[1],
        height=picture.shape[0],
        brightness=float(grey.mean()),
        sharpness=float(cv2.Laplacian(even, cv2.CV_64F).var()),
    )


def _thumbnail(picture: Image) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA), dtype=np.uint8)
