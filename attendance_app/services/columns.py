"""Proposes which column of a school's list has which field, from the header's words in English and Spanish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from attendance_app.domain.roster_order import LIST_NUMBERS
from attendance_app.services.tables import errors
from attendance_app.services.tables.header_words import header_words
from attendance_app.services.tables.table import Table

KNOWN_HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("student id", "student number", "student no", "id number", "idnumber", "student code", "sis user id"),
        *("matricula", "numero de matricula", "no de matricula", "numero de control", "no de control", "no control"),
        *("numero de cuenta", "no de cuenta", "boleta", "expediente", "codigo estudiante", "codigo de estudiante"),
        *("codigo del estudiante", "codigo alumno", "codigo de alumno", "id estudiante", "id alumno", "codigo"),
        *("identifier", "user id", "id", "number", "numero", "student", "sourced id", "documento"),
        *(
            "numero de documento",
            "numero de id",
            "numero de identificacion",
            "employee id",
            "cedula",
            "dni",
            "no",
            "nº",
            "code",
            "username",
            "usuario",
            "login id",
            "login",
        ),
    ),
    "name": (
        *("full name", "fullname", "student name", "nombre completo", "nombre y apellidos", "nombres y apellidos"),
        *("nombre del alumno", "nombre del estudiante", "name", "nombre"),
        *("display name", "alumno", "estudiante", "student", "short name"),
    ),
    "last_first": (
        *("apellidos nombre", "apellidos nombres", "apellidos nombre s", "apellido nombre", "apellido s nombre s"),
        *("apellidos y nombres", "apellidos y nombre", "apellidos y nombre s", "apellidos y nombres del alumno"),
        *("sortable name", "last name first name", "last first name", "last name first", "last first"),
        *("surname first name", "surname forename", "surname name", "family name given name", "lastname firstname"),
    ),
    "first_name": (
        *("first name", "firstname", "first", "given name", "given names", "forename", "nombres", "primer nombre"),
        *("nombre de pila", "nombre s", "nombre", "name"),
    ),
    "last_name": (
        *("last name", "lastname", "last", "surname", "family name", "last names", "apellidos", "apellido s"),
        *("primer apellido", "apellido paterno", "paterno", "apellido"),
    ),
    "second_last_name": ("segundo apellido", "apellido materno", "materno", "second last name"),
    "list_number": (
        *("n o lista", "no lista", "n lista", "num lista", "numero lista", "nro lista", "numero de lista"),
        *("no de lista", "n o de lista", "num de lista", "nro de lista", "lista", "list number", "list no"),
        *("number in list", "n o de orden", "no de orden", "numero de orden", "nro de orden", "orden", "roll number"),
        *("roll no", "#", "n o", "no", "num", "nro", "numero", "n", "number"),
    ),
    "email": (
        *("e mail", "email", "email address", "mail", "correo", "correo electronico", "correo institucional"),
        *("e mail address", "student email", "direccion de correo", "email 1"),
    ),
    "role": ("role", "roles", "rol", "user role", "user type", "tipo de usuario", "perfil", "base role"),
    "status": ("status", "user status", "enrollment status", "estatus", "estado", "situacion"),
}
"""Header words by field, the surest first (accents, case and punctuation set aside)."""

_ALL_KNOWN = frozenset(word for words in KNOWN_HEADERS.values() for word in words)
# What is in round or square brackets, as in "Nombre (s)" or "Number [required]".
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")

_FAMILY = {"last", "surname", "family", "apellido", "apellidos", "paterno", "cognoms", "apelido", "apelidos"}
_GIVEN = {"first", "given", "forename", "forenames", "nombre", "nombres", "nom", "nome"}
"""A header with a word of each, in this order, is a column of family and given names: "Surname, given names"."""

_LIST_NUMBER = re.compile(r"\s*0*([0-9]{1,4})(?:[.,]0+|\.?[ºª°]|[.)])?\s*")

_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
"""Words after a comma that are no given name."""

NO_HEADER = -1
"""As ``header_row``: students' rows begin at ``header_row + 1``, which is then the first."""

