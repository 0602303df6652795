"""``attendance report`` as a user types it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store.database import open_store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def run(tmp_path):
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def lesson(tmp_path, run):
    """One session by camera 0 and from photographs: one student found, one marked by hand."""
    for number in ("1", "2"):
        run("course", "add", f"C{number}")
    with open_store(tmp_path / "home") as store, store.write() as tx:
        course = tx.courses.by_code("C1")
        students = [tx.students.add(f"S{number}", f"Student {number}") for number in range(2)]
        for student in students:
            tx.enrolments.add(course.id, student.id)
        session = tx.sessions.open(course.id, NINE, timedelta(minutes=10))
        tx.sessions.note_source(session.id, KnownSource.of(SourceKind.CAMERA, "0"))
        tx.sessions.note_source(session.id, KnownSource.of(SourceKind.PHOTOGRAPHS))
        seen = Evidence(0.99, 3, 0.3, 1)
        tx.marks.record(
            [Mark(session.id, students[0].id, Status.PRESENT, MarkedBy.CAMERA, NINE, NINE, NINE, evidence=seen)]
        )
        tx.marks.set(session.id, students[1].id, Status.PRESENT, NINE)
        tx.sessions.close(session.id, NINE + timedelta(hours=1))


def test_the_camera_report_names_its_sources_and_gives_counts_with_intervals(run, lesson):
    shown = run("report", "camera", "C1")
    assert "camera 0 and photographs" in shown
    assert "1 of 2: 50.0% (" in shown
    (row,) = json.loads(run("report", "camera", "C1", "--json"))["sources"]
    assert row["sources"] == ["camera 0", "photographs"]
    assert (row["found"]["count"], row["by_hand"]["count"], row["wrong"]["of"]) == (1, 1, 1)
    low, high = row["found"]["interval"]
    assert 0 < low < 0.5 < high < 1


def test_a_course_without_sessions_by_camera_has_an_empty_report(run, lesson):
    assert run("report", "camera", "C2") == ""
    assert json.loads(run("report", "camera", "C2", "--json")) == {"course": "C2", "sources": []}


def test_the_camera_report_is_written_as_a_table(run, lesson, tmp_path):
    out = tmp_path / "camera.csv"
    run("report", "camera", "C1", "--out", str(out))
    assert out.read_text(encoding="utf-8-sig").splitlines()[1].startswith("C1,camera 0; photographs,1,2,1,1,0.5,")
