"""A register goes out, is changed and comes back: what is written, what is shown, what is left alone."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from single_writes import each

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import RosterEntry, tidy
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.errors import (
    NoRegisterInTable,
    NoVersionInRegister,
    RegisterElsewhere,
    SeveralRegisters,
)
from attendance_app.services.exports import session_csv, session_xlsx
from attendance_app.services.registers import session_register
from attendance_app.services.sheets.corrected_register import read_corrected
from attendance_app.services.sheets.corrections import CorrectionReason, apply_corrections, plan_corrections
from attendance_app.services.sheets.files import sheet_csv
from attendance_app.services.sheets.registers import register_sheet
from attendance_app.services.sheets.workbook import sheet_xlsx
from attendance_app.services.tables.reading import read_table
from attendance_app.services.tables.table import Problem
from attendance_app.store.database import open_store
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

BOGOTA = ZoneInfo("America/Bogota")
START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
LATER = START + timedelta(hours=3)
WORDS = {language: sheet_words(translate_to(language)) for language in ("en", "es")}
KINDS = ("people.csv", "people.xlsx", "machine.csv", "machine.xlsx")


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("MATE", "Matemáticas")
        entries = [
            RosterEntry("007", "Íñigo Peña", "", "Peña", "Íñigo"),
            RosterEntry("12", "=1+1 Díaz", "", "Díaz", "=1+1"),
            RosterEntry("S3", "Ana Núñez", "", "Núñez", "Ana"),
            RosterEntry("S4", "Eva Ruiz", "", "Ruiz", "Eva"),
        ]
        with opened.write() as tx:
            tx.students.put_roster(course.id, entries)
        ids = {student.number: student.id for student in opened.students.of_course(course.id)}
        session = each(opened).sessions.open(course.id, START, timedelta(minutes=10))
        seen = START + timedelta(minutes=12, seconds=30, microseconds=250)
        proof = Evidence(0.99, 5, 0.3, 1)
        each(opened).marks.record(
            Mark(session.id, ids["007"], Status.LATE, MarkedBy.CAMERA, seen, seen, seen, proof),
        )
        each(opened).marks.set_by_teacher(session.id, ids["12"], Status.EXCUSED, seen, "=doctor; back at 10")
        each(opened).sessions.close(session.id, START + timedelta(minutes=50), 1)
        yield opened


def exported(store, kind, language="en"):
    register = session_register(store, 1)
    return {
        "people.csv": lambda: sheet_csv(register_sheet(register, WORDS[language], BOGOTA), ";"),
        "people.xlsx": lambda: sheet_xlsx(register_sheet(register, WORDS[language], BOGOTA)),
        "machine.csv": lambda: session_csv(register, BOGOTA),
        "machine.xlsx": lambda: session_xlsx(register, BOGOTA),
    }[kind]()


def table_of(folder, content, name):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


def planned(store, folder, content, name):
    corrected = read_corrected(table_of(folder, content, name), list(WORDS.values()))
    return plan_corrections(store, corrected, BOGOTA)


def taken(store, plan, at=LATER):
    with store.write() as tx:
        written = apply_corrections(tx, plan, at=at)
        tx.offer_undo("corrected", at)
    return written, tx.changes.operation


def changed(content, name, number, **values):
    """The file with other cells in a student's line, found by the titles, as somebody would type them."""
    if name.endswith(".xlsx"):
        book = load_workbook(io.BytesIO(content))
        page = book.active
        rows = [list(row) for row in page.iter_rows()]
        head = next(row for row in rows if any(cell.value in {"Status", "Asistencia", "status"} for cell in row))
        titles = [cell.value for cell in head]
        line = next(row for row in rows if number in [cell.value for cell in row])
        for title, value in values.items():
            line[titles.index(title)].value = value
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    separator = ";" if name == "people.csv" else ","
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))
    line = next(row for row in rows if number in row)
    for title, value in values.items():
        line[rows[0].index(title)] = value
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return ("\ufeff" + text.getvalue()).encode()


