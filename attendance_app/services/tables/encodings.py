"""Decodes a school's list: finds the likeliest encoding and says whether others are as likely."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from attendance_app.services.tables import errors

REPLACEMENT: Final = "\ufffd"
"""Stands for bytes that mean nothing in the encoding."""

OFFERED: Final = ("utf-8", "cp1252", "mac-roman", "cp850", "cp1250", "cp1251", "cp1253", "utf-16")
"""What a list from a school may be in."""
# Compared where a text is no UTF-8; of equal scores the first wins.
_OLD: Final = ("cp1252", "mac-roman", "cp850", "cp1250", "cp1251", "cp1253")
# UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_COMMON: Final = frozenset("áéíóúüñçàèìòùâêîôûäëïöãõåøæßªº")
_APOSTROPHES: Final = frozenset("’‘´")
_QUOTES: Final = frozenset("“”«»")
_SURE_BY: Final = 2
"""Points (see ``_point``) by which an encoding must be better than another that reads other letters."""
_WORD: Final = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")
"""ASCII letters and everything beyond ASCII: what is no letter there says much about the encoding."""
_ENOUGH_WORDS: Final = 5_000
"""More words say the same again, and six readings of a large file take long."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``unclear``: other encodings in which the text would be as likely; the first is ``encoding`` itself."""

    text: str
    encoding: str
    unclear: tuple[str, ...] = ()


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """Return the text; without ``encoding`` the likeliest. What can't be decoded becomes ``REPLACEMENT``.

    Raises EncodingUnknown.
    """
    if encoding is not None:
        return Decoded(_decoded(content, _known(encoding)), encoding)
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if marked is not None:
        return Decoded(_decoded(content, marked), marked.removesuffix("-sig"))
    # No text in another encoding than UTF-16 or UTF-32 has zeros.
    if b"\0" in content:
        return _without_mark(content)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="replace")
        # A single bad byte must not make a list of another encoding, in which every name would be wrong.
        return Decoded(text, "utf-8") if _is_mostly_utf8(text) else _likeliest(content)


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
        # Some codecs of Python are no encodings of text, such as rot13 and zlib: encoding a text with them fails.
        "".encode(info.name)
    except (LookupError, ValueError) as error:  # ValueError: a NUL in the name
        raise errors.EncodingUnknown(encoding=encoding, known=OFFERED) from error
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace").removeprefix("\ufeff")


def _without_mark(content: bytes) -> Decoded:
    """Decode UTF-16 without a byte order mark: every second byte of Latin letters is zero."""
    name = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
    return Decoded(content.decode(name, errors="replace"), name)


def _is_mostly_utf8(text: str) -> bool:
    """Whether as many letters were read as not. By chance that happens to letters of distant scripts only."""
    bad = text.count(REPLACEMENT)
    beyond = [letter for letter in text if letter > "\x7f" and letter != REPLACEMENT]
    near = sum("\u00c0" <= letter < "\u0250" for letter in beyond)
    return near >= bad or len(beyond) > 3 * bad


def _likeliest(content: bytes) -> Decoded:
    texts = {name: content.decode(name, errors="replace") for name in _OLD}
    scores = sorted(((sum(_points(text)), name) for name, text in texts.items()), reverse=True, key=lambda one: one[0])
    best, name = scores[0]
    # An encoding that reads the same letters is no rival: nothing would change by choosing it.
    rivals = [other for score, other in scores[1:] if score > best - _SURE_BY and texts[other] != texts[name]]
    if best <= 0 or rivals:
        return Decoded(texts[name], name, (name, *(rivals or [other for _, other in scores[1:3]])))
    return Decoded(texts[name], name)


def _points(text: str) -> Iterator[int]:
    """Yield points for each letter beyond ASCII: how likely it is at its place in a European name."""
    words = (found[0] for found in _WORD.finditer(text))
    for word in islice((word for word in words if not word.isascii()), _ENOUGH_WORDS):
        beyond = [letter for letter in word if letter > "\x7f"]
        capitals = not any(letter.islower() for letter in word)
        for before, letter in pairwise(f" {word}"):
            if letter > "\x7f":
                yield _point(word, letter)
            # A capital inside a word of small letters.
            if before.isalpha() and letter.isupper() and (before > "\x7f" or letter > "\x7f") and not capitals:
                yield -4  # JosŽ, DíAngelo, ÒOÕNeill
        if word[0].islower() and word[0] > "\x7f":
            yield -2  # èse for Åse
        if beyond and any(letter.islower() and letter > "\x7f" for letter in word) and _is_upper_case(word):
            yield -4  # MARêA
        foreign = [letter for letter in beyond if _is_letter(letter) and letter >= "\u0370"]
        latin = sum(_is_letter(letter) and letter < "\u0370" for letter in word)
        if foreign and latin:
            yield -4 * len(foreign)  # Josй
        elif not foreign and len(beyond) > 2 and 2 * len(beyond) > len(word):
            yield -4 * len(beyond)  # Èâàí for Иван


def _point(word: str, letter: str) -> int:
    if letter.lower() in _COMMON:
        return 3
    if _is_letter(letter):
        return 1
    before, _, after = word.partition(letter)
    if letter in _APOSTROPHES and len(before) == 1 and after:
        return 5 if after[0].isupper() else 2  # O’Neill, N’guessan
    if letter in _QUOTES and not (before and after):
        return 0
    if letter == "·" and before[-1:].lower() == after[:1].lower() == "l":
        return 3  # Gal·la
    return -4


def _is_letter(letter: str) -> bool:
    return letter.isalpha() and letter != "ƒ"


def _is_upper_case(word: str) -> bool:
    plain = [letter for letter in word if letter <= "\x7f" and letter.isalpha()]
    return len(plain) > 1 and all(letter.isupper() for letter in plain)
