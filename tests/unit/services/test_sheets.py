"""Sheets for people: what they say, as CSV and as a workbook, read back by another program."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from single_writes import each

from attendance_app.domain.people import RosterEntry, RosterOrder
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.course_matrix import course_matrix
from attendance_app.services.errors import NotInCourse
from attendance_app.services.registers import session_register
from attendance_app.services.sheets.files import sheet_csv
from attendance_app.services.sheets.registers import course_sheet, register_sheet, student_sheet
from attendance_app.services.sheets.workbook import sheet_xlsx
from attendance_app.store.database import open_store
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
ENGLISH, SPANISH = sheet_words(translate_to("en")), sheet_words(translate_to("es"))


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    """Three students with family and given names, and two sessions: one late, one excused with a remark, one absent."""
    course = each(store).courses.add("MATE", "Matemáticas")
    entries = [
        RosterEntry("007", "Íñigo Peña", "", "Peña", "Íñigo"),
        RosterEntry("008", "=1+1 Díaz", "", "Díaz", "=1+1"),
        RosterEntry("009", "Ana Núñez", "", "Núñez", "Ana"),
    ]
    with store.write() as tx:
        tx.students.put_roster(course.id, entries)
    inigo, diaz, _ = (store.students.by_number(entry.number) for entry in entries)
    for start in (NOW, NOW + timedelta(days=1)):
        session = each(store).sessions.open(course.id, start, timedelta(minutes=10))
        seen = start + timedelta(minutes=12, seconds=30)
        proof = Evidence(0.99, 5, 0.3, 1)
        mark = Mark(session.id, inigo.id, Status.LATE, MarkedBy.CAMERA, seen, seen, seen, proof)
        each(store).marks.record(mark)
        each(store).marks.set_by_teacher(session.id, diaz.id, Status.EXCUSED, seen, "doctor; back at 10")
        each(store).sessions.close(session.id, start + timedelta(minutes=50), 1)
    return course


def rows_of(content: bytes, separator: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_a_register_says_who_came_when_and_how_late_in_local_time(store, course):
    sheet = register_sheet(session_register(store, 1), ENGLISH, BOGOTA)
    assert sheet.facts == (
        ("Course", "MATE"),
        ("Date", date(2026, 3, 2)),
        ("Begun", time(8, 0)),
        ("Ended", time(8, 50)),
        ("Unknown people", 1),
        ("Version", "1v3"),
    )
    assert ("007", "Peña", "Íñigo", Status.LATE, time(8, 12), 12, "Camera", "") in sheet.rows
    assert ("008", "Díaz", "=1+1", Status.EXCUSED, None, None, "Teacher", "doctor; back at 10") in sheet.rows
    assert ("009", "Núñez", "Ana", Status.ABSENT, None, None, "End of session", "") in sheet.rows


def test_names_stay_whole_where_one_students_parts_are_not_known(store, course):
    each(store).students.enrol(course.id, each(store).students.add("010", "Mononym").id)
    sheet = register_sheet(session_register(store, 1), ENGLISH)
    assert sheet.header[:2] == ("Student number", "Name")
    assert ("009", "Ana Núñez") in [row[:2] for row in sheet.rows]


def test_list_numbers_stand_first_and_their_order_is_that_of_every_sheet(store, course):
    places = {"007": 3, "008": None, "009": 1}
    for number, place in places.items():
        each(store).students.renumber(course.id, store.students.by_number(number).id, place)
    each(store).courses.reorder(course.id, RosterOrder.LIST_NUMBER)
    register = register_sheet(session_register(store, 1), SPANISH)
    assert register.header[:4] == ("N.º", "Número", "Apellidos", "Nombre")
    matrix = course_sheet(course_matrix(store, course.id), ENGLISH)
    numbered = [(1, "009", "Núñez", "Ana"), (3, "007", "Peña", "Íñigo"), (None, "008", "Díaz", "=1+1")]
    assert [row[:4] for row in register.rows] == [row[:4] for row in matrix.rows] == numbered
    # The totals count the column of the statuses, which stands one further to the right.
    book = load_workbook(io.BytesIO(sheet_xlsx(register)))
    formulas = [cell.value for row in book.active.iter_rows() for cell in row if str(cell.value).startswith("=COUNT")]
    assert {formula[9] for formula in formulas} == {"E"}


def test_who_has_left_keeps_the_place_in_the_order(store, course):
    each(store).students.archive(store.students.by_number("008").id)
    each(store).students.unenrol(course.id, store.students.by_number("009").id)
    names = [line.student.family_name for line in session_register(store, 1).lines]
    assert (
        names == [row.student.family_name for row in course_matrix(store, course.id).rows] == ["Díaz", "Núñez", "Peña"]
    )


def test_a_csv_speaks_the_language_and_keeps_its_cells_with_any_separator(store, course):
    content = sheet_csv(register_sheet(session_register(store, 1), SPANISH, BOGOTA), ";")
    rows = rows_of(content, ";")
    assert content.startswith("\ufeffNúmero;Apellidos;Nombre;".encode())
    (line,) = (row for row in rows if row["Número"] == "008")
    assert line["Observación"] == "doctor; back at 10"
    assert line["Nombre"] == "'=1+1"
    assert {row["Número"]: row[rows_header(content)] for row in rows} == {
        "007": "Retardo",
        "008": "Justificada",
        "009": "Falta",
    }


def rows_header(content: bytes) -> str:
    return content.decode("utf-8-sig").split("\r\n")[0].split(";")[3]


def test_a_course_over_time_has_a_column_a_session_and_the_figures(store, course):
    sheet = course_sheet(course_matrix(store, course.id), ENGLISH, BOGOTA)
    assert sheet.header[3:5] == (datetime(2026, 3, 2, 8, 0), datetime(2026, 3, 3, 8, 0))  # noqa: DTZ001 - local
    (line,) = (row for row in sheet.rows if row[0] == "007")
    assert line[3:] == (Status.LATE, Status.LATE, 0, 2, 0, 0, 1.0)
    (cells,) = (row for row in rows_of(sheet_csv(sheet, ","), ",") if row["Student number"] == "009")
    assert cells["Attended"] == "0 %"
    assert cells["2026-03-02 08:00"] == "Absent"


def test_a_student_has_the_sessions_that_count_and_the_share(store, course):
    student = store.students.by_number("007")
    sheet = student_sheet(course_matrix(store, course.id), student, ENGLISH, BOGOTA)
    assert sheet.rows == (
        (date(2026, 3, 2), time(8, 0), Status.LATE),
        (date(2026, 3, 3), time(8, 0), Status.LATE),
    )
    assert dict(sheet.facts)["Attended"] == 1.0
    stranger = each(store).students.add("999", "Elsewhere")
    with pytest.raises(NotInCourse):
        student_sheet(course_matrix(store, course.id), stranger, ENGLISH)


def test_a_workbook_counts_by_formula_and_takes_no_text_for_one(store, course):
    sheet = register_sheet(session_register(store, 1), SPANISH, BOGOTA)
    page = load_workbook(io.BytesIO(sheet_xlsx(sheet))).active
    texts = [cell for row in page.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in texts] == ["s"]
    head = next(cell.row for cell in page["A"] if cell.value == "Número")
    assert page.freeze_panes == f"D{head + 1}"
    formulas = [str(cell.value) for cell in page["B"] if str(cell.value).startswith("=COUNTIF")]
    assert formulas[1] == f'=COUNTIF(D{head + 1}:D{head + 3},"Retardo")'
    assert [page.cell(row, 4).value for row in range(head + 1, head + 4)].count("Retardo") == 1


def test_a_course_of_one_session_and_an_empty_one_are_written_too(store, course):
    empty = each(store).courses.add("NEW", "")
    for code in (course.id, empty.id):
        matrix = course_matrix(store, code)
        content = sheet_xlsx(course_sheet(matrix, ENGLISH))
        page = load_workbook(io.BytesIO(content)).active
        assert page["A1"].value.startswith("Attendance: ")
