"""Which photo belongs to whom: a folder a student, pictures named by student, or a zip of either."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from attendance_app.domain.errors import SourceError
from attendance_app.domain.people import Student
from attendance_app.services.errors import NoFilesInside, NothingAtPath
from attendance_app.services.photo_names import plain_name, read_at_most
from attendance_app.services.photo_zip import members_of
from attendance_app.vision.errors import FolderForbidden, PhotoNotOpened
from attendance_app.vision.photo import PHOTO_SUFFIXES


@dataclass(frozen=True, slots=True)
class StudentName:
    """Number and name read from a label, for a student who is not on the roster yet."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One file to enrol. ``label`` is the folder's name or the file's, which says whose photo it is.

    ``error``: it is a folder whose files can't be listed, for this reason.
    """

    name: str
    label: str
    content: Callable[[], bytes]
    error: SourceError | None = None

    @property
    def is_picture(self) -> bool:
        """Whether the name ends as a picture's does."""
        return PurePosixPath(self.name).suffix.lower() in PHOTO_SUFFIXES

    @property
    def new_student(self) -> StudentName:
        """Number and name of a student who is not on the roster yet; a file name's counter is left out."""
        return new_student(self.label if "/" in self.name else _without_counter(self.label))


def find_photos(path: Path) -> list[PhotoFile]:
    """Return the files under ``path`` (a folder, a zip or one picture) in a steady order.

    Raises SourceError when there is nothing there, or when it can't be read.
    """
    try:
        there, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError) as error:
        raise PhotoNotOpened(path=path, reason=getattr(error, "strerror", None) or str(error)) from error
    if not there:
        raise NothingAtPath(path=path)
    if is_folder:
        found = _in_folder(path)
    elif path.suffix.lower() == ".zip":
        found = _in_zip(path)
    else:
        found = [_photo(plain_name(path.name), _content(path))]
    photos = [photo for photo in found if not _is_hidden(photo.name)]
    if not photos:
        raise NoFilesInside(path=path)
    return photos


def match_label(label: str, roster: Iterable[Student]) -> Student | None:
    """Return the student that a label means: by number, by name, by "number name", then without leading zeros, last by
    a number before any name.

    A trailing counter of a file name (``S01_2``, ``S01 (3)``) is ignored when the label as a whole matches nobody.
    """
    students = list(roster)
    label = unicodedata.normalize("NFC", label)
    # As it is first: a number may end like a counter ("A_12").
    for candidate in dict.fromkeys([label, _without_counter(label)]):
        for key in (str.strip, str.casefold, _plain_words, _without_zeros):
            hits = {student.id: student for student in students if _means(candidate, student, key)}
            # A label that means two students means neither.
            if len(hits) == 1:
                return next(iter(hits.values()))
    number = new_student(label).number  # "S06 Ana" where the list has her as S06 Ana Maria
    return next((student for student in students if student.number.casefold() == number.casefold()), None)


def new_student(label: str) -> StudentName:
    """Read number and name from a label: ``S01 Ana`` has both, ``S01`` and ``Ana Lopez`` are each their own number."""
    label = unicodedata.normalize("NFC", label).strip()
    # A word with a digit, then a dash, blank or underscore, then a name, which begins with no digit.
    both = re.fullmatch(r"(\S*\d\S*?)(?:\s+-\s+|[\s_]+)(\D.*)", label)
    if both:
        return StudentName(both[1], both[2].replace("_", " ").strip())
    return StudentName(label, label.replace("_", " ").strip())


def _photo(name: str, content: Callable[[], bytes]) -> PhotoFile:
    pure = PurePosixPath(name)
    return PhotoFile(name, pure.parent.name or pure.stem, content)


def _in_zip(path: Path) -> list[PhotoFile]:
    members = members_of(path)
    top = _wrapping_folder([name for name, _ in members])
    return [_photo(name.removeprefix(top), content) for name, content in members]


def _in_folder(folder: Path) -> list[PhotoFile]:
    closed: list[OSError] = []
    files: list[Path] = []
    # ``rglob`` passes over a folder that it may not read, and says nothing.
    for place, _folders, names in os.walk(folder, onerror=closed.append):
        files += [file for file in (Path(place, name) for name in names) if file.is_file()]
    photos = [_photo(plain_name(file.relative_to(folder).as_posix()), _content(file)) for file in sorted(files)]
    return photos + [_closed_folder(folder, error) for error in closed]


def _closed_folder(folder: Path, error: OSError) -> PhotoFile:
    path = Path(error.filename or folder)
    if path == folder:
        raise FolderForbidden(folder=folder) from error
    return PhotoFile(plain_name(path.relative_to(folder).as_posix()), path.name, bytes, FolderForbidden(folder=path))


def _content(file: Path) -> Callable[[], bytes]:
    name = plain_name(file.name)

    def read() -> bytes:
        with file.open("rb") as opened:
            return read_at_most(opened, name)

    return read


def _wrapping_folder(names: list[str]) -> str:
    """Return the single top folder that contains all folders of a zip, if there is one."""
    visible = [name for name in names if not _is_hidden(name)]
    tops = {name.split("/")[0] for name in visible}
    # Only if the students' folders are inside it: a zip of one student's folder has a single top folder as well.
    nested = all(name.count("/") >= 2 for name in visible)
    return f"{tops.pop()}/" if visible and len(tops) == 1 and nested else ""


def _is_hidden(name: str) -> bool:
    # What macOS and Windows put beside pictures, no files of the teacher.
    return any(part.startswith((".", "__MACOSX")) or part == "Thumbs.db" for part in name.split("/"))


def _without_counter(text: str) -> str:
    return re.sub(r"(?<=.)(?:[_-]\d{1,4}|\s*\(\d{1,4}\))$", "", text.strip())


def _plain_words(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _without_zeros(text: str) -> str:
    return _plain_words(text).lstrip("0")


def _means(label: str, student: Student, key: Callable[[str], str]) -> bool:
    wanted = key(label)
    number, name = (unicodedata.normalize("NFC", text) for text in (student.number, student.name))
    return bool(wanted) and wanted in {key(number), key(name), key(f"{number} {name}")}