HEADER_ROWS = 10
"""Number of first rows that are searched for a header: lists often have titles above it."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Index of the column for each field, None: the list has none.

    ``header_row`` is an index into the table's rows; -1: no header. ``last_first`` has "García, Ana" in one column.
    ``number`` and ``email`` may be the same column: then students are known by their e-mail.
    """

    header_row: int
    number: int | None = None
    name: int | None = None
    last_first: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    second_last_name: int | None = None
    email: int | None = None
    list_number: int | None = None
    role: int | None = None
    status: int | None = None

    @property
    def name_columns(self) -> tuple[int, ...]:
        """The columns that a student's name is made of."""
        if self.name is not None:
            return (self.name,)
        if self.last_first is not None:
            return (self.last_first,)
        parts = (self.first_name, self.last_name, self.second_last_name)
        return tuple(column for column in parts if column is not None)


FIELDS = tuple(field.name for field in fields(ColumnMapping) if field.name != "header_row")


def propose_mapping(table: Table) -> ColumnMapping:
    """Return the most likely mapping: the row with the most known headers is the header."""
    candidates = [_map_header(index, row) for index, row in enumerate(table.rows[:HEADER_ROWS])]
    # Lists have titles, dates and teachers' names above the header; the row with most known words is it.
    best = max(candidates, key=_known_columns)  # the first of equals
    if not _known_columns(best):
        return ColumnMapping(NO_HEADER)
    if best.list_number is not None and not _has_list_numbers(table, best.header_row, best.list_number):
        best = replace(best, list_number=None)
    if best.number is None and best.name_columns and best.email is not None:
        # Google Classroom's lists have nothing else that tells students apart.
        best = replace(best, number=best.email)
    if best.name is not None and _family_comes_first(table, best.header_row, best.name):
        return replace(best, name=None, last_first=best.name)
    return best


def _has_list_numbers(table: Table, header_row: int, column: int) -> bool:
    """Whether four of five cells of the column are numbers as class lists have them."""
    cells = [row[column] for row in table.rows[header_row + 1 :] if row[column]]
    return 5 * sum(list_number_in(cell) is not None for cell in cells) >= 4 * len(cells)


def list_number_in(cell: str) -> int | None:
    """Return the list number that a cell has: 7, 07, 7. and 7.º alike; None for another text."""
    found = _LIST_NUMBER.fullmatch(cell)
    number = int(found[1]) if found else 0
    return number if number in LIST_NUMBERS else None


def _family_comes_first(table: Table, header_row: int, column: int) -> bool:
    """Whether every name of the column is written as "García, Ana"."""
    others = [index for index in range(len(table.rows[0])) if index != column]
    rows = table.rows[header_row + 1 :]
    # A row with this cell alone is a title or a note, and says nothing of how names are written.
    names = [row[column] for row in rows if row[column] and any(row[index] for index in others)]
    return bool(names) and all(split_name(name) is not None for name in names)


def split_name(name: str) -> tuple[str, str] | None:
    """Return family and given name of "García, Ana"; None for a name that is written otherwise."""
    family, comma, given = (part.strip() for part in name.partition(","))
    plain = all(any(letter.isalpha() for letter in part) for part in (family, given)) and "," not in given
    # "Martin, Jr." is no family name before a given name.
    return (family, given) if comma and plain and header_words(given) not in _SUFFIXES else None


def with_choices(table: Table, proposed: ColumnMapping, choices: Mapping[str, str]) -> ColumnMapping:
    """Return the mapping with the user's choices: field -> column's header or its number from 1.

    An empty column takes the field out. Raises KnownError for an unknown field or column.
    """
    header = header_of(table, proposed)
    header_row = proposed.header_row
    columns: dict[str, int | None] = {field: getattr(proposed, field) for field in FIELDS}
    for field, column in choices.items():
        if field not in FIELDS:
            raise errors.NoSuchField(field=field, fields=FIELDS)
        columns[field] = _column(header, column) if column else None
        if header_words(column) in map(header_words, header):
            header_row = max(header_row, 0)  # it is a header, though an unusual one
    for field in _other_ways(set(choices)):
        columns[field] = None
    return ColumnMapping(header_row, **columns)


