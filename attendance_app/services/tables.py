"""Tables from elsewhere: CSV in any dialect and encoding, XLSX; and cells that a spreadsheet won't run."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from attendance_app.domain.errors import KnownError, NotFoundError

DELIMITERS = ",;\t|"
XLSX_SUFFIXES = {".xlsx", ".xlsm"}
RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet may take for a formula (OWASP, CSV injection); with apostrophes so that undoing is exact."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text. ``rows`` have the length of the longest; blank rows keep their place."""

    rows: tuple[tuple[str, ...], ...]


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; ``plain_cell`` undoes it exactly."""
    return "'" + text if RISKY.match(text) else text


def plain_cell(text: str) -> str:
    """Return what ``safe_cell`` was given."""
    return text[1:] if text.startswith("'") and RISKY.match(text) else text


def read_table(path: Path) -> Table:
    """Read a CSV or XLSX file. Raises KnownError for what is neither, NotFoundError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError("There is no file {path}.", remedy="Check the name and the folder.", path=path) from error
    except OSError as error:
        raise KnownError(
            "{path} can't be read: {reason}.",
            remedy="Check that it is a file and that you may read it.",
            path=path,
            reason=error.strerror or error,
        ) from error
    rows = _xlsx_rows(content, path) if path.suffix.lower() in XLSX_SUFFIXES else _csv_rows(content, path)
    width = max((len(row) for row in rows), default=0)
    if not any(any(row) for row in rows):
        raise KnownError("{path} has no rows.", remedy="Choose a file with a header and one line a student.", path=path)
    return Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def _csv_rows(content: bytes, path: Path) -> list[list[str]]:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or (
        b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        raise KnownError(
            "{path} is not a text file.", remedy="Save the list as CSV or XLSX and choose that file.", path=path
        )
    text = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        return [[plain_cell(cell).strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise KnownError(
            "{path} is not a proper CSV file: {reason}.",
            remedy="Open it in a spreadsheet and save it as CSV again.",
            path=path,
            reason=error,
        ) from error


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            return content.decode("latin-1")


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into most columns, the same number in most of them."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def merit(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(DELIMITERS, key=merit)


def _xlsx_rows(content: bytes, path: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise KnownError(
            "{path} is not a readable XLSX file.",
            remedy="Open it in a spreadsheet, save it as XLSX or CSV again, without a password.",
            path=path,
        ) from error
    sheets = [
        [[_text(c.value, c.number_format) for c in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    ]
    book.close()
    return max(sheets, key=lambda rows: sum(any(row) for row in rows), default=[])


def _text(value: object, number_format: str) -> str:
    """Return a cell as a person sees it: 7.0 as 7, and 7 shown with the format 0000 as 0007."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).zfill(len(number_format) if set(number_format) == {"0"} else 0)
    if isinstance(value, date):
        return value.isoformat()
    return plain_cell(str(value)).strip()