def titles(kind, language):
    words = WORDS[language]
    return ("status", "remark") if kind.startswith("machine") else (words.status, words.remark)


def marks(store):
    numbers = {student.id: student.number for student in store.students.all()}
    return {numbers[mark.student_id]: mark for mark in store.marks.of_session(1)}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_register_that_comes_back_as_it_was_changes_nothing(store, tmp_path, kind, language):
    plan = planned(store, tmp_path, exported(store, kind, language), kind)
    assert (plan.changes, plan.conflicts, plan.left_out, plan.unchanged) == ((), (), (), 4)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_changed_is_written_with_history_and_undo(store, tmp_path, kind, language):
    status, remark = titles(kind, language)
    word = "excused" if kind.startswith("machine") else WORDS[language].statuses[Status.EXCUSED]
    content = changed(exported(store, kind, language), kind, "S3", **{status: word, remark: "bus"})
    before = marks(store)
    plan = planned(store, tmp_path, content, kind)
    assert [(one.student.number, one.wanted.status) for one in plan.changes] == [("S3", Status.EXCUSED)]
    assert (plan.conflicts, plan.left_out, plan.unchanged) == ((), (), 3)
    written, operation = taken(store, plan)
    after = marks(store)
    assert written == 1
    assert (after["S3"].status, after["S3"].remark, after["S3"].marked_by) == (Status.EXCUSED, "bus", MarkedBy.TEACHER)
    assert {number for number in after if after[number] != before[number]} == {"S3"}
    assert [(one.old, one.new) for one in store.marks.history(1, after["S3"].student_id)][-1] == (
        Status.ABSENT,
        Status.EXCUSED,
    )
    store.undo(operation, LATER)
    assert marks(store) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_that_was_changed_since_is_a_conflict_and_stays(store, tmp_path, kind):
    status, _ = titles(kind, "en")
    word = "present" if kind.startswith("machine") else "Present"
    content = changed(exported(store, kind), kind, "S3", **{status: word})
    # Its own change, not the file's: the line of S4 comes back as it was exported.
    for number, now in (("S3", Status.EXCUSED), ("S4", Status.LATE)):
        each(store).marks.set_by_teacher(1, store.students.by_number(number).id, now, LATER)
    plan = planned(store, tmp_path, content, kind)
    assert [(one.student.number, one.before.status, one.wanted.status) for one in plan.conflicts] == [
        ("S3", Status.EXCUSED, Status.PRESENT)
    ]
    assert (plan.changes, plan.unchanged) == ((), 3)
    before = marks(store)
    assert taken(store, plan)[0] == 0
    assert marks(store) == before


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_changed_to_the_same_is_no_conflict(store, tmp_path, kind):
    status, _ = titles(kind, "en")
    content = changed(exported(store, kind), kind, "S3", **{status: "present"})
    each(store).marks.set_by_teacher(1, store.students.by_number("S3").id, Status.PRESENT, LATER)
    plan = planned(store, tmp_path, content, kind)
    assert (plan.changes, plan.conflicts, plan.unchanged) == ((), (), 4)


def test_a_mark_changed_between_preview_and_import_stays(store, tmp_path):
    content = changed(exported(store, "people.csv"), "people.csv", "S3", Status="Present")
    plan = planned(store, tmp_path, content, "people.csv")
    each(store).marks.set_by_teacher(1, store.students.by_number("S3").id, Status.EXCUSED, LATER)
    assert taken(store, plan)[0] == 0
    assert marks(store)["S3"].status is Status.EXCUSED


@pytest.mark.parametrize(("typed", "minutes"), [("8:20", 20), ("08:20:00", 20), ("8.05", 5)])
def test_a_time_of_arrival_comes_back_and_who_is_absent_has_none(store, tmp_path, typed, minutes):
    content = changed(exported(store, "people.csv"), "people.csv", "007", Arrived=typed)
    content = changed(content, "people.csv", "S3", Arrived="8:30")
    plan = planned(store, tmp_path, content, "people.csv")
    taken(store, plan)
    assert marks(store)["007"].arrival == START + timedelta(minutes=minutes)
    assert (len(plan.changes), marks(store)["S3"].arrival) == (1, None)


