"""How a spreadsheet shows a number: the part of its format codes (ECMA-376, 18.8.30) that a class list uses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from attendance_app.services.tables.table import Cell, Problem

# Quoted text, an escaped character, a blank as wide as one, a fill, a bracket, General, or any other sign.
_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(General|Standard|Estándar)|(.)', re.IGNORECASE)
_PIECE: Final = re.compile(r'"[^"]*"?|\\.|.', re.DOTALL)
_DATE_LETTERS: Final = frozenset("ymdhsYMDHSaAeEgGbB")
"""Also those of AM/PM and of Japanese and Thai calendars. E after a place is an exponent instead."""
_PLACES: Final = frozenset("0#?")
_LONGEST_CODE: Final = 1_000
"""Excel's limit is 255; codes of megabytes took minutes and 600 MB."""
_MOST_EXACT: Final = 10**15
"""A spreadsheet keeps 15 digits; what is longer has lost its end."""

BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)], "yyyy-mm-dd"),
}
"""Codes that a file may name without writing them; which date it is does not matter here."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A section of a format code; ``kind``: number, general, date, odd (something that can't be shown here)."""

    kind: str
    parts: tuple[str, ...] = ()
    """Each a place (``0``, ``#``, ``?``), the point ``.`` or a literal behind a quotation mark."""
    percent: bool = False


def shown(value: float, code: str) -> Cell:
    """Return a number as its cell shows it; separators of thousands are left out, they differ by language."""
    sections = _sections(code)
    # The sections are for positive numbers, negative ones and zero; the first serves for those that are not there.
    if value < 0 and len(sections) > 1:
        pattern = sections[1]
    else:
        pattern = sections[2] if value == 0 and len(sections) > 2 else sections[0]
    if pattern.kind == "date":
        return Cell(_general(value), Problem.DATE)
    if pattern.kind == "odd":
        return Cell(_general(value), Problem.FORMAT)
    if abs(value) >= _MOST_EXACT:
        return Cell(_general(value), Problem.SHORTENED)
    return Cell(_general(value) if pattern.kind == "general" else _filled(value, pattern).strip())


def is_date(code: str) -> bool:
    """Whether the format shows dates or times."""
    return _sections(code)[0].kind == "date"


def _general(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e21 else f"{value:.15g}"


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[_Pattern, ...]:
    """Cut a format code at the semicolons outside its quotation marks: for positive, negative numbers and zero."""
    if len(code) > _LONGEST_CODE:
        return (_Pattern("odd"),)
    sections = [""]
    for piece in _PIECE.findall(code):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return tuple(_pattern(section) for section in sections)


def _pattern(section: str) -> _Pattern:
    parts: list[str] = []
    kind, percent = "number", False
    for quoted, escaped, space, _fill, bracket, general, sign in _TOKEN.findall(section):
        if general or sign == "@":
            kind = "general" if kind == "number" else kind
        elif bracket:
            kind = _kind_of(bracket, kind)
            parts += [f'"{letter}' for letter in _currency(bracket)]
        elif sign in _PLACES or sign == ".":
            parts.append(sign)
        elif sign in _DATE_LETTERS:
            kind = "odd" if sign in "eE" and _PLACES & set(parts) else "date"
        elif sign == "/" and _PLACES & set(parts):
            kind = "odd"
        elif sign != ",":
            percent = percent or sign == "%"
            parts += [f'"{letter}' for letter in quoted or escaped or (" " if space else sign)]
        if kind in {"date", "odd"}:
            return _Pattern(kind)
    if kind == "general" and any(part.startswith('"') for part in parts):
        parts.append("0")  # "A"General
        kind = "number"
    if kind == "number" and not _PLACES & set(parts):
        return _Pattern("general" if not section else "odd")
    return _Pattern(kind, tuple(parts), percent)


def _kind_of(bracket: str, kind: str) -> str:
    if re.fullmatch(r"[hms]+", bracket, re.IGNORECASE):
        return "date"  # [hh]:mm, a time that runs over a day
    return "odd" if bracket[:1] in {"<", ">", "="} else kind


def _currency(bracket: str) -> str:
    return bracket[1:].split("-", maxsplit=1)[0] if bracket.startswith("$") else ""


def _filled(value: float, pattern: _Pattern) -> str:
    """Put the digits into their places from the right; what is over goes before the first place."""
    point = pattern.parts.index(".") if "." in pattern.parts else len(pattern.parts)
    before, after = pattern.parts[:point], pattern.parts[point + 1 :]
    decimals = sum(part in _PLACES for part in after)
    # The sign comes back at the end: digits are put into places without it.
    number = f"{abs(value) * (100 if pattern.percent else 1):.{decimals}f}"
    whole, _, fraction = number.partition(".")
    # Zero has no digit of its own: only a place 0 shows one.
    text = _whole(whole if int(whole) else "", before)
    if decimals:
        text += "." + _fraction(fraction, after)
    else:
        text += "".join(part[1:] for part in after)
    return f"-{text}" if value < 0 else text


def _whole(digits: str, parts: tuple[str, ...]) -> str:
    left = list(digits)
    first = next((index for index, part in enumerate(parts) if part in _PLACES), 0)
    reversed_text: list[str] = []
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part not in _PLACES:
            reversed_text.append(part[1:])
            continue
        digit = left.pop() if left else {"0": "0", "?": " ", "#": ""}[part]
        over = "".join(left) if index == first else ""
        reversed_text.append(over + digit)
    return "".join(reversed(reversed_text))


def _fraction(digits: str, parts: tuple[str, ...]) -> str:
    left = iter(digits)
    return "".join(next(left) if part in _PLACES else part[1:] for part in parts)
