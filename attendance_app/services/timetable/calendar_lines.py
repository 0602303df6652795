"""The lines of an iCalendar file, with their numbers: what is wrong with a file is said with its line.

The library ``icalendar`` parses; it names no lines, so that they are found here (docs/adr/0037).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attendance_app.services.timetable import errors

MOST_BYTES: Final = 8 * 1024 * 1024
_BEGINNING: Final = re.compile(r"[A-Za-z0-9._-]+[;:]")
SHOWN: Final = 60
"""So much of a wrong line is shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A content line; ``number`` counts from 1 in the file and is that of its first part. ``name`` is in capitals."""

    number: int
    name: str
    text: str


def read_text(path: Path) -> str:
    """Return the file's text. Raises CalendarNotThere, CalendarUnreadable, CalendarTooLarge, CalendarBroken."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise errors.CalendarNotThere(path=path) from error
    except OSError as error:
        raise errors.CalendarUnreadable(path=path, reason=error.strerror or str(error)) from error
    if len(content) > MOST_BYTES:
        raise errors.CalendarTooLarge(path=path, most=MOST_BYTES // 1024 // 1024)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = content.splitlines()[before.count(b"\n")][:SHOWN].decode("utf-8", "replace")
        if before.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() != b"BEGIN:VCALENDAR":
            raise errors.NotACalendar(path=path) from error
        raise errors.CalendarBroken(path=path, line=before.count(b"\n") + 1, text=line) from error


def content_lines(path: Path, text: str) -> tuple[Line, ...]:
    """Return the content lines, long ones joined. Raises NotACalendar, CalendarBroken, CalendarCutOff."""
    lines = tuple(_parsed(path, *numbered) for numbered in _unfolded(text))
    if not lines or (lines[0].name, lines[0].text.partition(":")[2].strip().upper()) != ("BEGIN", "VCALENDAR"):
        raise errors.NotACalendar(path=path)
    _require_pairs(path, lines)
    return lines


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each content line with the number of its first line: one that begins with a blank goes on the last."""
    number, whole = 0, ""
    # Not ``splitlines``: it splits at characters that a name may have.
    for at, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line[:1] in {" ", "\t"} and whole:
            whole += line[1:]
            continue
        if whole.strip():
            yield number, whole
        number, whole = at, line
    if whole.strip():
        yield number, whole


def _parsed(path: Path, number: int, text: str) -> Line:
    from icalendar.parser import Contentline

    if number == 1 and text.strip().upper() != "BEGIN:VCALENDAR":
        raise errors.NotACalendar(path=path)
    if not _BEGINNING.match(text):  # the library takes more for the name of a property than there are names
        raise errors.CalendarBroken(path=path, line=number, text=text[:SHOWN])
    try:
        name, _, _ = Contentline(text).parts()  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise errors.CalendarBroken(path=path, line=number, text=text[:SHOWN]) from error
    return Line(number, name.upper(), text)


def _require_pairs(path: Path, lines: tuple[Line, ...]) -> None:
    """Every BEGIN needs its END."""
    begun: list[Line] = []
    for line in lines:
        if line.name == "BEGIN":
            begun.append(line)
        elif line.name == "END" and (not begun or _part(begun.pop()) != _part(line)):
            raise errors.CalendarBroken(path=path, line=line.number, text=line.text[:SHOWN])
    if begun:
        raise errors.CalendarCutOff(path=path, line=begun[-1].number, text=begun[-1].text[:SHOWN])


def _part(line: Line) -> str:
    return line.text.partition(":")[2].strip().upper()
