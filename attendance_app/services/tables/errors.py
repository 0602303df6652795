"""Why a file can't be read as a table."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, NotFoundError


class TableNotThere(NotFoundError):
    """There is no such file."""

    path: Path


class TableUnreadable(KnownError):
    """The system refused to read the file."""

    path: Path
    reason: str


class NotATable(KnownError):
    """Neither text nor a workbook."""

    path: Path


class OldOrLockedWorkbook(KnownError):
    """A workbook of the kind before 2007, or one with a password: both are the same kind of container."""

    path: Path


class WorkbookDamaged(KnownError):
    """A workbook that is cut off, lacks a part or is no workbook."""

    path: Path
    reason: str


class TableTooLarge(KnownError):
    """More bytes than a class list has, as they lie there or unpacked."""

    path: Path
    most: int


class TooManyRows(KnownError):
    """More rows than a class list has."""

    path: Path
    most: int


class TooManyColumns(KnownError):
    """More columns than a class list has."""

    path: Path
    most: int


class TooManyCells(KnownError):
    """More cells than a class list has."""

    path: Path
    most: int


class CellTooLong(KnownError):
    """A field with more characters than a spreadsheet's cell can hold."""

    path: Path
    line: int
    most: int


class NoRows(KnownError):
    """The file or the sheet is empty."""

    path: Path


class UnclosedQuote(KnownError):
    """A quotation mark swallows the lines after it."""

    path: Path
    line: int


class NoSuchSheet(KnownError):
    """The workbook has no sheet of this name."""

    path: Path
    sheet: str
    sheets: tuple[str, ...]


class BundleDamaged(KnownError):
    """A zip that is cut off, has a password or is no zip, or a folder that can't be read."""

    path: Path
    reason: str


class BundleLacks(KnownError):
    """A zip or folder without a file that the list is made of."""

    path: Path
    file: str


class BundleUnknown(KnownError):
    """The enrolments have neither the columns of OneRoster nor those of Canvas."""

    path: Path
    file: str


class ClassUnclear(KnownError):
    """The files have several classes, and nobody has chosen one."""

    path: Path
    classes: tuple[str, ...]


class NoSheets(KnownError):
    """A sheet was asked for, but the file is a text."""

    path: Path


class EncodingUnknown(KnownError):
    """Python knows no encoding of this name."""

    encoding: str
    known: tuple[str, ...]


class EncodingUnclear(KnownError):
    """The bytes mean names in more than one encoding."""

    path: Path
    encodings: tuple[str, ...]
    examples: tuple[str, ...]


class NoNumberColumn(KnownError):
    """No column looks like the student's number."""

    columns: tuple[str, ...]


class NoSessionColumn(KnownError):
    """No column of a table of attendance is headed by a day."""

    columns: tuple[str, ...]


class NoSuchField(KnownError):
    """A student has no such field to choose a column for."""

    field: str
    fields: tuple[str, ...]


class NoSuchColumn(KnownError):
    """The list has no such column."""

    column: str
    columns: tuple[str, ...]
