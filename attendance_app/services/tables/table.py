"""A table as it was read: cells as text, their lines in the file, and problems of some cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

MAX_BYTES: Final = 32_000_000
"""Of a file, and of a workbook's parts unpacked."""
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 300_000
MAX_CHARACTERS: Final = 32_767
"""In one cell: what Excel's can hold."""


class Problem(Enum):
    """Why a cell is not what a person wrote into it."""

    SHORTENED = "Excel shortened this number"
    DATE = "Excel made a date of it"
    ERROR = "the spreadsheet shows an error there"
    FORMAT = "its number format can't be shown here"
    FORMULA = "a formula without a result"
    BYTES = "letters that are not of this encoding"
    GARBLED = "letters that were saved in two encodings"
    NOT_AMONG_USERS = "the file of users has nobody with this id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as a person sees it, and what is wrong with it."""

    text: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; ``line`` counts from 1 as spreadsheets and editors do."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text; blank rows are left out, the others have the same length.

    ``lines``: each row's line in the file, from 1. ``problems``: by index of row and of column.
    ``sheet`` and ``sheets`` are a workbook's, or (``of_classes``) the classes in a school system's files; ``encoding``
    is a text's; ``unclear`` lists the encodings in which the
    text would make sense too, so that somebody has to choose.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    problems: Mapping[tuple[int, int], Problem] = field(default_factory=lambda: MappingProxyType({}))
    sheet: str | None = None
    sheets: tuple[Sheet, ...] = ()
    encoding: str | None = None
    unclear: tuple[str, ...] = ()
    of_classes: bool = False