def test_an_arrival_that_was_typed_here_since_is_not_overwritten(store, tmp_path):
    content = changed(exported(store, "people.csv"), "people.csv", "007", Arrived="8:20")
    student = store.students.by_number("007")
    with store.write() as tx:
        tx.marks.set(1, student.id, Status.LATE, LATER, arrived_at=START + timedelta(minutes=15))
    plan = planned(store, tmp_path, content, "people.csv")
    assert ([one.student.number for one in plan.conflicts], plan.changes) == (["007"], ())


def test_letters_and_other_words_are_understood_and_zeros_that_a_spreadsheet_took_away(store, tmp_path):
    content = exported(store, "people.csv", "es").decode("utf-8-sig").replace("007;", "7;").encode()
    content = changed(content, "people.csv", "7", Asistencia="p")
    content = changed(content, "people.csv", "S3", Asistencia="JUSTIFICADA")
    plan = planned(store, tmp_path, content, "people.csv")
    assert {one.student.number: one.wanted.status for one in plan.changes} == {
        "007": Status.PRESENT,
        "S3": Status.EXCUSED,
    }


def test_a_register_of_who_has_no_mark_yet_can_be_filled_in(store, tmp_path):
    course = store.courses.by_code("MATE")
    session = each(store).sessions.open(course.id, START + timedelta(days=1), timedelta(minutes=10))
    register = session_register(store, session.id)
    content = sheet_csv(register_sheet(register, WORDS["en"], BOGOTA), ";")
    content = changed(content, "people.csv", "S4", Status="Late", Arrived="8:14")
    plan = planned(store, tmp_path, content, "people.csv")
    taken(store, plan)
    (mark,) = store.marks.of_session(session.id)
    assert (mark.status, mark.arrival) == (Status.LATE, session.started_at + timedelta(minutes=14))
    assert plan.unchanged == 3


