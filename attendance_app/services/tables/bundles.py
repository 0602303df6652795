"""Several files of a school system, a zip or a folder, as one list a class: OneRoster 1.1 and 1.2, Canvas SIS.

OneRoster CSV binding 1.2: users.csv, classes.csv and enrollments.csv, each person's role in the enrolment. Canvas SIS
import: users.csv and enrollments.csv, the class in section_id or course_id.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from attendance_app.services.tables import errors
from attendance_app.services.tables.header_words import header_words
from attendance_app.services.tables.table import MAX_BYTES, Problem, Sheet, Table
from attendance_app.services.tables.workbook_parts import ZIP_ERRORS

USERS: Final = "users.csv"
ENROLMENTS: Final = "enrollments.csv"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a school system names the columns that are read, as ``header_words`` has them; each list: the surest first.

    ``titles``: the file, the column of ids and the column of titles that name the classes.
    """

    user: str
    numbers: tuple[str, ...]
    family: str
    given: str
    classes: tuple[str, ...]
    enrolled_user: str
    titles: tuple[str, str, str]


ONEROSTER: Final = Dialect(
    user="sourced id",
    numbers=("identifier", "username", "sourced id"),
    family="family name",
    given="given name",
    classes=("class sourced id",),
    enrolled_user="user sourced id",
    titles=("classes.csv", "sourced id", "title"),
)
CANVAS: Final = Dialect(
    user="user id",
    numbers=("user id",),
    family="last name",
    given="first name",
    classes=("section id", "course id"),
    enrolled_user="user id",
    titles=("sections.csv", "section id", "name"),
)

HEADER: Final = ("Student ID", "Last name", "First name", "Email", "Role", "Status")
"""Of the list that is made of a class; ``services.columns`` knows these words."""

Record = dict[str, str]


class Bundle:
    """The files of a zip or folder by name, without their folder. Raises KnownError while it is made and read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._left = MAX_BYTES  # over all files: many small ones fill the memory too
        try:
            self._places = dict(self._find())
        except ZIP_ERRORS as error:
            raise errors.BundleDamaged(path=path, reason=str(error) or type(error).__name__) from error

    def _find(self) -> Iterator[tuple[str, str]]:
        if self.path.is_dir():
            for found in sorted(self.path.iterdir()):
                if found.is_file():
                    yield found.name.casefold(), found.name
            return
        with zipfile.ZipFile(self.path) as archive:
            for info in archive.infolist():
                name = PurePosixPath(info.filename.replace("\\", "/")).name
                if name and "__MACOSX" not in info.filename:
                    yield name.casefold(), info.filename

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def content(self, name: str) -> bytes:
        """Return one file's bytes. Raises BundleLacks, BundleDamaged, TableTooLarge."""
        place = self._places.get(name)
        if place is None:
            raise errors.BundleLacks(path=self.path, file=name)
        try:
            content = self._read(place)
        except ZIP_ERRORS as error:
            reason = f"{name}: {error or type(error).__name__}"
            raise errors.BundleDamaged(path=self.path, reason=reason) from error
        self._left -= len(content)
        if self._left < 0:
            raise errors.TableTooLarge(path=self.path / name, most=MAX_BYTES)
        return content

    def _read(self, place: str) -> bytes:
        # One byte more than allowed tells a file that is too large, whatever size the zip declares.
        if self.path.is_dir():
            with (self.path / place).open("rb") as file:
                return file.read(self._left + 1)
        with zipfile.ZipFile(self.path) as archive, archive.open(place) as stream:
            return stream.read(self._left + 1)


@dataclass(frozen=True, slots=True)
class Records:
    """A file's rows by column, the header's words as names. ``lines`` and ``broken`` are by row: its line in the file,
    and what is wrong with one of its cells."""

    rows: tuple[Record, ...]
    lines: tuple[int, ...]
    broken: Mapping[int, Problem]


