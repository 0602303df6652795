"""``attendance course``, ``roster`` and ``student`` as a user types them."""

import csv
import json
import shutil

import pytest
from PIL import Image
from sqlalchemy import Engine, event
from typer.testing import CliRunner

from attendance_app.cli.errors import ConfirmationDiffers
from attendance_app.cli.main import app
from attendance_app.config.paths import bundled
from attendance_app.services.errors import NotInCourse
from attendance_app.services.output.errors import EndingUnknown
from attendance_app.store.errors import CourseExists, NoSuchStudent


@pytest.fixture
def run(tmp_path):
    """Run a command line on a home of its own; returns standard output, raises what the command raises."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def class_list(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Matrícula;Nombre\n007;José Núñez\n008;Ana\n;Nobody\n", encoding="utf-8")
    return path


def test_courses_are_added_renamed_archived_and_listed(run):
    run("course", "add", "M1", "--title", "Maths")
    run("course", "rename", "M1", "--title", "Mathematics")
    assert json.loads(run("course", "list", "--json")) == [
        {"code": "M1", "title": "Mathematics", "archived": False, "students": 0, "sessions": 0, "order": "family_name"}
    ]
    run("course", "archive", "M1")
    assert json.loads(run("course", "list", "--json")) == []
    run("course", "archive", "M1", "--undo")
    assert "M1" in run("course", "list")


def test_a_course_added_twice_is_a_known_error(run):
    run("course", "add", "M1")
    with pytest.raises(CourseExists, match="M1"):
        run("course", "add", "M1")


def test_a_list_is_previewed_then_imported_and_twice_changes_nothing(run, class_list):
    run("course", "add", "M1")
    preview = json.loads(run("roster", "import", str(class_list), "--course", "M1", "--dry-run", "--json"))
    assert preview["columns"] == {"number": "Matrícula", "name": "Nombre"}
    assert preview["counts"] == {"add": 2, "enrol": 0, "change": 0, "unchanged": 0, "skip": 1}
    assert json.loads(run("roster", "list", "--course", "M1", "--json")) == []

    assert "2 add" in run("roster", "import", str(class_list), "--course", "M1")
    assert "2 unchanged" in run("roster", "import", str(class_list), "--course", "M1")
    assert [s["student_id"] for s in json.loads(run("roster", "list", "--course", "M1", "--json"))] == ["008", "007"]


def test_a_course_is_listed_in_the_order_that_is_chosen(run):
    run("course", "add", "M1")
    run("student", "add", "7", "--family", "Ñáñez", "--given", "Ana", "--course", "M1", "--list-number", "3")
    run("student", "add", "8", "--family", "Núñez", "--given", "Zoe", "--course", "M1")
    run("student", "edit", "8", "--course", "M1", "--list-number", "12")
    run("student", "edit", "8", "--family", "Nuñez")

    def listed(*command):
        return [student["student_id"] for student in json.loads(run(*command, "--course", "M1", "--json"))]

    for order, numbers in (("family_name", ["8", "7"]), ("given_name", ["7", "8"]), ("list_number", ["7", "8"])):
        assert order.replace("_", " ") in run("course", "order", "M1", order)
        assert listed("roster", "list") == listed("student", "list") == numbers
    text = run("roster", "list", "--course", "M1")
    assert text.index("3     7         Ñáñez, Ana") < text.index("12    8         Nuñez, Zoe")
    assert "Nuñez, Zoe" in run("student", "list")
    run("student", "edit", "8", "--course", "M1", "--list-number", "0")
    (last,) = [s for s in json.loads(run("roster", "list", "--course", "M1", "--json")) if s["student_id"] == "8"]
    assert (last["list_number"], last["name"], last["family_name"]) == (None, "Zoe Nuñez", "Nuñez")


def test_a_list_number_without_its_course_is_refused(run):
    run("student", "add", "7", "Ana")
    for command in (("add", "8", "Eva", "--list-number", "2"), ("edit", "7", "--list-number", "2")):
        with pytest.raises(AssertionError, match="--course"):
            run("student", *command)


@pytest.mark.parametrize(
    ("name", "options"),
    [("list.csv", ()), ("list.xlsx", ("--language", "es")), ("list.zip", ("--for", "oneroster"))],
)
def test_a_list_is_exported_and_comes_back_unchanged(run, tmp_path, name, options):
    run("course", "add", "M1")
    run("student", "add", "7", "--family", "Ñáñez", "--given", "Ana", "--course", "M1", "--list-number", "3")
    out = tmp_path / name
    run("roster", "export", "--course", "M1", "--out", str(out), *options)
    document = json.loads(run("roster", "import", str(out), "--course", "M1", "--json"))
    assert document["counts"]["unchanged"] == len(document["lines"]) == 1
    assert document["lines"][0]["list_number"] == (None if options == ("--for", "oneroster") else 3)


def test_a_school_system_s_file_has_its_ending(run, tmp_path):
    run("course", "add", "M1")
    with pytest.raises(EndingUnknown):
        run("roster", "export", "--course", "M1", "--for", "canvas", "--out", str(tmp_path / "l.csv"))


def test_past_attendance_comes_in_by_command(run, tmp_path):
    run("course", "add", "M1")
    run("student", "add", "7", "Ana", "--course", "M1")
    table = tmp_path / "old.csv"
    table.write_text("ID;2026-03-02;2026-03-03\n7;A;x\n9;A;A\n", encoding="utf-8")
    command = ("session", "import", str(table), "--course", "M1", "--status", "A=present")
    preview = json.loads(run(*command, "--dry-run", "--json"))
    assert (preview["new_sessions"], preview["new_marks"], len(preview["left_out"])) == (1, 1, 2)
    assert json.loads(run("session", "list", "--json")) == []
    done = run(*command, "--at", "09:30")
    assert "2026-03-02 09:30: 1 marks, new session." in done
    assert "Left out: line 2 column 3, x: no status that is known." in done
    assert "0 new sessions, 0 marks, 1 as they are" in run(*command)
    for wrong in (("--at", "noon"), ("--status", "A=here")):
        with pytest.raises(AssertionError, match="write"):
            run(*command, *wrong)


def test_columns_are_mapped_by_hand(run, tmp_path):
    run("course", "add", "M1")
    (tmp_path / "l.csv").write_text("clave,quien\n1,Ana\n")
    done = run(
        *("roster", "import", str(tmp_path / "l.csv"), "--course", "M1", "--map", "number=clave", "--map", "name=2"),
        "--json",
    )
    assert [line["name"] for line in json.loads(done)["lines"]] == ["Ana"]


def test_a_student_is_shown_with_consent_and_erased_only_when_confirmed(run):
    run("course", "add", "M1")
    run("student", "add", "S01", "Student 01", "--course", "M1")
    run("student", "consent", "record", "S01", "--ground", "parent form")
    shown = json.loads(run("student", "show", "S01", "--json"))
    assert (shown["consent"], shown["courses"], shown["marks"]) == ("parent form", "M1", [])
    assert "consent: parent form" in run("student", "show", "S01")
    assert "0 face templates deleted" in run("student", "consent", "withdraw", "S01")

    with pytest.raises(ConfirmationDiffers):
        run("student", "erase", "S01", "--confirm", "S02")
    assert run("student", "erasures", "--json") == "[]\n"
    erased = json.loads(run("student", "erase", "S01", "--confirm", "S01", "--json"))
    assert erased["consents"] == 1
    record = erased.pop("audit_record")
    assert json.loads(run("student", "erasures", "--json")) == [erased]
    (proof,) = [one for one in json.loads(run("audit", "list", "--last", "5", "--json")) if one["action"] == "erase"]
    assert proof["record"] == record
    assert "S01" not in run("student", "erasures")
    with pytest.raises(NoSuchStudent, match="S01"):
        run("student", "show", "S01")


def test_thousands_of_students_are_listed_by_course_not_one_by_one(run, tmp_path):
    rows = "".join(f"{number};Student {number}\n" for number in range(3000))
    (tmp_path / "many.csv").write_text(f"id;name\n{rows}")
    run("course", "add", "M1")
    run("roster", "import", str(tmp_path / "many.csv"), "--course", "M1")
    run("student", "add", "alone", "Eva")
    run("student", "consent", "record", "alone", "--ground", "form")
    run("student", "consent", "record", "7", "--ground", "form")
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        listed = {one["student_id"]: one for one in json.loads(run("student", "list", "--json"))}
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(seen) < 100
    assert len(listed) == 3001
    assert [listed[number]["courses"] for number in ("7", "alone")] == ["M1", ""]
    assert [listed[number]["consent"] for number in ("7", "8", "alone")] == ["form", None, "form"]


def test_students_are_searched_by_course_and_archived(run, class_list):
    run("course", "add", "M1")
    run("student", "add", "X", "Elsewhere")
    run("roster", "import", str(class_list), "--course", "M1")
    assert [s["student_id"] for s in json.loads(run("student", "list", "--search", "nunez", "--json"))] == ["007"]
    assert len(json.loads(run("student", "list", "--course", "M1", "--json"))) == 2
    run("student", "archive", "007")
    assert len(json.loads(run("student", "list", "--course", "M1", "--json"))) == 1
    assert len(json.loads(run("student", "list", "--course", "M1", "--archived", "--json"))) == 2


def test_a_course_is_exported(run, class_list, tmp_path):
    run("course", "add", "M1")
    run("roster", "import", str(class_list), "--course", "M1")
    for number, options in enumerate([["--machine"], ["--language", "en"], ["--language", "es"]]):
        run("course", "export", "M1", "--out", str(tmp_path / f"{number}.csv"), *options)
        with (tmp_path / f"{number}.csv").open(encoding="utf-8-sig", newline="") as file:
            column = ("name", "Name", "Nombre")[number]
            assert [row[column] for row in csv.DictReader(file)] == ["Ana", "José Núñez"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_student_s_report_is_written_as_pdf(run, class_list, tmp_path, language):
    run("course", "add", "M1")
    run("roster", "import", str(class_list), "--course", "M1")
    out = tmp_path / "ana.pdf"
    run("student", "report", "008", "--course", "M1", "--out", str(out), "--language", language)
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_report_of_a_student_who_is_not_in_the_course_is_refused(run, tmp_path):
    run("course", "add", "M1")
    run("student", "add", "X", "Elsewhere")
    with pytest.raises(NotInCourse, match="Elsewhere"):
        run("student", "report", "X", "--course", "M1", "--out", str(tmp_path / "x.pdf"))


def test_photos_of_small_faces_are_enrolled_and_listed_as_weak(run, tmp_path):
    crops = tmp_path / "crops"
    crops.mkdir()
    photos = bundled("resources") / "demo" / "photos"
    for number in ("S01", "S03"):
        photo = Image.open(photos / number / "1.jpg")
        # Faces of 150 pixels become faces of 24.
        photo.resize((photo.width * 24 // 150, photo.height * 24 // 150)).save(crops / f"{number}.png")
    run("course", "add", "M1")
    enrol = ("--course", "M1", "--create-missing", "--consent", "forms")
    said = run("enrol", str(crops), *enrol)
    assert "S01.png: enrolled as weak (small face: 22 pixels)" in said
    assert "2 of 2 files enrolled, 2 of them weak." in said
    shutil.copy(photos / "S01" / "2.jpg", crops / "S01.png")
    assert "Weak photos replaced by better ones: 1." in run("enrol", str(crops / "S01.png"), *enrol)
    assert "1 (weak)" in run("student", "list")
    listed = {one["student_id"]: one for one in json.loads(run("student", "list", "--json"))}
    assert [(listed[one]["photos"], listed[one]["weak_photos"]) for one in ("S01", "S03")] == [(1, False), (1, True)]
    (template,) = json.loads(run("student", "show", "S03", "--json"))["templates"]
    assert (template["weak"], template["face_px"] < 30) == (True, True)


def test_a_pdf_leaves_no_application_of_qt_behind(run, class_list, tmp_path):
    from PySide6.QtCore import QCoreApplication

    run("course", "add", "M1")
    run("roster", "import", str(class_list), "--course", "M1")
    before = QCoreApplication.instance()
    run("student", "report", "008", "--course", "M1", "--out", str(tmp_path / "one.pdf"))
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    # One would keep a window from starting in this process.
    assert QCoreApplication.instance() is before
