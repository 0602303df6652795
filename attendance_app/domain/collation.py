"""The order of names in a list, by the rules of Spanish and English (docs/adr/0035)."""

import unicodedata
from functools import lru_cache
from typing import Final

CollationKey = tuple[str, str, str]
"""The levels of a text: its letters, their accents, their case. A level counts where those before are equal."""

_AFTER_N: Final = "n\U0010ffff"
"""ñ is a letter of its own, behind every other word that begins with n."""
_LETTERS: Final = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"})
"""Letters that Unicode does not decompose, as what they are sorted with."""
_SIGNS: Final = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-"})
"""Signs that would stand behind all letters, as those of a keyboard, which stand before them."""
_BEFORE_DIGITS: Final = str.maketrans(
    {sign: chr(place) for place, sign in enumerate(" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$", start=1)}
)
"""The signs of ASCII in the order of the Unicode Collation Algorithm, which is not that of their numbers."""


@lru_cache(maxsize=50_000)  # a list of 20,000 is sorted several times in one import
def collation_key(text: str) -> CollationKey:
    """Return the key by which names are sorted: accents matter only between equal letters, case between equal accents.

    Letters of other scripts stand in the order of Unicode.
    """
    if text.isascii():
        folded = text.casefold()
        return folded.translate(_BEFORE_DIGITS), folded, text.swapcase()
    composed = unicodedata.normalize("NFC", text.translate(_SIGNS))
    folded = composed.casefold()
    # Small before capital, as dictionaries have it: in Unicode capitals come first.
    return (
        "".join(map(_letter, folded)).translate(_BEFORE_DIGITS),
        unicodedata.normalize("NFD", folded),
        composed.swapcase(),
    )


@lru_cache(maxsize=5_000)
def _letter(letter: str) -> str:
    if letter == "ñ":
        return _AFTER_N
    decomposed = unicodedata.normalize("NFD", letter.translate(_LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
