"""Which column of a school's list is what: a proposal from the header's words in English and Spanish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import sort_key
from attendance_app.services.tables import Table

KNOWN_HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("student id", "student number", "student no", "id number", "idnumber", "student code", "sis user id"),
        *("matricula", "numero de matricula", "no de matricula", "numero de control", "no de control", "no control"),
        *("numero de cuenta", "no de cuenta", "boleta", "expediente", "codigo estudiante", "codigo de estudiante"),
        *("codigo del estudiante", "codigo alumno", "codigo de alumno", "id estudiante", "id alumno", "codigo"),
        *("identifier", "user id", "id", "number", "numero", "student", "sourced id", "documento"),
        *("numero de documento", "cedula", "dni", "no", "nº", "code", "username", "usuario", "login id", "login"),
    ),
    "name": (
        *("full name", "fullname", "student name", "nombre completo", "nombre y apellidos", "nombres y apellidos"),
        *("apellidos y nombres", "apellidos y nombre", "nombre del alumno", "nombre del estudiante", "name", "nombre"),
        *("display name", "alumno", "estudiante", "student", "short name", "sortable name"),
    ),
    "first_name": (
        *("first name", "firstname", "given name", "given names", "forename", "nombres", "primer nombre"),
        *("nombre de pila", "nombre s", "nombre", "name"),
    ),
    "last_name": (
        *("last name", "lastname", "surname", "family name", "last names", "apellidos", "apellido s"),
        *("primer apellido", "apellido paterno", "paterno", "apellido"),
    ),
    "second_last_name": ("segundo apellido", "apellido materno", "materno", "second last name"),
    "email": (
        *("e mail", "email", "email address", "mail", "correo", "correo electronico", "correo institucional"),
        *("e mail address", "student email", "direccion de correo", "email 1"),
    ),
}
"""Header words by field, the surest first (accents, case and punctuation set aside)."""

NO_HEADER = -1

HEADER_ROWS = 10
"""A header is looked for in so many first rows: lists come with titles above them."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Index of the column for each field, None: the list has none. ``header_row`` counts from 0; -1: no header."""

    header_row: int
    number: int | None = None
    name: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    second_last_name: int | None = None
    email: int | None = None

    @property
    def names_students(self) -> bool:
        return self.name is not None or self.first_name is not None or self.last_name is not None


FIELDS = tuple(field.name for field in fields(ColumnMapping) if field.name != "header_row")


def propose_mapping(table: Table) -> ColumnMapping:
    """Return the likeliest reading of the list: the row that has the most known headers, and what they say."""
    candidates = [_map_header(index, row) for index, row in enumerate(table.rows[:HEADER_ROWS])]
    best = max(candidates, key=_known_columns)  # the first of equals
    return best if _known_columns(best) else ColumnMapping(NO_HEADER)


def with_choices(table: Table, proposed: ColumnMapping, choices: Mapping[str, str]) -> ColumnMapping:
    """Return the mapping with the user's choices: field -> column's header or its number from 1.

    An empty column takes the field out. Raises KnownError for an unknown field or column.
    """
    header = header_of(table, proposed)
    header_row = proposed.header_row
    columns: dict[str, int | None] = {field: getattr(proposed, field) for field in FIELDS}
    for field, column in choices.items():
        if field not in FIELDS:
            raise KnownError(
                "A student has no {field}.", remedy="The fields are: {fields}.", field=field, fields=", ".join(FIELDS)
            )
        columns[field] = _column(header, column) if column else None
        if _words(column) in map(_words, header):
            header_row = max(header_row, 0)  # it is a header, though an unusual one
    if "name" not in choices and {"first_name", "last_name"} & set(choices):
        columns["name"] = None
    return ColumnMapping(header_row, **columns)


def header_of(table: Table, mapping: ColumnMapping) -> tuple[str, ...]:
    """Return the header's cells, or the first row's where there is no header."""
    return table.rows[max(mapping.header_row, 0)]


def _column(header: tuple[str, ...], column: str) -> int:
    names = [_words(name) for name in header]
    if _words(column) in names:
        return names.index(_words(column))
    if column.isdecimal() and 1 <= int(column) <= len(header):
        return int(column) - 1
    raise KnownError(
        "The list has no column {column}.",
        remedy="Its columns are: {columns}. A number from 1 counts them.",
        column=column,
        columns=", ".join(name or "(empty)" for name in header),
    )


def _map_header(index: int, row: tuple[str, ...]) -> ColumnMapping:
    words = [_words(cell) for cell in row]
    number = _first(words, KNOWN_HEADERS["number"], taken=set())
    taken = {number}
    last = _first(words, KNOWN_HEADERS["last_name"], taken)
    second = _first(words, KNOWN_HEADERS["second_last_name"], taken)
    email = _first(words, KNOWN_HEADERS["email"], taken)
    first = _first(words, KNOWN_HEADERS["first_name"], taken) if last is not None else None
    full = _first(words, KNOWN_HEADERS["name"], taken | {first})
    if full is None and last is None:
        full = _first(words, KNOWN_HEADERS["first_name"], taken)
    if full is not None and (first is None or last is None):
        first = last = second = None
    if full is not None and first is not None:
        full = None  # the parts say more, and are never "Last, First"
    return ColumnMapping(index, number, full, first, last, second, email)


def _first(words: list[str], known: tuple[str, ...], taken: set[int | None]) -> int | None:
    for name in known:
        for index, word in enumerate(words):
            if word == name and index not in taken:
                return index
    return None


def _known_columns(mapping: ColumnMapping) -> int:
    return sum(getattr(mapping, field) is not None for field in FIELDS)


def _words(header: str) -> str:
    """Return a header as plain words: "Código_Estudiante" and "codigoEstudiante" alike."""
    split_case = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", sort_key(split_case)))
