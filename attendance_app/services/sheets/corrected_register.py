"""Reads a register that was exported and changed: which session it is of, and what stands in each student's line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from attendance_app.domain.people import sort_key
from attendance_app.services import errors
from attendance_app.services.exports import COLUMNS
from attendance_app.services.sheets.sheet import SheetWords
from attendance_app.services.tables.safe_text import plain_cell
from attendance_app.services.tables.table import Problem, Table

VERSION: Final = re.compile(r"(\d{1,9})v(\d{1,12})")
"""Session and newest line of its history at the time of the export, as ``version_text`` writes it. Spreadsheets take it
neither for a number nor for a date."""


_DAY_OF_TIME: Final = re.compile(r"^(?:1899-12-3\d|1900-01-0\d) ")
"""A workbook's time of day without a day is one of the first day that it can write."""


def version_text(session_id: int, revision: int) -> str:
    return f"{session_id}v{revision}"


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """A student's line: ``row`` from 1 in the file, cells as text. ``arrived`` None: the file has no such column.

    ``marked_at``: of the mark as it was exported, in a file for programs. ``problem``: what a spreadsheet has done to a
    cell that matters.
    """

    row: int
    number: str
    name: str
    status: str
    remark: str | None
    arrived: str | None = None
    marked_at: str | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CorrectedRegister:
    """A file. ``revision``: the newest line of the session's history when it was exported.

    A file for programs has no ``revision`` but the times of its marks, and no ``words``.
    """

    session_id: int
    revision: int | None
    lines: tuple[CorrectedLine, ...]
    words: SheetWords | None


def read_corrected(table: Table, languages: Sequence[SheetWords]) -> CorrectedRegister:
    """Find the register in a table, whatever stands above and under it.

    Raises NoRegisterInTable, NoVersionInRegister, SeveralRegisters.
    """
    for place, cells in enumerate(table.rows):
        header = [sort_key(cell) for cell in cells]
        if {"student_id", "status", "session_id", "marked_at"} <= set(header):
            return _of_machine(table, place, header)
        for words in languages:
            if {sort_key(words.number), sort_key(words.status)} <= set(header):
                return _of_people(table, place, header, words)
    raise errors.NoRegisterInTable()


def _of_machine(table: Table, place: int, header: list[str]) -> CorrectedRegister:
    columns = {name: header.index(name) for name in COLUMNS if name in header}
    sessions: list[str] = []
    lines: list[CorrectedLine] = []
    for index in range(place + 1, len(table.rows)):
        cells = {name: table.rows[index][column].strip() for name, column in columns.items()}
        if not cells["student_id"]:
            continue
        sessions.append(cells["session_id"].removesuffix(".0"))
        lines.append(
            CorrectedLine(
                row=table.lines[index],
                number=plain_cell(cells["student_id"]),
                name=plain_cell(cells.get("name", "")),
                status=cells["status"],
                remark=plain_cell(cells["remark"]) if "remark" in cells else None,
                marked_at=cells["marked_at"],
                problem=_problem(table, index, columns, ("student_id", "status", "remark")),
            )
        )
    if len(set(sessions)) > 1:
        raise errors.SeveralRegisters()
    if not sessions or not sessions[0].isdecimal() or len(sessions[0]) > 9:
        raise errors.NoVersionInRegister()
    return CorrectedRegister(int(sessions[0]), None, tuple(lines), None)


def _of_people(table: Table, place: int, header: list[str], words: SheetWords) -> CorrectedRegister:
    wanted = {
        "number": words.number,
        "name": words.name,
        "family_name": words.family_name,
        "given_name": words.given_name,
        "status": words.status,
        "remark": words.remark,
        "arrived": words.arrived,
    }
    columns = {name: header.index(sort_key(word)) for name, word in wanted.items() if sort_key(word) in header}
    versions = {f"{found[1]}v{found[2]}" for row in table.rows for cell in row if (found := VERSION.fullmatch(cell))}
    if len(versions) > 1:
        raise errors.SeveralRegisters()
    if not versions:
        raise errors.NoVersionInRegister()
    session, _, revision = versions.pop().partition("v")
    lines: list[CorrectedLine] = []
    for index in range(place + 1, len(table.rows)):
        row = table.rows[index]
        # Under the table stand the totals and the line to sign.
        if any(sort_key(cell) == sort_key(words.total) for cell in row[:1]):
            break
        cells = {name: plain_cell(row[column].strip()) for name, column in columns.items()}
        if cells["number"]:
            lines.append(
                CorrectedLine(
                    row=table.lines[index],
                    number=cells["number"],
                    name=_name(cells),
                    status=cells["status"],
                    remark=cells.get("remark"),
                    arrived=_DAY_OF_TIME.sub("", cells["arrived"]) if "arrived" in cells else None,
                    problem=_problem(table, index, columns, ("number", "status", "remark")),
                )
            )
    return CorrectedRegister(int(session), int(revision), tuple(lines), words)


def _name(cells: Mapping[str, str]) -> str:
    # In Spanish the same word is above the whole name and above the given name.
    if "family_name" in cells:
        return f"{cells['family_name']} {cells.get('given_name', '')}".strip()
    return cells.get("name", "")


def _problem(table: Table, index: int, columns: Mapping[str, int], names: Sequence[str]) -> Problem | None:
    found = (table.problems.get((index, columns[name])) for name in names if name in columns)
    return next((problem for problem in found if problem is not None), None)