def records_of(table: Table) -> Records:
    """Return a table's rows under its first row by the words of the header."""
    names = [header_words(cell) for cell in table.rows[0]]
    broken = {row - 1: problem for (row, _column), problem in sorted(table.problems.items(), reverse=True)}
    return Records(tuple(dict(zip(names, row, strict=True)) for row in table.rows[1:]), table.lines[1:], broken)


def dialect_of(enrolments: Table, path: Path) -> Dialect:
    """Return which school system has written the enrolments. Raises BundleUnknown."""
    words = set(map(header_words, enrolments.rows[0]))
    for dialect in (ONEROSTER, CANVAS):
        if dialect.enrolled_user in words and words & set(dialect.classes):
            return dialect
    raise errors.BundleUnknown(path=path, file=ENROLMENTS)


def class_table(
    dialect: Dialect, users: Records, enrolments: Records, *, titles: Mapping[str, str], wanted: str | None, path: Path
) -> Table:
    """Return the list of one class, by default the first; ``wanted``: its id, title or number from 1.

    ``lines`` are those of the enrolments. Teachers and people who left stay in the list with role and status, so that
    whoever reads it can name them. Raises NoRows, NoSuchSheet.
    """
    ids = tuple(dict.fromkeys(filter(None, (_class_of(row, dialect) for row in enrolments.rows))))
    if not ids:
        raise errors.NoRows(path=path)
    names = _names(ids, titles)
    chosen = ids[0] if wanted is None else _chosen(wanted, names, path)
    people = {row.get(dialect.user, ""): (index, row) for index, row in enumerate(users.rows)}
    number = _number_column(dialect, users)
    rows, lines, problems = [HEADER], [1], dict[tuple[int, int], Problem]()
    for index, enrolment in enumerate(enrolments.rows):
        if _class_of(enrolment, dialect) != chosen:
            continue
        user = enrolment.get(dialect.enrolled_user, "")
        place, person = people.get(user, (-1, {}))
        problem = enrolments.broken.get(index) or users.broken.get(place)
        if place < 0:
            problem = problem or Problem.NOT_AMONG_USERS
        if problem is not None:
            problems[len(rows), 0] = problem
        rows.append(
            (
                person.get(number, "") or user,
                *(person.get(dialect.family, ""), person.get(dialect.given, ""), person.get("email", "")),
                enrolment.get("role", ""),
                _status(enrolment, person),
            )
        )
        lines.append(enrolments.lines[index])
    sheets = tuple(Sheet(names[one]) for one in ids)
    return Table(tuple(rows), tuple(lines), problems, sheet=names[chosen], sheets=sheets, of_classes=True)


def _names(ids: tuple[str, ...], titles: Mapping[str, str]) -> dict[str, str]:
    """Return what each class is called: its title, with the id where others have the same."""
    wanted = [titles.get(one) or one for one in ids]
    return {one: name if wanted.count(name) == 1 else f"{name} ({one})" for one, name in zip(ids, wanted, strict=True)}


def _chosen(wanted: str, names: Mapping[str, str], path: Path) -> str:
    for one, name in names.items():
        if wanted.strip().casefold() in {one.casefold(), name.strip().casefold()}:
            return one
    if wanted.isdecimal() and len(wanted) < 6 and 0 < int(wanted) <= len(names):
        return tuple(names)[int(wanted) - 1]
    raise errors.NoSuchSheet(path=path, sheet=wanted, sheets=tuple(names.values()))


def _class_of(enrolment: Record, dialect: Dialect) -> str:
    return next(filter(None, (enrolment.get(column, "") for column in dialect.classes)), "")


def _number_column(dialect: Dialect, users: Records) -> str:
    """Return the column that tells all users apart; a school that leaves one of them empty has another."""
    for column in dialect.numbers:
        values = [row.get(column, "") for row in users.rows]
        if values and all(values) and len(set(values)) == len(values):
            return column
    return dialect.user


def _status(enrolment: Record, person: Record) -> str:
    """The enrolment's status, unless the person has left the school altogether."""
    if person.get("enabled user", "").casefold() == "false":
        return "inactive"
    at_school = person.get("status", "")
    return enrolment.get("status", "") if header_words(at_school) in {"", "active"} else at_school
