"""Brings a data set, as it was downloaded, into class folders that the trainings take.

A picture goes into the class that the folders on its way name: one of the mask classes, or a person, whose folder is
the last one. Files are copied as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from attendance_app.domain.errors import SourceError
from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.errors import FolderNotWritten, NoClassFolders
from attendance_app.lab.pixels import pixel_digest
from attendance_app.services.photo_folders import PhotoFile, find_photos
from attendance_app.vision.photo import photo_from_bytes

Progress: TypeAlias = Callable[[int, int], None]
Kind: TypeAlias = Literal["masks", "people"]

MASK_FOLDERS = tuple(state.value for state in MASK_CLASSES)


@dataclass(frozen=True, slots=True)
class Double:
    """A picture that equals an earlier one, pixel by pixel."""

    name: str
    first: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What was copied and what was not; files are named as in the source.

    ``counts``: pictures copied, by class. ``doubles``: their class has the same picture already. ``in_two_classes``:
    another class has the same picture. ``others``: files that are no pictures by
    their names, or that lie in no folder of a class. ``missing``: mask classes without a picture.
    """

    folder: Path
    kind: Kind
    counts: dict[str, int]
    broken: tuple[str, ...]
    doubles: tuple[Double, ...]
    in_two_classes: tuple[Double, ...]
    others: tuple[str, ...]
    missing: tuple[str, ...]


def import_set(source: Path, out: Path, *, kind: Kind | None, without_doubles: bool, report: Progress) -> Imported:
    """Copy the pictures of ``source``, a folder or a zip, into ``out``/CLASS.

    ``kind``: by default masks where a folder has a mask class's name, else people. ``without_doubles`` leaves out what
    a class has already, and a picture of two classes in both: which one is right can't be known. Raises SourceError
    where there is nothing to read, KnownError where there are no class folders or ``out`` can't be written.
    """
    files = find_photos(source)
    chosen: Kind = kind or ("masks" if any(_mask_class(file) for file in files) else "people")
    class_of = _mask_class if chosen == "masks" else _person
    labelled = [(file, label) for file in files if file.is_picture and (label := class_of(file))]
    if not labelled:
        raise NoClassFolders(folder=source)
    taken = {file.name for file, _label in labelled}
    checked = _check(labelled, report)
    counts = _copy(checked.single if without_doubles else checked.readable, out)
    return Imported(
        folder=out,
        kind=chosen,
        counts=counts,
        broken=tuple(checked.broken),
        doubles=tuple(checked.doubles),
        in_two_classes=tuple(checked.in_two_classes),
        others=tuple(file.name for file in files if file.name not in taken),
        missing=tuple(name for name in MASK_FOLDERS if name not in counts) if chosen == "masks" else (),
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    readable: list[tuple[PhotoFile, str]]
    single: list[tuple[PhotoFile, str]]
    broken: list[str]
    doubles: list[Double]
    in_two_classes: list[Double]


def _check(labelled: Sequence[tuple[PhotoFile, str]], report: Progress) -> _Checked:
    """Decode every picture and compare their pixels."""
    checked = _Checked([], [], [], [], [])
    first: dict[str, tuple[PhotoFile, str]] = {}
    ambiguous: set[str] = set()
    digests: dict[str, str] = {}
    for done, (file, label) in enumerate(labelled, start=1):
        report(done, len(labelled))
        try:
            pixels = photo_from_bytes(file.content(), name=file.name)
        except SourceError:
            checked.broken.append(file.name)
            continue
        checked.readable.append((file, label))
        digest = pixel_digest(pixels)
        earlier, its_label = first.setdefault(digest, (file, label))
        if earlier is file:
            digests[file.name] = digest
            checked.single.append((file, label))
        elif its_label == label:
            checked.doubles.append(Double(file.name, earlier.name))
        else:
            ambiguous.add(digest)
            checked.in_two_classes.append(Double(file.name, earlier.name))
    checked.single[:] = [(file, label) for file, label in checked.single if digests[file.name] not in ambiguous]
    return checked


def _copy(kept: Sequence[tuple[PhotoFile, str]], out: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    used: dict[str, set[str]] = defaultdict(set)
    try:
        for file, label in kept:
            target = out / label / _free_name(PurePosixPath(file.name).name, used[label])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content())
            counts[label] += 1
    except OSError as error:
        raise FolderNotWritten(folder=out, reason=error.strerror or str(error)) from error
    return dict(sorted(counts.items()))


def _free_name(name: str, used: set[str]) -> str:
    """Return the name, with a number where the class has another file of that name, and note it."""
    pure, number, free = PurePosixPath(name), 2, name
    # Some file systems don't tell capitals from small letters.
    while free.casefold() in used:
        free, number = f"{pure.stem}-{number}{pure.suffix}", number + 1
    used.add(free.casefold())
    return free


def _mask_class(file: PhotoFile) -> str | None:
    """The mask class that the nearest folder on the way names."""
    for folder in reversed(PurePosixPath(file.name).parent.parts):
        plain = folder.strip().lower().replace(" ", "_").replace("-", "_")
        if plain in MASK_FOLDERS:
            return plain
    return None


def _person(file: PhotoFile) -> str | None:
    return PurePosixPath(file.name).parent.name or None
