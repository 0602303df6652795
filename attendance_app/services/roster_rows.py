"""Classifies the rows of a school's list: a student, or something else that such lists contain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from attendance_app.domain.people import RosterEntry, sort_key, tidy
from attendance_app.services.columns import ColumnMapping, list_number_in, split_name
from attendance_app.services.tables.header_words import header_words
from attendance_app.services.tables.table import Problem, Table

_SUMMARIES: Final = frozenset(
    [
        "total",
        "totales",
        "subtotal",
        "subtotales",
        "suma",
        "sumas",
        "promedio",
        "promedios",
        "media",
        "average",
        "averages",
        "mean",
        "sum",
        "count",
    ]
)
_MAY_BE_SUM: Final = re.compile(rf"\W*(?:{'|'.join(sorted(_SUMMARIES))})", re.IGNORECASE)
_LONGEST_NUMBER: Final = 64
"""What the register's column is declared for; a longer text is a note."""
# Words of columns for role and status, as school systems in English and Spanish write them, in ``header_words``' form.
_STUDENTS: Final = frozenset(("student", "students", "learner", "pupil", "alumno", "alumna", "estudiante", "alumnado"))
_STAFF: Final = frozenset(
    (
        *("teacher", "administrator", "aide", "parent", "guardian", "relative", "proctor", "principal", "counselor"),
        *("district administrator", "site administrator", "system administrator", "staff", "ta", "designer"),
        *("observer", "instructor", "faculty", "editingteacher", "non editing teacher", "manager", "admin"),
        *("profesor", "profesora", "docente", "maestro", "maestra", "tutor", "tutora", "administrador"),
        *("administradora", "padre", "madre", "familiar", "director", "directora", "orientador", "orientadora"),
    )
)
_GONE: Final = frozenset(
    (
        *("tobedeleted", "to be deleted", "deleted", "inactive", "suspended", "withdrawn", "dropped", "rejected"),
        *("baja", "de baja", "inactivo", "inactiva", "suspendido", "suspendida", "eliminado", "eliminada"),
        *("retirado", "retirada", "baja temporal", "baja definitiva", "egresado", "egresada", "anulado", "anulada"),
        *("trasladado", "trasladada", "cancelled", "canceled", "graduated", "transferred"),
    )
)


_SIGNATURES: Final = (
    *("signature", "signed", "prepared by", "checked by", "approved by", "printed", "teacher", "instructor", "date"),
    *("firma", "elaborado por", "elaboro", "reviso", "revisado por", "autorizo", "vo bo", "visto bueno", "impreso"),
    *("docente", "profesor", "maestro", "maestra", "tutor", "fecha", "note", "nota", "observaciones", "remarks"),
)
"""What stands where a number should be, in lines that are signed."""


