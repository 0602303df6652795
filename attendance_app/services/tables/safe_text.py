"""Keeps spreadsheets from running a cell's text as a formula, whatever separates their cells; undone exactly."""

import re
from typing import Final

DELIMITERS: Final = ",;\t|"
"""What separates cells in the lists that are read."""

_PLACE: Final = rf"""(?:^|[{DELIMITERS}:\r\n])[ "]*"""
_START: Final = r"(?='*[=+\-@\t\r＝＋－＠])"
"""What a spreadsheet may take for a formula (OWASP, CSV injection); with apostrophes so that undoing is exact."""
_SPACE: Final = ' "*'
_WORD: Final = r"(?='*[=+\-@＝＋－＠]\S)"
"""The same behind a space, which spreadsheets offer as a sign that separates; a dash alone stays as it is."""
_RISKY: Final = re.compile(rf"{_PLACE}{_START}|{_SPACE}{_WORD}")
_SAVED: Final = re.compile(rf"({_PLACE})'{_START}|({_SPACE})'{_WORD}")


def safe_cell(text: str) -> str:
    """Return text that stays text even where another program cuts it into cells; ``plain_cell`` undoes it exactly.

    ``x;=1+1`` in a file with commas becomes a cell ``=1+1`` where ``;`` separates, so every such place gets an
    apostrophe.
    """
    return _RISKY.sub(r"\g<0>'", text)


def plain_cell(text: str) -> str:
    """Return what ``safe_cell`` was given."""
    return _SAVED.sub(r"\1\2", text) if "'" in text else text