PEOPLE = (
    "Student number;Family name;Given name;Status;Arrived;Minutes late;Marked by;Remark;Version\n"
    "007;Peña;Íñigo;Late;08:12;12;Camera;;1v4\n"
    "12;Díaz;'=1+1;Excused;;;Teacher;\"'=doctor; back at 10\";1v4\n"
)
LINE = "S3;Núñez;Ana;Absent;;;End of session;;1v4\n"
MACHINE = "course,session_id,session_started,student_id,name,status,marked_by,marked_at,remark\n"
BROKEN_FILES = {
    "empty": "",
    "blank lines": "\n\n\n",
    "one word": "hello",
    "other table": "a;b\n1;2\n",
    "a list of students": "Student number;Name\nS3;Ana\n",
    "the header alone without a version": PEOPLE.split("\n", 1)[0],
    "no header": LINE,
    "no status column": PEOPLE.replace("Status", "Estate"),
    "no number column": PEOPLE.replace("Student number", "Nr"),
    "no version": PEOPLE.replace("1v4", ""),
    "a version without a session": PEOPLE.replace("1v4", "v4"),
    "a version made a number": PEOPLE.replace("1v4", "1.4"),
    "a version far too long": PEOPLE.replace("1v4", "1" * 40 + "v4"),
    "two versions": PEOPLE + LINE.replace("1v4", "2v9"),
    "another session": PEOPLE.replace("1v4", "77v4"),
    "session zero": PEOPLE.replace("1v4", "0v0"),
    "nobody of this course": PEOPLE.split("\n", 1)[0] + "\nX1;A;B;Late;;;;;1v4\nX2;A;B;Late;;;;;1v4\n",
    "binary": b"\x00\x01\x02\x03" * 50,
    "a cut workbook": b"PK\x03\x04" + b"\x00" * 60,
    "a PDF": b"%PDF-1.4 not a table",
    "a web page": "<html><table><tr><td>Status</td></tr></table></html>",
    "an unclosed quotation mark": PEOPLE + 'S3;Núñez;"Ana;Absent;;;;;1v4\n',
    "machine, two sessions": MACHINE + "M,1,t,S3,Ana,late,,,\nM,2,t,S4,Eva,late,,,\n",
    "machine, no session": MACHINE + "M,,t,S3,Ana,late,,,\n",
    "machine, session in words": MACHINE + "M,one,t,S3,Ana,late,,,\n",
    "machine, session negative": MACHINE + "M,-1,t,S3,Ana,late,,,\n",
    "machine, no lines": MACHINE,
}
LINES = {
    "unknown word": (LINE.replace("Absent", "ill"), CorrectionReason.UNKNOWN_WORD),
    "a formula for a status": (LINE.replace("Absent", "=1+1"), CorrectionReason.UNKNOWN_WORD),
    "a number for a status": (LINE.replace("Absent", "1"), CorrectionReason.UNKNOWN_WORD),
    "status emptied": (LINE.replace("Absent", ""), CorrectionReason.STATUS_EMPTY),
    "status of spaces": (LINE.replace("Absent", "   "), CorrectionReason.STATUS_EMPTY),
    "somebody else's number": (LINE.replace("S3", "S4"), CorrectionReason.NAME_DIFFERS),
    "names sorted apart": (LINE.replace("Núñez;Ana", "Ruiz;Eva"), CorrectionReason.NAME_DIFFERS),
    "one letter of the name": (LINE.replace("Ana", "Anna"), CorrectionReason.NAME_DIFFERS),
    "unknown number": (LINE.replace("S3", "S99"), CorrectionReason.NOT_IN_REGISTER),
    "number with a space inside": (LINE.replace("S3", "S 3"), CorrectionReason.NOT_IN_REGISTER),
    "twice": (LINE + LINE.replace("Absent", "Present"), CorrectionReason.TWICE),
    "three times": (LINE * 3, CorrectionReason.TWICE),
    "no time of day": (LINE.replace("Absent;", "Late;soon"), CorrectionReason.ARRIVAL),
    "25 o'clock": (LINE.replace("Absent;", "Late;25:10"), CorrectionReason.ARRIVAL),
    "a date for a time": (LINE.replace("Absent;", "Late;2026-03-02"), CorrectionReason.ARRIVAL),
    "the night before": (LINE.replace("Absent;", "Late;03:00"), CorrectionReason.ARRIVAL),
    "a remark without end": (LINE.replace("session;", f"session;{'x' * 2001}"), CorrectionReason.REMARK_TOO_LONG),
    "Excel's short number": (LINE.replace("S3", "1.23E+15"), Problem.SHORTENED),
    "an error in the cell": (LINE.replace("Absent", "#REF!"), Problem.ERROR),
}


def test_there_are_enough_broken_files():
    assert len(BROKEN_FILES) + len(LINES) >= 40


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_broken_file_is_refused_with_words_and_the_register_stays(store, tmp_path, name):
    before = marks(store), store.marks.history(1)
    with pytest.raises(KnownError) as refused:
        planned(store, tmp_path, BROKEN_FILES[name], "broken.csv")
    assert type(refused.value) is not KnownError
    assert (marks(store), store.marks.history(1)) == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("other table", NoRegisterInTable),
        ("no version", NoVersionInRegister),
        ("two versions", SeveralRegisters),
        ("another session", RegisterElsewhere),
        ("nobody of this course", RegisterElsewhere),
        ("machine, two sessions", SeveralRegisters),
    ],
)
def test_each_kind_of_broken_file_has_its_own_error(store, tmp_path, name, kind):
    with pytest.raises(kind):
        planned(store, tmp_path, BROKEN_FILES[name], "broken.csv")