class SkipReason(Enum):
    """Why a line is left out."""

    NO_NUMBER = "no student number"
    DUPLICATE = "the same student number stands further up"
    NOT_A_STUDENT = "not a student: a sum, a note or a repeated header"
    OTHER_ROLE = "not a student: another role"
    NOT_ACTIVE = "no longer at the school"
    LIST_NUMBER = "the list number is no whole number from 1 to 9999"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as a student, and why it is left out, if it is. ``line``: in the file, from 1."""

    line: int
    entry: RosterEntry
    reason: SkipReason | Problem | None


def read_rows(table: Table, mapping: ColumnMapping) -> Iterator[ReadRow]:
    """Read every row under the header. The mapping has a column for the number."""
    assert mapping.number is not None
    # A column "Role" without any word for students holds something else, and an unknown word in it says nothing.
    names_roles = mapping.role is not None and any(
        header_words(row[mapping.role]) in _STUDENTS for row in table.rows[mapping.header_row + 1 :]
    )
    header = table.rows[mapping.header_row] if mapping.header_row >= 0 else ()
    has_digits = _numbers_have_digits(table, mapping)
    for index in range(mapping.header_row + 1, len(table.rows)):
        row = table.rows[index]
        entry = _entry(row, mapping)
        reason = (
            _problem(table, index, mapping)
            or _role_or_status(row, mapping, names_roles=names_roles)
            or _no_student(row, entry, mapping, header)
            or (SkipReason.NOT_A_STUDENT if has_digits and _is_signature(entry) else None)
            or (None if entry.number else SkipReason.NO_NUMBER)
            # Last: what is no student has no list number either.
            or (SkipReason.LIST_NUMBER if _cell(row, mapping.list_number) and entry.list_number is None else None)
        )
        yield ReadRow(table.lines[index], entry, reason)


def _numbers_have_digits(table: Table, mapping: ColumnMapping) -> bool:
    """Whether student numbers of the list have digits: at least one, and four of five of those beside a name."""
    entries = (_entry(row, mapping) for row in table.rows[mapping.header_row + 1 :])
    numbers = [entry.number for entry in entries if entry.number and entry.name and not _is_signed(entry.number)]
    digits = sum(_has_digit(number) for number in numbers)
    return digits > 0 and 5 * digits >= 4 * len(numbers)


def _has_digit(number: str) -> bool:
    return any(map(str.isdigit, number))


def _is_signed(number: str) -> bool:
    return not _has_digit(number) and header_words(number).startswith(_SIGNATURES)


def _is_signature(entry: RosterEntry) -> bool:
    """A line under the list, where student numbers have digits: "Signature;", "Prepared by;Prof. X"."""
    if not entry.number or _has_digit(entry.number):
        return False
    return not entry.name or _is_signed(entry.number)


def _entry(row: tuple[str, ...], mapping: ColumnMapping) -> RosterEntry:
    number, email = _cell(row, mapping.number), _cell(row, mapping.email)
    listed = list_number_in(_cell(row, mapping.list_number))
    if mapping.name is not None:
        return RosterEntry(number, _cell(row, mapping.name), email, list_number=listed)
    if mapping.last_first is not None:
        whole = _cell(row, mapping.last_first)
        family, given = split_name(whole) or ("", "")
        return RosterEntry(number, f"{given} {family}" if family else whole, email, family, given, listed)
    given = _cell(row, mapping.first_name)
    family = tidy(f"{_cell(row, mapping.last_name)} {_cell(row, mapping.second_last_name)}")
    whole = tidy(f"{given} {family}")
    # Of somebody with one name nothing is told apart: the list has it in one of its columns.
    return RosterEntry(number, whole, email, *((family, given) if family and given else ("", "")), list_number=listed)


def _problem(table: Table, index: int, mapping: ColumnMapping) -> Problem | None:
    assert mapping.number is not None
    listed = () if mapping.list_number is None else (mapping.list_number,)
    columns = (mapping.number, *mapping.name_columns, *listed)
    return next((table.problems[index, column] for column in columns if (index, column) in table.problems), None)


def _role_or_status(row: tuple[str, ...], mapping: ColumnMapping, *, names_roles: bool) -> SkipReason | None:
    """Where the list names roles, a row with a role other than student is left out."""
    if mapping.role is None and mapping.status is None:
        return None
    role, status = header_words(_cell(row, mapping.role)), header_words(_cell(row, mapping.status))
    if role in _STAFF or (names_roles and role and role not in _STUDENTS):
        return SkipReason.OTHER_ROLE
    return SkipReason.NOT_ACTIVE if status in _GONE else None


def _no_student(
    row: tuple[str, ...], entry: RosterEntry, mapping: ColumnMapping, header: tuple[str, ...]
) -> SkipReason | None:
    columns = [column for column in (mapping.number, *mapping.name_columns) if column is not None]
    # Lists that were printed in pages repeat their header.
    if header and all(row[column] == header[column] for column in columns):
        return SkipReason.NOT_A_STUDENT
    named = bool(mapping.name_columns)
    is_note = _is_sum(entry) or (named and _is_note(row, entry)) or len(entry.number) > _LONGEST_NUMBER
    return SkipReason.NOT_A_STUDENT if is_note else None


def _is_sum(entry: RosterEntry) -> bool:
    """A line such as "Total;30" or ";Average": a word for a sum, or a figure where a name should be."""
    if entry.name and not any(letter.isalpha() for letter in entry.name):
        return True
    if not (_MAY_BE_SUM.match(entry.number) or _MAY_BE_SUM.match(entry.name)):
        return False
    # A student's name may contain such a word, so a name is a sum only if it has no other.
    number, name = header_words(entry.number).split(), header_words(entry.name).split()
    only_word = len(name) == 1 and name[0] in _SUMMARIES
    begins = bool(number) and number[0] in _SUMMARIES and not any(map(str.isdecimal, "".join(number)))
    return only_word or begins or (not entry.name and bool(number) and number[0] in _SUMMARIES)


def _is_note(row: tuple[str, ...], entry: RosterEntry) -> bool:
    """No name, but words: a sum in any column, or in the number's a date of printing, a teacher's name, a remark."""
    if entry.name or not entry.number:
        return False
    if any(_MAY_BE_SUM.match(cell) and header_words(cell).split()[0] in _SUMMARIES for cell in row):
        return True
    if "=" in entry.number:  # N = 30
        return True
    spaced = " " in entry.number or ":" in entry.number
    return spaced and any(len(word) > 2 and word.isalpha() for word in sort_key(entry.number).replace(":", " ").split())


def _cell(row: tuple[str, ...], column: int | None) -> str:
    return "" if column is None else tidy(row[column])
