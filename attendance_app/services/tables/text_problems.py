"""What can be seen of a text alone: that a program on the way has changed it."""

import re
from typing import Final

from attendance_app.services.tables.encodings import REPLACEMENT
from attendance_app.services.tables.table import Problem

_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d{2,3}")
"""2.02512E+11 in any language. Spreadsheets write the sign and two digits; a code such as 3E10 has no sign."""
_ERROR: Final = re.compile(r"#(?:N/[AD]|¿?[A-Z]+\?|¡?[A-Z/0]+!|GETTING_DATA|#+)", re.IGNORECASE)
_TWICE: Final = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Two letters that are one letter's UTF-8 bytes, read as Windows letters: Ã© for é."""


def problem_of(text: str) -> Problem | None:
    """Return what is wrong with a cell's text, None for nearly all."""
    if not text or (text.isascii() and text[0] not in "0123456789+-#"):
        return None
    if _SCIENTIFIC.fullmatch(text):
        return Problem.SHORTENED
    if _ERROR.fullmatch(text):
        return Problem.ERROR
    if REPLACEMENT in text:
        return Problem.BYTES
    return Problem.GARBLED if _TWICE.search(text) else None
