"""An XLSX file: which sheets it has, and one sheet's cells as a person sees them.

Written for hostile files: parts are read as a stream, the declared dimension is not believed, only filled cells take
memory, and styles that make no sense matter only where they say how a number is shown (docs/adr/0034).
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from attendance_app.services.tables import errors
from attendance_app.services.tables.sheet_cells import SharedStrings, SheetCells, Styles
from attendance_app.services.tables.table import Row, Sheet
from attendance_app.services.tables.workbook_parts import ZIP_ERRORS, Attributes, Visitor, WorkbookParts, resolved

_ROOT: Final = "_rels/.rels"
"""The part that names the main part; its place is fixed (ECMA-376, part 2)."""


@dataclass(frozen=True, slots=True)
class _Entry:
    sheet: Sheet
    part: str


class Workbook:
    """An open workbook. Raises WorkbookDamaged, CellTooLong, and what says that a class list has less of it."""

    def __init__(self, path: Path, parts: WorkbookParts) -> None:
        self._path = path
        self._parts = parts
        book = self._main_part()
        relations = _Relations()
        self._parts.visit(_relations_of(book), relations)
        contents = _Contents()
        self._parts.visit(book, contents)
        self._styles = Styles(date_1904=contents.date_1904)
        self._strings = SharedStrings(path)
        self._entries = [
            _Entry(sheet, resolved(book, relations.targets[key]))
            for key, sheet in contents.sheets
            # Sheets of charts and macros have no cells.
            if key in relations.targets and relations.kinds[key] == "worksheet"
        ]
        # By the relation and not by the usual file name, which programs choose as they like.
        for key, kind in relations.kinds.items():
            part = resolved(book, relations.targets[key])
            if not parts.has(part):
                continue  # some programs name parts that they leave out; a cell that needs one says so
            if kind == "styles":
                parts.visit(part, self._styles)
            elif kind == "sharedStrings":
                parts.visit(part, self._strings)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(entry.sheet for entry in self._entries)

    def rows(self, sheet: Sheet) -> list[Row]:
        """Return the filled rows of a sheet in order."""
        entry = next(entry for entry in self._entries if entry.sheet == sheet)
        cells = SheetCells(self._path, self._styles, self._strings)
        self._parts.visit(entry.part, cells)
        return cells.rows()

    def _main_part(self) -> str:
        if not self._parts.has(_ROOT):
            raise errors.WorkbookDamaged(path=self._path, reason=f"{_ROOT} is missing")
        root = _Relations()
        self._parts.visit(_ROOT, root)
        found = [root.targets[key].lstrip("/") for key, kind in root.kinds.items() if kind == "officeDocument"]
        return found[0] if found else "xl/workbook.xml"


@contextmanager
def open_workbook(content: bytes, path: Path) -> Iterator[Workbook]:
    """Open a workbook. Raises WorkbookDamaged."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except ZIP_ERRORS as error:
        raise errors.WorkbookDamaged(path=path, reason=str(error)) from error
    with archive:
        yield Workbook(path, WorkbookParts(path, archive))


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


@dataclass
class _Relations(Visitor):
    """Which part each relation names, and what it is."""

    targets: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and "Id" in attributes and "Target" in attributes:
            self.targets[attributes["Id"]] = attributes["Target"]
            self.kinds[attributes["Id"]] = attributes.get("Type", "").rpartition("/")[2]


@dataclass
class _Contents(Visitor):
    """The sheets in their order, by the relation that names their part."""

    sheets: list[tuple[str, Sheet]] = field(default_factory=list)
    date_1904: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            # The attribute r:id, whose namespace differs between the two editions of the standard.
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((relation, Sheet(attributes.get("name", ""), hidden)))
        elif name == "workbookPr":
            self.date_1904 = attributes.get("date1904") in {"1", "true"}
