"""Finds in a cell's text the signs that some program has changed it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from attendance_app.services.tables.encodings import REPLACEMENT
from attendance_app.services.tables.table import Problem

_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:(?:[.,]\d+)?E[+-]\d{2,3}|[.,]\d+E\d{1,3})", re.IGNORECASE)
"""2.02512E+11 in any language, and 2.02512E11 as Java and Numbers write it; 3E10 alone may be a code."""
_ERROR: Final = re.compile(r"#(?:N/[AD]|¿?[A-Z]+\?|¡?[A-Z/0]+!|GETTING_DATA|#+)|Err:\d{3}", re.IGNORECASE)
_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)"
_DATE: Final = re.compile(
    rf"\d{{1,2}}[-/ ]{_MONTH}\.?(?:[-/ ]\d{{2}}(?:\d{{2}})?)?|{_MONTH}\.?[-/ ]\d{{2}}(?:\d{{2}})?"
    r"|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?",
    re.IGNORECASE,
)
"""1-mar and mar-25 as Excel saves them for 1-3 and 3-25. A plain 2025-03-01 may be a number of year, class and seat."""
_EXACT_DIGITS: Final = 15
"""What a spreadsheet keeps of a number."""
_TWICE: Final = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Two letters that are one letter's UTF-8 bytes, read as Windows letters: Ã© for é."""


def problem_of(text: str) -> Problem | None:
    """Return what is wrong with a cell's text, None for nearly all."""
    # Most cells have neither a digit nor a sign of an error: they need no pattern.
    if not text or (text.isascii() and not any(sign in "0123456789#" for sign in text)):
        return None
    if _SCIENTIFIC.fullmatch(text):
        return Problem.SHORTENED
    if _ERROR.fullmatch(text):
        return Problem.ERROR
    if _DATE.fullmatch(text):
        return Problem.DATE
    if REPLACEMENT in text:
        return Problem.BYTES
    return Problem.GARBLED if _TWICE.search(text) else None


def shortened_columns(rows: Iterable[Sequence[str]]) -> frozenset[int]:
    """Return the columns whose long numbers a spreadsheet has rounded to 15 digits: 202512345678901000.

    One such number may be right; where it is at least half of a column's long ones, a spreadsheet has been there.
    """
    long, rounded = Counter[int](), Counter[int]()
    for row in rows:
        for column, text in enumerate(row):
            if len(text) > _EXACT_DIGITS and text.isdecimal():
                long[column] += 1
                rounded[column] += is_rounded(text)
    return frozenset(column for column in long if rounded[column] > 0 and 2 * rounded[column] >= long[column])


def is_rounded(text: str) -> bool:
    """Whether a number has only zeros after the digits that a spreadsheet keeps."""
    return text.isdecimal() and len(text) > _EXACT_DIGITS + 1 and not text[_EXACT_DIGITS:].strip("0")
