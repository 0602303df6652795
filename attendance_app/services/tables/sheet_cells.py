"""The cells of one sheet, and what they need of the workbook: the shared strings and the number formats."""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from attendance_app.services.tables import errors
from attendance_app.services.tables.number_formats import BUILT_IN, is_date, shown
from attendance_app.services.tables.safe_text import plain_cell
from attendance_app.services.tables.table import MAX_CELLS, MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS, Cell, Problem, Row
from attendance_app.services.tables.text_problems import problem_of
from attendance_app.services.tables.workbook_parts import Attributes, MalformedError, Visitor

_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML has not."""
_VALUES: Final = frozenset("vt")
"""Elements with a cell's value: <v>, and <t> of a text that stands in the cell itself."""
_LAST_ROW: Final = 1_048_576
"""Of an Excel sheet."""
# Day 0. Excel takes 1900 for a leap year, so counting from the 30th of December 1899 is right from March 1900 on.
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - spreadsheets know no zones


@dataclass
class Styles(Visitor):
    """Which number format each style has. Fonts, fills and borders are not looked at."""

    date_1904: bool = False
    _codes: dict[str, str] = field(default_factory=dict)
    _formats: list[str] = field(default_factory=list)
    _inside: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        # Only those in cellXfs: cells refer to these by number, other lists have elements of the same name.
        elif name == "xf" and self._inside:
            self._formats.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def code_of(self, style: str) -> str:
        """Return the format code of a style; General for one that the workbook has not."""
        number = self._formats[int(style)] if style.isdecimal() and int(style) < len(self._formats) else "0"
        if number in self._codes:
            return self._codes[number]
        return BUILT_IN.get(int(number), "General") if number.isdecimal() else "General"

    def date_of(self, serial: float) -> str:
        """Return a date as text; what is no date as its number."""
        try:
            moment = (_EPOCH_1904 if self.date_1904 else _EPOCH_1900) + timedelta(seconds=round(serial * 86_400, 3))
        except OverflowError:
            return f"{serial:g}"
        return moment.date().isoformat() if float(serial).is_integer() else moment.isoformat(" ", "minutes")


class SharedStrings(Visitor):
    """The texts that cells refer to by number. Phonetic guides of Asian texts (rPh) are left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._in_value = False
        self._in_phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: ARG002
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._in_phonetic = True
        self._in_value = name == "t" and not self._in_phonetic

    def text(self, data: str) -> None:
        if self._in_value:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._in_value = False
        if name == "rPh":
            self._in_phonetic = False
        elif name == "si":
            if len(self.texts) >= MAX_CELLS:
                raise errors.TooManyCells(path=self._path, most=MAX_CELLS)
            self.texts.append("".join(self._pieces))


class SheetCells(Visitor):
    """Collects the filled cells of a sheet. Where each stands is said by its own reference, if it has one."""

    def __init__(self, path: Path, styles: Styles, strings: SharedStrings) -> None:
        self._path, self._styles, self._strings = path, styles, strings
        self._filled: dict[int, dict[int, Cell]] = {}
        self._count = 0
        self._row = self._column = 0
        self._kind = self._style = ""
        self._value: list[str] = []
        self._in_value = self._in_phonetic = self._formula = False

    def rows(self) -> list[Row]:
        """Return the rows that have a filled cell, in order, each as long as its last filled cell says."""
        width = max((max(cells) for cells in self._filled.values()), default=0)
        if width * len(self._filled) > MAX_CELLS:  # one cell far to the right in every row
            raise errors.TooManyCells(path=self._path, most=MAX_CELLS)
        empty = Cell("")
        return [
            Row(line, tuple(cells.get(column, empty) for column in range(1, max(cells) + 1)))
            for line, cells in sorted(self._filled.items())
        ]

    def start(self, name: str, attributes: Attributes) -> None:
        self._in_value = False
        if name == "c":
            self._begin(attributes)
        elif name in _VALUES:
            self._in_value = not self._in_phonetic
        elif name == "row":
            self._row = _row_number(attributes.get("r"), self._row)
            self._column = 0
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._in_phonetic = True

    def text(self, data: str) -> None:
        if self._in_value:
            self._value.append(data)

    def end(self, name: str) -> None:
        self._in_value = False
        if name == "rPh":
            self._in_phonetic = False
        # A cell with neither a value nor a formula has a format only.
        elif name == "c" and (self._value or self._formula):
            cell = self._cell("".join(self._value))
            if cell.text or cell.problem is not None:
                self._keep(cell)

    def _begin(self, attributes: Attributes) -> None:
        self._column += 1
        # Cells without a reference follow one another; with it, empty ones may be left out.
        reference = attributes.get("r")
        if reference is not None:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise MalformedError(f"there is no cell {reference[:20]}")
            self._column = _column_number(found[1])
            self._row = _row_number(found[2], self._row)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value, self._formula = [], False

    def _keep(self, cell: Cell) -> None:
        if len(cell.text) > MAX_CHARACTERS:
            raise errors.CellTooLong(path=self._path, line=self._row, most=MAX_CHARACTERS)
        if self._column > MAX_COLUMNS:
            raise errors.TooManyColumns(path=self._path, most=MAX_COLUMNS)
        self._count += 1
        if self._count > MAX_CELLS:
            raise errors.TooManyCells(path=self._path, most=MAX_CELLS)
        # By row and column, since files may have their cells in any order.
        self._filled.setdefault(self._row, {})[self._column] = cell
        if len(self._filled) > MAX_ROWS:
            raise errors.TooManyRows(path=self._path, most=MAX_ROWS)

    def _cell(self, value: str) -> Cell:
        # Programs that do not calculate write formulas without results.
        if self._formula and not value:
            return Cell("", Problem.FORMULA)
        if self._kind == "s":
            return _text_cell(self._shared(value)) if value else Cell("")
        if self._kind == "e":
            return Cell(value, Problem.ERROR)
        if self._kind == "d":
            return Cell(value, Problem.DATE)
        if self._kind == "b":
            return Cell("TRUE" if value == "1" else "FALSE" if value else "")
        return self._number(value) if self._kind == "n" and value else _text_cell(value)

    def _number(self, value: str) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return _text_cell(value)
        if not math.isfinite(number):
            return Cell(value, Problem.ERROR)
        code = self._styles.code_of(self._style)
        return Cell(self._styles.date_of(number), Problem.DATE) if is_date(code) else shown(number, code)

    def _shared(self, value: str) -> str:
        texts = self._strings.texts
        # Ten digits are more than any list; ``int`` of thousands of them is refused by Python.
        if not (value.isdecimal() and len(value) < 10 and int(value) < len(texts)):
            raise MalformedError(f"there is no shared text {value[:20]}")
        return texts[int(value)]


def _text_cell(value: str) -> Cell:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    text = plain_cell(plain).strip()
    return Cell(text, problem_of(text))


def _row_number(text: str | None, before: int) -> int:
    if text is None:
        return before + 1
    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= _LAST_ROW):
        raise MalformedError(f"there is no row {text[:20]}")
    return int(text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