def _other_ways(chosen: set[str]) -> set[str]:
    """Return the fields that a choice of how names are written excludes."""
    parts = {"first_name", "last_name", "second_last_name"}
    ways = ({"name"}, {"last_first"}, parts)
    taken = [way for way in ways if way & chosen]
    return set().union(*(way for way in ways if way not in taken)) if taken else set()


def header_of(table: Table, mapping: ColumnMapping) -> tuple[str, ...]:
    """Return the header's cells, or the first row's where there is no header."""
    return table.rows[max(mapping.header_row, 0)]


def _column(header: tuple[str, ...], column: str) -> int:
    names = [header_words(name) for name in header]
    if header_words(column) in names:
        return names.index(header_words(column))
    if column.isdecimal() and 1 <= int(column) <= len(header):
        return int(column) - 1
    raise errors.NoSuchColumn(column=column, columns=tuple(name or "(empty)" for name in header))


def _map_header(index: int, row: tuple[str, ...]) -> ColumnMapping:
    words = [_known_words(cell) for cell in row]
    number = _first(words, KNOWN_HEADERS["number"], taken=set())
    taken = {number}
    last = _first(words, KNOWN_HEADERS["last_name"], taken)
    second = _first(words, KNOWN_HEADERS["second_last_name"], taken)
    email = _first(words, KNOWN_HEADERS["email"], taken)
    # "Nombre" alone is the whole name; beside a column of family names it is the given name.
    first = _first(words, KNOWN_HEADERS["first_name"], taken) if last is not None else None
    reversed_ = _first(words, KNOWN_HEADERS["last_first"], taken)
    full = _first(words, KNOWN_HEADERS["name"], taken | {first})
    if full is None and last is None:
        full = _first(words, KNOWN_HEADERS["first_name"], taken)
    if first is not None and last is not None:
        full = reversed_ = None  # the parts say more
    elif reversed_ is not None or full is not None:
        first = last = second = None
        full = full if reversed_ is None else None
    taken |= {full, reversed_, first, last, second, email}
    others = {field: _first(words, KNOWN_HEADERS[field], taken) for field in ("role", "status", "list_number")}
    return ColumnMapping(index, number, full, reversed_, first, last, second, email, **others)


def _known_words(cell: str) -> str:
    """Return a header's words as ``KNOWN_HEADERS`` has them, where what is in brackets doesn't matter."""
    if cell.strip() == "#":
        return "#"
    whole, bare = header_words(cell), header_words(_BRACKETS.sub("", cell))
    if whole in _ALL_KNOWN:
        return whole
    if any(_has_both_names(header_words(inside)) for inside in (*_BRACKETS.findall(cell), cell)):
        return KNOWN_HEADERS["last_first"][0]
    return bare if bare in _ALL_KNOWN else whole


def _has_both_names(words: str) -> bool:
    """Whether a word for the family name comes before one for the given name."""
    found = words.split()
    family = next((place for place, word in enumerate(found) if word in _FAMILY), None)
    given = next((place for place, word in enumerate(found) if word in _GIVEN), None)
    return family is not None and given is not None and family < given


def _first(words: list[str], known: tuple[str, ...], taken: set[int | None]) -> int | None:
    # The order of ``known`` decides, not that of the columns: it has the surest word first.
    for name in known:
        for index, word in enumerate(words):
            if word == name and index not in taken:
                return index
    return None


def _known_columns(mapping: ColumnMapping) -> int:
    return sum(getattr(mapping, field) is not None for field in FIELDS)
