"""Reads a table from a CSV or XLSX file: chooses the sheet or the encoding, and returns the rows."""

import codecs
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from attendance_app.services.tables import errors
from attendance_app.services.tables.bundles import ENROLMENTS, USERS, Bundle, class_table, dialect_of, records_of
from attendance_app.services.tables.csv_text import csv_rows
from attendance_app.services.tables.encodings import Decoded, decode
from attendance_app.services.tables.table import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    Problem,
    Row,
    Sheet,
    Table,
)
from attendance_app.services.tables.text_problems import is_rounded, shortened_columns
from attendance_app.services.tables.workbook import Workbook, open_workbook

# First bytes of a zip, as XLSX is one, and of the container of workbooks before 2007 and of locked ones.
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOKS: Final = {".xlsx", ".xlsm"}
# Byte order marks of UTF-16 and UTF-32, in which letters have zero bytes.
_TEXT_WITH_ZEROS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_table(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Table:
    """Read a CSV or XLSX file; by default the visible sheet with the most rows, and the likeliest encoding.

    A zip or a folder is one of a school system (``bundles``); its classes are chosen as sheets are, by default the
    first.

    Raises KnownError of ``services.tables.errors`` for what is no table, and for a sheet or an encoding that is not
    there. An encoding that can't be told is no error here: ``Table.unclear`` says so.
    """
    if _may_be_bundle(path):
        return _from_bundle(path, sheet, encoding)
    content = _content(path)
    if path.suffix.lower() in _WORKBOOKS:
        return _from_workbook(content, path, sheet)
    if sheet is not None:
        raise errors.NoSheets(path=path)
    return _from_text(content, path, encoding)


def refuse_unclear(table: Table, path: Path, *, sheet: str | None = None) -> None:
    """Raise EncodingUnclear for a table whose encoding nobody has chosen and that can't be told, and ClassUnclear for
    one of several classes where no ``sheet`` was chosen."""
    if table.of_classes and sheet is None and len(table.sheets) > 1:
        raise errors.ClassUnclear(path=path, classes=tuple(one.name for one in table.sheets))
    if table.unclear:
        examples = tuple(f"{name} ({_example(path, name)})" for name in table.unclear)
        raise errors.EncodingUnclear(path=path, encodings=table.unclear, examples=examples)


def _example(path: Path, encoding: str) -> str:
    """The first cell with letters beyond ASCII, as this encoding reads it."""
    rows = read_table(path, encoding=encoding).rows
    return next((cell for row in rows for cell in row if not cell.isascii()), "")


def _may_be_bundle(path: Path) -> bool:
    try:
        return path.is_dir() or path.suffix.lower() == ".zip"
    except OSError:
        return False  # a name that the system refuses: reading the file says why


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more tells a file that is too large, without reading all of it.
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise errors.TableNotThere(path=path) from error
    except OSError as error:
        raise errors.TableUnreadable(path=path, reason=error.strerror or str(error)) from error
    if len(content) > MAX_BYTES:
        raise errors.TableTooLarge(path=path, most=MAX_BYTES)
    return content


def _from_workbook(content: bytes, path: Path, wanted: str | None) -> Table:
    if content.startswith(_OLE):
        raise errors.OldOrLockedWorkbook(path=path)
    with open_workbook(content, path) as book:
        if not book.sheets:
            raise errors.WorkbookDamaged(path=path, reason="it has no sheets")
        chosen, rows = _sheet_rows(book, path, wanted)
        table = _table(rows, path)
        return Table(table.rows, table.lines, table.problems, sheet=chosen.name, sheets=book.sheets)


def _from_bundle(path: Path, wanted: str | None, encoding: str | None) -> Table:
    if not path.exists():
        raise errors.TableNotThere(path=path)
    bundle = Bundle(path)

    def table(name: str) -> Table:
        # Both systems prescribe UTF-8; a line with other bytes is refused by itself.
        return _from_text(bundle.content(name), path / name, encoding or "utf-8")

    enrolments = table(ENROLMENTS)
    dialect = dialect_of(enrolments, path)
    file, key, title = dialect.titles
    classes = records_of(table(file)).rows if file in bundle.names else ()
    titles = {row.get(key, ""): row.get(title, "") for row in classes}
    return class_table(
        dialect, records_of(table(USERS)), records_of(enrolments), titles=titles, wanted=wanted, path=path
    )


def _sheet_rows(book: Workbook, path: Path, wanted: str | None) -> tuple[Sheet, list[Row]]:
    if wanted is not None:
        found = _named(book.sheets, wanted)
        if found is None:
            raise errors.NoSuchSheet(path=path, sheet=wanted, sheets=tuple(sheet.name for sheet in book.sheets))
        return found, book.rows(found)
    # A hidden sheet may hold last year's class; it is taken only by name, or where there is no other.
    candidates = [sheet for sheet in book.sheets if not sheet.hidden] or list(book.sheets)
    read = [(sheet, book.rows(sheet)) for sheet in candidates]
    return max(read, key=lambda one: len(one[1]))  # the first of equals


def _named(sheets: tuple[Sheet, ...], wanted: str) -> Sheet | None:
    # The exact name first: two sheets may differ in case only, and a sheet may be called "2".
    same = [sheet for sheet in sheets if sheet.name == wanted]
    alike = [sheet for sheet in sheets if sheet.name.strip().casefold() == wanted.strip().casefold()]
    by_number = sheets[int(wanted) - 1 : int(wanted)] if wanted.isdecimal() and 0 < int(wanted) <= len(sheets) else ()
    return next(iter((*same, *alike, *by_number)), None)


def _from_text(content: bytes, path: Path, encoding: str | None) -> Table:
    if content.startswith(_OLE):
        raise errors.OldOrLockedWorkbook(path=path)
    # A web page or XML that calls itself a table begins with "<".
    if content.startswith((_ZIP, b"%PDF")) or content[:1_000].lstrip(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise errors.NotATable(path=path)
    decoded = decode(content, encoding)
    if _is_binary(content, decoded):
        raise errors.NotATable(path=path)
    table = _table(csv_rows(decoded.text, path), path)
    return Table(table.rows, table.lines, table.problems, encoding=decoded.encoding, unclear=decoded.unclear)


def _is_binary(content: bytes, decoded: Decoded) -> bool:
    """Zeros are part of UTF-16 and 32 only; without a byte order mark the text must then make sense."""
    if "\0" in decoded.text:
        return True
    guessed = b"\0" in content and not content.startswith(_TEXT_WITH_ZEROS)
    return guessed and sum(sign.isascii() and sign.isprintable() for sign in decoded.text) * 2 < len(decoded.text)


def _table(found: Iterable[Row], path: Path) -> Table:
    rows = [row for row in found if any(cell.text or cell.problem for cell in row.cells)]
    if not rows:
        raise errors.NoRows(path=path)
    width = max(index + 1 for row in rows for index, cell in enumerate(row.cells) if cell.text or cell.problem)
    if width > MAX_COLUMNS:
        raise errors.TooManyColumns(path=path, most=MAX_COLUMNS)
    # Rows are filled up to one length, so few cells far to the right would take much memory.
    if width * len(rows) > MAX_CELLS:
        raise errors.TooManyCells(path=path, most=MAX_CELLS)
    problems: dict[tuple[int, int], Problem] = {
        (number, index): cell.problem
        for number, row in enumerate(rows)
        for index, cell in enumerate(row.cells)
        if cell.problem is not None
    }
    texts = tuple(
        tuple(cell.text for cell in islice(row.cells, width)) + ("",) * (width - len(row.cells)) for row in rows
    )
    for column in shortened_columns(texts):
        for number, row_texts in enumerate(texts):
            if is_rounded(row_texts[column]):
                problems.setdefault((number, column), Problem.SHORTENED)
    return Table(
        rows=texts,
        lines=tuple(row.line for row in rows),
        problems=problems,
    )
