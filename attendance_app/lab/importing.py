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
    found = _copied(labelled, _ClassFolders(out), report, without_doubles=without_doubles)
    return Imported(
        folder=out,
        kind=chosen,
        counts=found.folders.counts(),
        broken=tuple(found.broken),
        doubles=tuple(found.doubles),
        in_two_classes=tuple(found.in_two_classes),
        others=tuple(file.name for file in files if file.name not in taken),
        missing=tuple(name for name in MASK_FOLDERS if name not in found.folders.counts()) if chosen == "masks" else (),
    )


class _ClassFolders:
    """The copies, class by class. Its methods raise FolderNotWritten."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._used: dict[str, set[str]] = defaultdict(set)
        self._counts: Counter[str] = Counter()

    def put(self, name: str, label: str, content: bytes) -> Path:
        """Write a copy, under another name where the class has a file of that name."""
        target = self._out / label / _free_name(PurePosixPath(name).name, self._used[label])
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            raise self._not_written(error) from error
        self._counts[label] += 1
        return target

    def take_back(self, copy: Path) -> None:
        """Delete a copy, and the folder of a class that has no other."""
        label = copy.parent.name
        self._counts[label] -= 1
        try:
            copy.unlink()
            if not self._counts[label]:
                copy.parent.rmdir()
        except OSError as error:
            raise self._not_written(error) from error

    def counts(self) -> dict[str, int]:
        """Copies by class, without the classes that have none."""
        return {label: count for label, count in sorted(self._counts.items()) if count}

    def _not_written(self, error: OSError) -> FolderNotWritten:
        return FolderNotWritten(folder=self._out, reason=error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class _Found:
    folders: _ClassFolders
    broken: list[str]
    doubles: list[Double]
    in_two_classes: list[Double]


@dataclass(slots=True)
class _First:
    """The first of several equal pictures. ``copy``: None once it is known to be in two classes and taken back."""

    name: str
    label: str
    copy: Path | None


def _copied(
    labelled: Sequence[tuple[PhotoFile, str]], folders: _ClassFolders, report: Progress, *, without_doubles: bool
) -> _Found:
    """Decode every picture, compare its pixels with those before, and copy it; each file is read once."""
    found = _Found(folders, [], [], [])
    firsts: dict[str, _First] = {}
    for done, (file, label) in enumerate(labelled, start=1):
        report(done, len(labelled))
        try:
            content = file.content()
            digest = pixel_digest(photo_from_bytes(content, name=file.name))
        except SourceError:
            found.broken.append(file.name)
            continue
        first = firsts.get(digest)
        copy = folders.put(file.name, label, content) if first is None or not without_doubles else None
        if first is None:
            firsts[digest] = _First(file.name, label, copy)
        elif first.label == label:
            found.doubles.append(Double(file.name, first.name))
        else:
            found.in_two_classes.append(Double(file.name, first.name))
            if without_doubles and first.copy is not None:
                folders.take_back(first.copy)
                first.copy = None
    return found


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
