"""Reads CSV text. Python's csv cuts the fields; what it accepts silently, as an open quotation mark, is refused."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attendance_app.services.tables import errors
from attendance_app.services.tables.safe_text import DELIMITERS, plain_cell
from attendance_app.services.tables.table import MAX_BYTES, MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS, Cell, Row
from attendance_app.services.tables.text_problems import problem_of

# Above any file that is read: the module's own limit of 131,072 characters would end in an error without a line.
# A field that is too long is named with its line below.
csv.field_size_limit(MAX_BYTES)

_HINT: Final = re.compile(rf"sep=([{DELIMITERS}])\s*", re.IGNORECASE)
"""Excel's own first line that says what separates."""
_SAMPLE: Final = 20
"""The separator is chosen by so many lines."""


class _Lines:
    """Yields the lines of a text and keeps those of the record that is being read."""

    def __init__(self, text: str) -> None:
        # Line ends as they are: the csv module tells those inside quotation marks from those between records.
        self._stream = io.StringIO(text, newline="")
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.record.append(line)
            yield line


def csv_rows(text: str, path: Path) -> Iterator[Row]:
    """Yield the rows, blank ones too. Raises UnclosedQuote, CellTooLong, TooManyRows."""
    hint = _HINT.match(text)
    delimiter = hint[1] if hint else _delimiter(text)
    lines = _Lines(text[hint.end() :] if hint else text)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    skipped = 1 if hint else 0
    first = 1 + skipped
    for number, fields in enumerate(reader):
        if number >= MAX_ROWS:
            raise errors.TooManyRows(path=path, most=MAX_ROWS)
        if _has_open_quote(lines.record, fields, delimiter):
            raise errors.UnclosedQuote(path=path, line=first)
        if len(fields) > MAX_COLUMNS and any(not value.isspace() for value in fields[MAX_COLUMNS:] if value):
            raise errors.TooManyColumns(path=path, most=MAX_COLUMNS)
        if any(len(value) > MAX_CHARACTERS for value in fields):
            raise errors.CellTooLong(path=path, line=first, most=MAX_CHARACTERS)
        yield Row(first, tuple(_cell(value) for value in fields[:MAX_COLUMNS]))
        lines.record.clear()
        # The reader counts lines and not records, so a record after a field of several lines is named rightly.
        first = reader.line_num + 1 + skipped


def _cell(value: str) -> Cell:
    text = plain_cell(value).strip()
    return Cell(text, problem_of(text))


def _has_open_quote(record: list[str], fields: list[str], delimiter: str) -> bool:
    """Whether a quotation mark that nobody closed has made one record of several lines, or of the end of the file."""
    if not any('"' in line for line in record):
        return False
    # A quoted field may have several lines; if further lines contain the separator, they are records.
    if len(record) > 1 and any(delimiter in part for value in fields for part in value.splitlines()[1:]):
        return True
    try:
        # Without ``strict`` the reader takes an open quotation mark as closed by the end of the text.
        list(csv.reader(record, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        return len(record) > 1 or "end of data" in str(error)
    return False


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into most columns, the same number in most of them."""
    # Cut before splitting: a text of 32 MB need not be cut into lines for twenty of them.
    lines = [line for line in text[: _SAMPLE * 2_000].splitlines()[:_SAMPLE] if line.strip()]

    def rank(delimiter: str) -> tuple[int, int, int]:
        rows = list(csv.reader(lines, delimiter=delimiter))
        widths = [len(row) for row in rows]
        # The most frequent number of columns; of equally frequent ones the greater.
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        odd = sum('"' in cell or cell.startswith(" ") for row in rows for cell in row)  # 1;"García, Ana"
        return (widths.count(usual) if usual > 1 else 0), usual, -odd

    return max(DELIMITERS, key=rank)