@pytest.mark.parametrize("name", LINES)
def test_a_broken_line_is_named_by_its_row_and_the_others_come_in(store, tmp_path, name):
    line, reason = LINES[name]
    content = PEOPLE.replace("Peña;Íñigo;Late", "Peña;Íñigo;Present") + line
    plan = planned(store, tmp_path, content, "register.csv")
    assert [one.student.number for one in plan.changes] == ["007"]
    assert {(one.reason, one.row >= 4) for one in plan.left_out} == {(reason, True)}
    taken(store, plan)
    assert (marks(store)["007"].status, marks(store)["S3"].status) == (Status.PRESENT, Status.ABSENT)


def test_a_remark_without_a_status_and_a_time_that_cannot_be_read_are_named(store, tmp_path):
    course = store.courses.by_code("MATE")
    session = each(store).sessions.open(course.id, START + timedelta(days=1), timedelta(minutes=10))
    blank = LINE.replace("Absent;;;End of session;", ";;;;bus").replace("1v4", f"{session.id}v0")
    plan = planned(store, tmp_path, PEOPLE.split("\n", 1)[0] + "\n" + blank, "register.csv")
    assert [one.reason for one in plan.left_out] == [CorrectionReason.REMARK_ALONE]
    content = changed(exported(store, "machine.csv"), "machine.csv", "S3", marked_at="yesterday", status="present")
    plan = planned(store, tmp_path, content, "machine.csv")
    assert [one.reason for one in plan.left_out] == [CorrectionReason.TIME_OF_MARK]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(max_examples=24, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wanted=st.dictionaries(st.sampled_from(["007", "12", "S3", "S4"]), st.tuples(st.sampled_from(Status), TEXTS)),
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(["en", "es"]),
    seed=st.integers(0, 9),
)
def test_whatever_is_typed_comes_back_as_it_was_typed(tmp_path_factory, wanted, kind, language, seed):
    """In any order of lines, in both languages and all kinds of files."""
    folder = tmp_path_factory.mktemp("round")
    with open_store(folder / "home") as store:
        course = each(store).courses.add("MATE", "")
        entries = [RosterEntry(number, f"Name {number}", "") for number in ("007", "12", "S3", "S4")]
        with store.write() as tx:
            tx.students.put_roster(course.id, entries)
        session = each(store).sessions.open(course.id, START, timedelta(minutes=10))
        each(store).sessions.close(session.id, START + timedelta(minutes=50))
        status_title, remark_title = titles(kind, language)
        content = exported(store, kind, language)
        if kind in {"people.xlsx", "machine.xlsx"}:
            wanted = {number: (status, _as_cell(text)) for number, (status, text) in wanted.items()}
        for number, (status, text) in wanted.items():
            word = status.value if kind.startswith("machine") else WORDS[language].statuses[status]
            content = changed(content, kind, number, **{status_title: word, remark_title: text})
        if kind.endswith(".csv"):
            head, *lines = content.decode("utf-8-sig").splitlines(keepends=True)
            if not any("\r" in text or "\n" in text for _, text in wanted.values()) and len(lines) == 4:
                random.Random(seed).shuffle(lines)
                content = ("\ufeff" + head + "".join(lines)).encode()
        table = table_of(folder, content, kind)
        plan = plan_corrections(store, read_corrected(table, list(WORDS.values())), BOGOTA)
        assert (plan.conflicts, plan.left_out) == ((), ())
        taken(store, plan)
        found = marks(store)
        for number, (status, text) in wanted.items():
            assert found[number].status is status
            assert found[number].remark == tidy(_typed(text))
        again = planned(store, folder, exported(store, kind, language), kind)
        assert (again.changes, again.conflicts, again.left_out) == ((), (), ())


def _as_cell(text):
    """Without the signs that a workbook can't hold; a formula would be one there too."""
    return "".join(sign for sign in text if sign.isprintable()).lstrip("=")


def _typed(text):
    from attendance_app.services.tables.safe_text import plain_cell

    return plain_cell(text.strip())
