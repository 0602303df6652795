"""Class lists in any shape: read, mapped, previewed, applied."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook
from single_writes import each

from attendance_app.services.columns import FIELDS, propose_mapping, with_choices
from attendance_app.services.roster import Action, apply_plan, plan_import
from attendance_app.services.roster_rows import SkipReason
from attendance_app.services.tables import errors
from attendance_app.services.tables.reading import read_table
from attendance_app.services.tables.table import Problem
from attendance_app.store.database import open_store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    return each(store).courses.add("A", "A")


@pytest.fixture
def table_of(tmp_path):
    def table(content: str | bytes, name: str = "list.csv"):
        path: Path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path)

    return table


def planned(store, course, table, **choices):
    return plan_import(store, course, table, with_choices(table, propose_mapping(table), choices))


def xlsx(*rows, formats=()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats:
        book.active[cell].number_format = number_format
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


HEADERS = [
    pytest.param("id,name", {"number": "id", "name": "name"}, id="plain"),
    pytest.param(
        "user_id,login_id,first_name,last_name,full_name,sortable_name,short_name,email,status",
        {
            "number": "user_id",
            "first_name": "first_name",
            "last_name": "last_name",
            "email": "email",
            "status": "status",
        },
        id="Canvas",
    ),
    pytest.param(
        "sourcedId,status,username,givenName,familyName,identifier,email",
        {
            "number": "identifier",
            "first_name": "givenName",
            "last_name": "familyName",
            "email": "email",
            "status": "status",
        },
        id="OneRoster",
    ),
    pytest.param(
        "No.;Matrícula;Apellido Paterno;Apellido Materno;Nombre(s);Correo Electrónico",
        {
            "number": "Matrícula",
            "first_name": "Nombre(s)",
            "last_name": "Apellido Paterno",
            "second_last_name": "Apellido Materno",
            "email": "Correo Electrónico",
            "list_number": "No.",
        },
        id="Mexican",
    ),
    pytest.param(
        "Código\tNombres\tApellidos\tE-mail",
        {"number": "Código", "first_name": "Nombres", "last_name": "Apellidos", "email": "E-mail"},
        id="Colombian",
    ),
    pytest.param("Número de control|Nombre completo", {"number": "Número de control", "name": "Nombre completo"}),
    pytest.param("MATRICULA,NOMBRE", {"number": "MATRICULA", "name": "NOMBRE"}, id="capitals without accents"),
    pytest.param(
        "First name,Surname,ID number,Email address",
        {"number": "ID number", "first_name": "First name", "last_name": "Surname", "email": "Email address"},
        id="Moodle",
    ),
    pytest.param("Student ID,Student", {"number": "Student ID", "name": "Student"}),
    pytest.param(
        'N.º lista;"Apellidos, Nombre";Matrícula',
        {"number": "Matrícula", "last_first": "Apellidos, Nombre", "list_number": "N.º lista"},
        id="family and given name in one column",
    ),
    pytest.param(
        "N.º lista;Apellidos;Nombre;DNI",
        {"number": "DNI", "last_name": "Apellidos", "first_name": "Nombre", "list_number": "N.º lista"},
        id="Spanish",
    ),
    pytest.param(
        "First Name [Required],Last Name [Required],Employee ID",
        {"number": "Employee ID", "last_name": "Last Name [Required]", "first_name": "First Name [Required]"},
        id="Google Workspace",
    ),
    pytest.param(
        "Nombre,Apellido(s),Número de ID",
        {"number": "Número de ID", "last_name": "Apellido(s)", "first_name": "Nombre"},
        id="Moodle in Spanish",
    ),
    pytest.param("id,last,first", {"number": "id", "last_name": "last", "first_name": "first"}),
    *(
        pytest.param(f'ID;"{header}"', {"number": "ID", "last_first": header})
        for header in (
            "Name (Last, First)",
            "Surname, Given names",
            "Nombre del alumno (apellido paterno y nombre)",
            "Cognoms, Nom",
        )
    ),
    pytest.param("Apellidos y nombres,Código", {"number": "Código", "last_first": "Apellidos y nombres"}),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_columns_are_proposed_from_the_header(table_of, header, expected):
    table = table_of(header + "\n")
    mapping = propose_mapping(table)
    columns = {field: getattr(mapping, field) for field in FIELDS}
    assert {field: table.rows[0][index] for field, index in columns.items() if index is not None} == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("id;name\n007;José Núñez\n".encode("utf-8-sig"), id="UTF-8 with byte order mark"),
        pytest.param("id;name\n007;José Núñez\n".encode("cp1252"), id="Windows"),
        pytest.param("id\tname\r\n007\tJosé Núñez\r\n".encode("utf-16"), id="UTF-16 from Excel"),
        pytest.param('id,name\n"007","José Núñez"\n'.encode(), id="quoted"),
        pytest.param("id|name\n007|José Núñez\n\n\n".encode(), id="blank lines at the end"),
        pytest.param('Group 3B\n\n"id", "name"\n007, José Núñez\n'.encode(), id="a title above the header"),
    ],
)
def test_csv_is_read_in_any_dialect(store, course, table_of, content):
    (line,) = planned(store, course, table_of(content)).lines
    assert (line.entry.number, line.entry.name) == ("007", "José Núñez")


def test_xlsx_numbers_become_text_as_seen(store, course, table_of):
    content = xlsx(
        ["Matrícula", "Nombre"], [20240001, "A"], [7.0, "B"], ["007", "C"], [42, "D"], formats=[("A5", "0000")]
    )
    lines = planned(store, course, table_of(content, "list.xlsx")).lines
    assert [line.entry.number for line in lines] == ["20240001", "7", "007", "0042"]


def test_a_preview_does_nothing(store, course, table_of):
    plan = planned(store, course, table_of("id,name\n1,Ana\n"))
    assert [line.action for line in plan.lines] == [Action.ADD]
    assert store.students.all() == ()


def applied(store, plan) -> None:
    with store.write() as tx:
        apply_plan(tx, plan)


def test_importing_twice_changes_nothing(store, course, table_of):
    table = table_of("id,first name,last name,email\n1,Ana,Ruiz,a@example.org\n2,Ben,Paz,\n")
    applied(store, planned(store, course, table))
    before = store.students.of_course(course.id)
    again = planned(store, course, table)
    assert {line.action for line in again.lines} == {Action.UNCHANGED}
    applied(store, again)
    assert store.students.of_course(course.id) == before
    assert [s.name for s in before] == ["Ben Paz", "Ana Ruiz"]


def test_changes_additions_and_skips_are_told_apart(store, course, table_of):
    for number, name in (("1", "Ana"), ("2", "Ben"), ("3", "Cleo"), ("4", "Dora"), ("9", "Not in the list")):
        student = each(store).students.add(number, name, "old@example.org")
        if number != "3":
            each(store).students.enrol(course.id, student.id)
    each(store).students.archive(store.students.by_number("4").id)
    content = "id,name,email\n1,Anna,\n2,Ben,old@example.org\n3,Cleo,\n4,Dora,\n5,Eva,\n,Nobody,\n5,Eve,\n"
    plan = planned(store, course, table_of(content))
    assert [line.action for line in plan.lines] == [
        *(Action.CHANGE, Action.UNCHANGED, Action.ENROL, Action.ENROL, Action.ADD, Action.SKIP, Action.SKIP)
    ]
    assert [line.reason for line in plan.lines[-2:]] == [SkipReason.NO_NUMBER, SkipReason.DUPLICATE]
    assert [line.row for line in plan.lines] == list(range(2, 9))
    assert [student.number for student in plan.not_listed] == ["9"]

    applied(store, plan)
    assert [s.number for s in store.students.of_course(course.id)] == ["1", "2", "3", "4", "5", "9"]
    anna = store.students.by_number("1")
    assert (anna.name, anna.email) == ("Anna", "old@example.org")


def test_columns_can_be_chosen_by_header_and_by_number(store, course, table_of):
    table = table_of("clave,quien\n7,Ana\n")
    with pytest.raises(errors.NoNumberColumn) as refused:
        planned(store, course, table)
    assert refused.value.details == {"columns": ("clave", "quien")}
    for choices in ({"number": "Clave", "name": "quien"}, {"number": "clave", "name": "2"}):
        (line,) = planned(store, course, table, **choices).lines
        assert (line.entry.number, line.entry.name) == ("7", "Ana")


def test_a_list_without_header_is_mapped_by_number(store, course, table_of):
    plan = planned(store, course, table_of("7,Ana\n8,Ben\n"), number="1", name="2")
    assert [line.entry.number for line in plan.lines] == ["7", "8"]


def test_choosing_the_parts_of_a_name_replaces_the_whole(store, course, table_of):
    table = table_of("id,name,a,b\n1,x,Ana,Ruiz\n")
    (line,) = planned(store, course, table, first_name="a", last_name="b").lines
    assert line.entry.name == "Ana Ruiz"


def test_unknown_fields_and_columns_are_refused_with_the_known_ones(table_of):
    table = table_of("id,name\n")
    with pytest.raises(errors.NoSuchField):
        with_choices(table, propose_mapping(table), {"age": "id"})
    with pytest.raises(errors.NoSuchColumn):
        with_choices(table, propose_mapping(table), {"number": "matricula"})


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        pytest.param("list.xlsx", b"id,name\n", errors.WorkbookDamaged, id="CSV called XLSX"),
        pytest.param("list.csv", xlsx(["id"]), errors.NotATable, id="XLSX called CSV"),
        pytest.param("list.csv", b"", errors.NoRows, id="empty"),
        pytest.param("list.csv", b" , \n", errors.NoRows, id="blank"),
        pytest.param("list.pdf", b"%PDF-1.7\0\0", errors.NotATable, id="PDF"),
    ],
)
def test_unreadable_files_are_known_errors(table_of, name, content, error):
    with pytest.raises(error):
        table_of(content, name)


def test_a_missing_file_is_a_known_error(tmp_path):
    with pytest.raises(errors.TableNotThere):
        read_table(tmp_path / "none.csv")
    with pytest.raises(errors.BundleLacks):
        read_table(tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            'id;Apellidos, Nombre\n1;"García Pérez, Ana María"\n',
            ("Ana María García Pérez", "García Pérez", "Ana María"),
            id="one column",
        ),
        pytest.param("id;Apellidos;Nombre\n1;García;Ana\n", ("Ana García", "García", "Ana"), id="two columns"),
        pytest.param(
            "id;Apellido paterno;Apellido materno;Nombres\n1;García;Pérez;Ana\n",
            ("Ana García Pérez", "García Pérez", "Ana"),
            id="three columns",
        ),
        pytest.param(
            'Student,ID\nPoints Possible,\n"García, Ana",7\n', ("Ana García", "García", "Ana"), id="a line in the way"
        ),
        pytest.param('id,name\n1,"García, Ana"\n', ("Ana García", "García", "Ana"), id="every name has a comma"),
        pytest.param("id,name\n1,Ana García\n", ("Ana García", "", ""), id="a whole name is not cut"),
        pytest.param("id;Apellidos y nombres\n1;García Ana\n", ("García Ana", "", ""), id="no comma, no guess"),
        pytest.param('id,name\n1,"John Smith, Jr."\n', ("John Smith, Jr.", "", ""), id="a suffix is no given name"),
    ],
)
def test_family_and_given_name_are_kept_apart(store, course, table_of, content, expected):
    applied(store, planned(store, course, table_of(content)))
    (student,) = store.students.all()
    assert (student.name, student.family_name, student.given_name) == expected
    assert {line.action for line in planned(store, course, table_of(content)).lines} - {Action.SKIP} == {
        Action.UNCHANGED
    }


@pytest.mark.parametrize(
    "row",
    [
        *("Total;30;;", "TOTAL;;;", "Total alumnos: 30;;;", ";Promedio;7,5;", "9;Total;;", "Suma;8;9;"),
        *(
            "Total;Hombres: 12;;",
            "Impreso el: 12/03/2026;;;",
            "Profesora: Marta Ruiz;;;",
            "Matrícula;Nombre;Nota;",
            "N = 30;;;",
            "Signature;;;",
            "Firma;;;",
            "Fin;;;",
            "Elaborado por;Marta Ruiz;;",
            "Vo. Bo.;Marta Ruiz;;",
        ),
        *("12;30;;", f"{'x' * 65};Ana;;"),
    ],
)
def test_sums_notes_and_repeated_headers_are_no_students(store, course, table_of, row):
    table = table_of(f"Matrícula;Nombre;Nota;\n007;Ana;7;\n{row}\nSUM-01;Total Recall;;\nS09;;;\n")
    lines = planned(store, course, table).lines
    assert [line.action for line in lines] == [Action.ADD, Action.SKIP, Action.ADD, Action.ADD]
    assert lines[1].reason in {SkipReason.NOT_A_STUDENT, SkipReason.NO_NUMBER}
    assert lines[1].row == 3


@pytest.mark.parametrize("row", ["Total;30;;", "Total;;30;", "Nº alumnos: 30;;;", "Total: 30;31;;", ";30;;Promedio"])
def test_a_sum_beside_the_number_is_no_student(store, course, table_of, row):
    table = table_of(f"N.º lista;Matrícula;Apellidos;Nombre\n1;007;Ruiz;Ana\n{row}\n2;008;;\n")
    lines = planned(store, course, table).lines
    assert [line.action for line in lines] == [Action.ADD, Action.SKIP, Action.ADD]


def test_a_word_may_be_a_number_where_numbers_are_words(store, course, table_of):
    table = table_of("Usuario;Nombre\nagarcia;Ana García\nlpaz;Luis Paz\nmgil;\n")
    assert [line.action for line in planned(store, course, table).lines] == [Action.ADD] * 3


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [
        (["202512345678900000", "202512345678901000"], 2),
        (["202512345678900000", "202512345678901000", "202512345678901234"], 2),
        (["202512345678901234", "202512345678901235", "202512345678901000"], 0),
        (["1234567890123450", "1234567890123460"], 0),
        (["123456789012345", "100000000000000"], 0),
    ],
)
def test_numbers_that_a_spreadsheet_has_rounded_are_refused(store, course, table_of, numbers, refused):
    table = table_of("id;name\n" + "".join(f"{number};Ana\n" for number in numbers))
    lines = planned(store, course, table).lines
    assert sum(line.reason is Problem.SHORTENED for line in lines) == refused
    assert sum(line.action is Action.ADD for line in lines) == len(numbers) - refused


def test_only_students_who_are_still_there_come_from_a_school_system(store, course, table_of):
    table = table_of(
        "sourcedId,status,role,identifier,givenName,familyName\n"
        "a,active,student,1,Ana,Ruiz\nb,active,teacher,2,Marta,Gil\nc,tobedeleted,student,3,Luis,Paz\n"
        "d,active,guardian,4,Eva,Ruiz\ne,active,Mascot,5,Leo,Leo\nf,,student,6,Ben,Paz\n"
    )
    lines = planned(store, course, table).lines
    assert [line.entry.number for line in lines if line.action is Action.ADD] == ["1", "6"]
    assert [line.reason for line in lines if line.reason] == [
        *(SkipReason.OTHER_ROLE, SkipReason.NOT_ACTIVE, SkipReason.OTHER_ROLE, SkipReason.OTHER_ROLE)
    ]


def test_a_refused_line_changes_nobody_and_takes_nobody_for_unlisted(store, course, table_of):
    applied(store, planned(store, course, table_of("ID,Name\nB1,José\nB3,Peña\n")))
    plan = planned(store, course, table_of("ID,Name\nB1,José\nB3,Pe".encode() + b"\xf1a\n"))
    assert [(line.row, line.action, line.reason) for line in plan.lines] == [
        (2, Action.UNCHANGED, None),
        (3, Action.SKIP, Problem.BYTES),
    ]
    assert plan.not_listed == ()
    applied(store, plan)
    assert store.students.by_number("B3").name == "Peña"


def test_a_number_in_two_forms_of_unicode_is_one_student(store, course, table_of):
    composed, decomposed = "id,name\nÑ-1,José Núñez\n", "id,name\nN\u0303-1,Jose\u0301 Nu\u0301n\u0303ez\n"
    applied(store, planned(store, course, table_of(composed)))
    assert [line.action for line in planned(store, course, table_of(decomposed)).lines] == [Action.UNCHANGED]
    assert store.students.by_number("N\u0303-1") == store.students.all(search="nunez")[0]
