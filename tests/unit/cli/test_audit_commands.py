"""``attendance audit`` as a user types it."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from attendance_app.cli.main import app
from attendance_app.store import driver
from attendance_app.store.database import FILE_NAME


def told(home: Path, *arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["--home", str(home), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A course of one student with a session by hand."""
    folder = tmp_path / "home"
    told(folder, "course", "add", "M1")
    told(folder, "student", "add", "1", "Ana Ruiz", "--course", "M1")
    told(folder, "session", "add", "M1", "--start", "2026-03-02T08:00")
    told(folder, "session", "mark", "1", "1", "late", "--remark", "bus")
    return folder


def test_a_whole_trail_is_said_with_its_last_hash(home: Path) -> None:
    said = told(home, "audit", "verify").output
    document = json.loads(told(home, "audit", "verify", "--json").output)

    assert "whole." in said
    assert f"Last hash: {document['hash']}" in said
    assert document["problems"] == []
    told(home, "audit", "verify", "--expect", document["hash"])


def test_a_mark_that_another_program_changed_is_named(home: Path) -> None:
    with closing(driver.connect(home / FILE_NAME)) as connection:
        connection.execute("UPDATE mark SET status = 'present'")
        connection.commit()
    said = told(home, "audit", "verify", status=1).output

    assert "The register has something else for Mark 1 of session 1 than record" in said
    assert "not as they were written" in said


def test_a_trail_without_the_expected_hash_is_another_one(home: Path) -> None:
    said = told(home, "audit", "verify", "--expect", "0" * 64, status=1).output
    assert "the trail is not the one of that check" in said


def test_a_sessions_changes_are_listed_with_what_they_changed(home: Path) -> None:
    entries = json.loads(told(home, "audit", "list", "--session", "1", "--json").output)
    mark = [one for one in entries if one["what"] == "mark"][-1]
    assert (mark["after"]["status"], mark["after"]["remark"]) == ("late", "bus")


def test_people_read_what_was_before_and_after_in_words(home: Path) -> None:
    told(home, "session", "mark", "1", "1", "present")
    of_session = told(home, "audit", "list", "--session", "1").output
    of_student = told(home, "audit", "list", "--student", "1").output

    assert "Mark of Ana Ruiz" in of_session
    assert "Late → Present, by the teacher" in of_session
    assert "Mark, M1, 2026-03-02 08:00" in of_student
    assert "Place on the list of M1" in of_student


def test_an_erasure_says_the_number_of_its_record(home: Path) -> None:
    said = told(home, "student", "erase", "1", "--confirm", "1").output
    last = json.loads(told(home, "audit", "list", "--last", "1", "--json").output)[0]

    assert last["action"] == "erase"
    assert f"Proof: record {last['record']} of the audit trail" in said


def test_exports_and_settings_are_recorded_without_names(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "Ana Ruiz.csv"
    told(home, "session", "export", "1", "--out", str(out))
    told(home, "settings", "set", "theme", "dark")
    export, settings = json.loads(told(home, "audit", "list", "--last", "2", "--json").output)

    assert export["action"] == "export"
    assert export["detail"]["kind"] == "csv"
    assert "Ana" not in json.dumps(export)
    assert settings["detail"] == {"changed": ["theme"]}


def test_every_command_that_writes_a_file_of_the_register_records_it(home: Path, tmp_path: Path) -> None:
    commands = (
        ("session", "export", "1"),
        ("session", "moodle", "1"),
        ("course", "export", "M1"),
        ("roster", "export", "--course", "M1"),
        ("student", "report", "1", "--course", "M1"),
        ("report", "course", "M1"),
        ("report", "camera", "M1"),
    )
    for number, command in enumerate(commands):
        told(home, *command, "--out", str(tmp_path / f"{number}.csv"))
    recorded = json.loads(told(home, "audit", "list", "--last", str(len(commands)), "--json").output)

    assert [one["action"] for one in recorded] == ["export"] * len(commands)
    assert all(len(one["detail"]["sha256"]) == 64 for one in recorded)


def test_session_and_student_are_not_asked_for_together(home: Path) -> None:
    told(home, "audit", "list", "--session", "1", "--student", "1", status=2)


def test_the_records_are_listed_for_people(home: Path) -> None:
    said = told(home, "audit", "list").output
    assert "begin" in said
    assert "change" in said
