"""The parts of an XLSX file, read as a stream with limits: a file that lies about its size can't fill the memory."""

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final
from xml.parsers import expat

from attendance_app.services.tables import errors
from attendance_app.services.tables.table import MAX_BYTES

_CHUNK: Final = 1_000_000
"""Some versions of expat begin a long attribute again with every chunk: 30 MB took 29 s in chunks of 64 KB."""
ZIP_ERRORS: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What Python's zipfile raises for files that are damaged, have a password or an unknown compression."""

Attributes = dict[str, str]


class MalformedError(Exception):
    """A visitor met what no workbook has; the part's name is added to the text."""


class Visitor:
    """Is called with the elements of one part; names have no namespace."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """A piece of an element's text; a text may come in several."""

    def end(self, name: str) -> None:
        """An element ends."""


class WorkbookParts:
    """The parts of one workbook. All of them together may not unpack to more than ``MAX_BYTES``."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._left = MAX_BYTES  # over all parts: many small ones fill the memory too
        # Some programs write backslashes or another case than the relations have.
        self._names = {info.filename.lstrip("/").replace("\\", "/").casefold(): info for info in archive.infolist()}

    def has(self, name: str) -> bool:
        return name.casefold() in self._names

    def visit(self, name: str, visitor: Visitor) -> None:
        """Parse one part. Raises WorkbookDamaged, TableTooLarge and what the visitor raises."""
        info = self._names.get(name.casefold())
        if info is None:
            raise errors.WorkbookDamaged(path=self._path, reason=f"{name} is missing")
        parser = _parser(visitor, lambda: self._refuse_entities(name))
        try:
            for chunk in self._chunks(info):
                parser.Parse(chunk, False)
            # The end of the document: a part that was cut off fails here.
            parser.Parse(b"", True)
        except (expat.ExpatError, MalformedError) as error:
            raise errors.WorkbookDamaged(path=self._path, reason=f"{name}: {error}") from error

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise errors.TableTooLarge(path=self._path, most=MAX_BYTES)
                    yield chunk
        except ZIP_ERRORS as error:
            reason = f"{info.filename}: {error or type(error).__name__}"
            raise errors.WorkbookDamaged(path=self._path, reason=reason) from error

    def _refuse_entities(self, name: str) -> None:
        """A document type can name other files and grow without bound; no spreadsheet writes one."""
        raise errors.WorkbookDamaged(path=self._path, reason=f"{name} has a document type")


class _LocalNames(dict[str, str]):
    """A name without its namespace; the same few names come again and again."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(" ")[2]
        return local


def _parser(visitor: Visitor, refuse: Callable[[], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    # One call for a text instead of one for each line and entity of it.
    parser.buffer_text = True
    local = _LocalNames()
    parser.StartElementHandler = lambda name, attributes: visitor.start(local[name], attributes)
    parser.EndElementHandler = lambda name: visitor.end(local[name])
    parser.CharacterDataHandler = visitor.text
    parser.StartDoctypeDeclHandler = lambda *_: refuse()
    return parser


def resolved(base: str, target: str) -> str:
    """Return the part that ``target`` names, seen from the part ``base``."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps: list[str] = []
    for step in (PurePosixPath(base).parent / target).parts:
        if step == "..":
            steps = steps[:-1]
        else:
            steps.append(step)
    return "/".join(steps)
