"""Exports: one line a student, no formulas, written as a whole or not at all, and read back the same."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from session_csv import read_session_csv
from single_writes import each

from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.course_matrix import course_matrix
from attendance_app.services.exports import (
    COLUMNS,
    export_lines,
    export_matrix,
    export_session,
    matrix_csv,
    session_csv,
    session_json,
    session_xlsx,
)
from attendance_app.services.output.files import OutputFile
from attendance_app.services.registers import session_register
from attendance_app.services.tables.safe_text import plain_cell, safe_cell
from attendance_app.store.database import open_store

NOW = datetime(2026, 3, 2, 8, 0, 0, 250_000, tzinfo=UTC)
BOGOTA = ZoneInfo("America/Bogota")
NAMES = ["=HYPERLINK(1)", "Ñandú, José", "محمد علي", "王小明", 'quo"te', "-1+1", "Late Comer"]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    """Seven students, 000 to 006; one closed session with marks of every kind, one open without."""
    course = each(store).courses.add("MATH-1", "Mathematics")
    students = [each(store).students.add(f"{n:03}", name) for n, name in enumerate(NAMES)]
    for student in students:
        each(store).students.enrol(course.id, student.id)
    session = each(store).sessions.open(course.id, NOW, timedelta(minutes=10))
    seen = Evidence(0.987654321, 7, 0.34567, 3, students[1].id, 0.25, MaskState.WITH_MASK)
    later = NOW + timedelta(minutes=3)
    each(store).marks.record(Mark(session.id, students[0].id, Status.PRESENT, MarkedBy.CAMERA, NOW, NOW, later, seen))
    each(store).marks.set_by_teacher(session.id, students[1].id, Status.EXCUSED, later, "+1 day\tof leave")
    each(store).marks.set_by_teacher(session.id, students[6].id, Status.LATE, later)
    each(store).sessions.close(session.id, NOW + timedelta(minutes=50), 1)
    each(store).sessions.open(course.id, NOW + timedelta(days=1), timedelta(minutes=10))
    return course


@pytest.fixture
def register(store, course):
    return session_register(store, 1)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_byte_order_mark_a_header_and_a_line_a_student(register):
    content = session_csv(register, BOGOTA)
    assert content.startswith(b"\xef\xbb\xbfcourse,session_id,session_started,student_id,name,status,")
    assert len(rows_of(content)) == len(NAMES)


def test_csv_cells_say_what_the_register_says(register):
    line = next(row for row in rows_of(session_csv(register, BOGOTA)) if row["student_id"] == "000")
    assert line == {
        "course": "MATH-1",
        "session_id": "1",
        "session_started": "2026-03-02T03:00:00-05:00",
        "student_id": "000",
        "name": "'=HYPERLINK(1)",
        "status": "present",
        "marked_by": "camera",
        "marked_at": "2026-03-02T03:00:00-05:00",
        "first_seen": "2026-03-02T03:00:00-05:00",
        "last_seen": "2026-03-02T03:03:00-05:00",
        "probability": "0.987654",
        "sightings": "7",
        "mask": "with_mask",
        "encodings_opinion": "000",
        "encodings_distance": "0.3457",
        "cnn_opinion": "001",
        "cnn_probability": "0.25",
        "remark": "",
    }


def test_no_csv_cell_can_be_run_by_a_spreadsheet(register):
    cells = [cell for row in rows_of(session_csv(register)) for cell in row.values()]
    assert "'-1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_export_can_be_read_back(register, tmp_path):
    out = tmp_path / "out.csv"
    export_session(register, OutputFile(out, "csv"), BOGOTA)
    assert read_session_csv(out) == export_lines(register, BOGOTA)


def test_an_open_session_exports_its_unmarked_students_without_status(store, course, tmp_path):
    lines = export_lines(session_register(store, 2))
    assert [line.status for line in lines] == [None] * len(NAMES)
    export_session(session_register(store, 2), OutputFile(tmp_path / "open.csv", "csv"))
    assert read_session_csv(tmp_path / "open.csv") == lines


def test_a_student_no_longer_on_the_roster_stays_in_the_old_register(store, course):
    each(store).students.unenrol(course.id, store.students.by_number("000").id)
    assert "000" in [line.student_id for line in export_lines(session_register(store, 1))]
    assert "000" not in [line.student_id for line in export_lines(session_register(store, 2))]


def test_json_has_the_same_lines_typed(register):
    document = json.loads(session_json(register, BOGOTA))
    assert document["course"] == {"code": "MATH-1", "title": "Mathematics"}
    assert document["session"]["unknown_people"] == 1
    line = next(mark for mark in document["marks"] if mark["student_id"] == "000")
    assert (line["name"], line["probability"], line["sightings"]) == ("=HYPERLINK(1)", 0.987654, 7)
    assert tuple(line) == (*COLUMNS, "arrived")


def test_xlsx_keeps_text_as_text_and_times_as_times(register):
    sheet = load_workbook(io.BytesIO(session_xlsx(register, BOGOTA))).active
    header, *rows = sheet.iter_rows()
    by_number = {row[3].value: row for row in rows}
    assert tuple(cell.value for cell in header) == COLUMNS
    assert (by_number["000"][4].value, by_number["000"][4].data_type) == ("=HYPERLINK(1)", "s")
    assert by_number["000"][2].value == datetime(2026, 3, 2, 3, 0)  # noqa: DTZ001 - spreadsheets know no zones
    assert by_number["002"][4].value == "محمد علي"


def test_the_matrix_counts_and_leaves_excused_out_of_the_share(store, course):
    matrix = course_matrix(store, course.id)
    rows = {row.student.number: row for row in matrix.rows}
    assert [session.id for session in matrix.sessions] == [1, 2]
    assert rows["000"].statuses == (Status.PRESENT, None)
    assert (rows["000"].attended, rows["006"].attended, rows["003"].attended) == (1.0, 1.0, 0.0)
    assert rows["001"].attended is None


def test_the_matrix_is_exported_as_csv_and_xlsx(store, course, tmp_path):
    matrix = course_matrix(store, course.id)
    (line,) = (row for row in rows_of(matrix_csv(matrix, BOGOTA)) if row["student_id"] == "006")
    assert line["2026-03-02T03:00:00-05:00"] == "late"
    assert (line["late"], line["attended"]) == ("1", "1.0")
    export_matrix(matrix, OutputFile(tmp_path / "m.xlsx", "xlsx"), BOGOTA)
    sheet = load_workbook(tmp_path / "m.xlsx").active
    assert (sheet.max_row, sheet.max_column) == (1 + len(NAMES), 2 + 2 + 5)


@given(st.text(alphabet="'=+-@\t\rab", max_size=6) | st.text(max_size=10))
def test_making_a_cell_safe_can_be_undone(text):
    assert plain_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
