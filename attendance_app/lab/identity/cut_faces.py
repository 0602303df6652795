"""Aligned faces from folders of pictures, for the identity network; kept on disk if asked, since that takes minutes."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.bootstrap import open_chip_cutter
from attendance_app.domain.errors import Cancelled, SourceError
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, eq=False)
class CutFaces:
    """``chips``: n x 150 x 150 x 3; ``files``: the picture that each comes from; ``left_out``: pictures without."""

    chips: NDArray[np.uint8]
    files: tuple[Path, ...]
    left_out: tuple[Path, ...]

    def only(self, keep: NDArray[np.bool_]) -> "CutFaces":
        files = tuple(file for file, kept in zip(self.files, keep, strict=True) if kept)
        return CutFaces(self.chips[keep], files, self.left_out)


def pictures_under(folder: Path) -> list[Path]:
    """Return every picture in the folder and below it, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def cut_faces(
    files: Sequence[Path], *, central: bool, progress: Progress, stop: Stop, cache: Path | None = None
) -> CutFaces:
    """Cut one face out of every picture; pictures that can't be read or show none are left out and logged.

    ``central``: the pictures are portraits of one person in the middle (see ``ChipCutter.central``). ``cache``: a
    folder in which the answer is kept, and found again for the same files. Raises Cancelled on ``stop``.
    """
    kept_at = cache / f"faces-{_key(files, central)}.npz" if cache else None
    if kept_at is not None and kept_at.exists():
        with np.load(kept_at) as kept:
            index = set(kept["index"].tolist())
            return _assembled(files, index, kept["chips"])
    chips, index = _cut(files, central=central, progress=progress, stop=stop)
    if kept_at is not None:
        kept_at.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept_at, chips=chips, index=np.array(sorted(index), np.intp))
    return _assembled(files, index, chips)


def _cut(files: Sequence[Path], *, central: bool, progress: Progress, stop: Stop) -> tuple[NDArray[np.uint8], set[int]]:
    cutter = open_chip_cutter()
    find = cutter.central if central else cutter.largest
    chips: list[NDArray[np.uint8]] = []
    index: set[int] = set()
    for number, file in enumerate(files):
        if stop():
            raise Cancelled
        try:
            chip = find(load_photo(file))
        except SourceError as error:
            _log.warning("left out: %s", error)
            chip = None
        if chip is not None:
            chips.append(chip)
            index.add(number)
        if number % 20 == 19 or number + 1 == len(files):
            progress(number + 1, len(files))
    return np.stack(chips) if chips else np.empty((0, 150, 150, 3), np.uint8), index


def _assembled(files: Sequence[Path], index: set[int], chips: NDArray[np.uint8]) -> CutFaces:
    used = tuple(file for number, file in enumerate(files) if number in index)
    left_out = tuple(file for number, file in enumerate(files) if number not in index)
    return CutFaces(chips, used, left_out)


def _key(files: Sequence[Path], central: bool) -> str:
    # Sizes beside names, so that a picture that was replaced is cut anew.
    names = "\n".join(f"{file} {file.stat().st_size}" for file in files)
    return hashlib.sha256(f"{central}\n{names}".encode()).hexdigest()[:16]
