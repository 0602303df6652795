"""Pictures of masks in class folders: which files, which class, which copies belong together, and how to split them."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.errors import ClassesWithoutPictures, ClassFolderMissing
from attendance_app.vision.photo import PHOTO_SUFFIXES

Split: TypeAlias = Literal["random", "group"]
Indices: TypeAlias = NDArray[np.intp]

_DRAWS = 1_000
"""How often a random part is drawn again because a class of a few pictures is missing on one side."""
GROUP_TABLES = (("groups.csv", "group"), ("boxes.csv", "photograph"))
"""Tables beside the class folders, and their column that says which pictures are copies or neighbours."""


@dataclass(frozen=True, slots=True)
class MaskPictures:
    """Pictures with their class (index into ``MASK_CLASSES``) and their source group."""

    files: tuple[Path, ...]
    labels: Indices
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, indices: Iterable[int]) -> "MaskPictures":
        """The pictures with these indices, in that order."""
        chosen = np.fromiter(indices, dtype=np.intp)
        return MaskPictures(
            files=tuple(self.files[i] for i in chosen),
            labels=self.labels[chosen],
            groups=tuple(self.groups[i] for i in chosen),
        )


def pictures_below(folder: Path) -> list[Path]:
    """All picture files under ``folder``, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES and path.is_file())


def read_class_folders(folder: Path) -> MaskPictures:
    """Read ``with_mask``, ``without_mask`` and ``mask_weared_incorrect`` under ``folder``.

    Without a table of groups every picture is a group of its own. Raises KnownError if the folder or a class is
    missing or empty.
    """
    if not folder.is_dir():
        raise ClassFolderMissing(folder=folder)
    group_of = read_groups(folder)
    files: list[Path] = []
    labels: list[int] = []
    missing: list[str] = []
    for label, state in enumerate(MASK_CLASSES):
        found = pictures_below(folder / state.value)
        if not found:
            missing.append(state.value)
        files += found
        labels += [label] * len(found)
    if missing:
        raise ClassesWithoutPictures(classes=tuple(missing), folder=folder)
    names = [path.relative_to(folder).as_posix() for path in files]
    return MaskPictures(
        tuple(files), np.array(labels, dtype=np.intp), tuple(group_of.get(name, name) for name in names)
    )


def read_groups(folder: Path, tables: Sequence[tuple[str, str]] = GROUP_TABLES) -> dict[str, str]:
    """File name below ``folder`` -> group, from the first of the tables that exists."""
    for name, column in tables:
        if (folder / name).is_file():
            with open(folder / name, newline="", encoding="utf-8") as table:
                return {row["file"]: row[column] for row in csv.DictReader(table)}
    return {}


def split_pictures(pictures: MaskPictures, *, split: Split, share: float, seed: int) -> tuple[Indices, Indices]:
    """Return the indices of the larger part and of a part with about ``share`` of every class.

    ``random``: picture by picture, whatever the class, and rounded up, as the report draws its 2,695 of 8,982; every
    class is on both sides. ``group``: whole groups, class by class, so that no group is on both
    sides. The same seed gives the same split.
    """
    rng = np.random.default_rng(seed)
    chosen = _random_part(pictures.labels, share, rng) if split == "random" else _group_part(pictures, share, rng)
    everything = np.arange(len(pictures))
    return everything[~chosen], everything[chosen]


def _random_part(labels: Indices, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    count, classes = math.ceil(share * len(labels)), len(np.unique(labels))
    for _draw in range(_DRAWS):
        chosen = np.zeros(len(labels), dtype=bool)
        chosen[rng.permutation(len(labels))[:count]] = True
        if all(len(np.unique(labels[part])) == classes for part in (chosen, ~chosen)):
            break
    return chosen


def _group_part(pictures: MaskPictures, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw whole groups, the rarest class first, until each class has its share.

    A group with several classes (a photograph with several faces) goes as a whole.
    """
    groups = np.array(pictures.groups)
    chosen = np.zeros(len(groups), dtype=bool)
    # The rarest class has the fewest groups to choose from, so it chooses first.
    for label in np.argsort(np.bincount(pictures.labels, minlength=len(MASK_CLASSES))):
        of_class = pictures.labels == label
        wanted = share * of_class.sum()
        for group in rng.permutation(np.unique(groups[of_class & ~chosen])):
            members = groups == group
            now = (chosen & of_class).sum()
            if now >= wanted:
                break
            # A large group that would overshoot by more than it is missed stays on the other side.
            if now + (members & of_class).sum() - wanted <= wanted - now:
                chosen |= members
    return chosen
