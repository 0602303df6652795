"""``attendance backup``, ``backups`` and ``restore`` as a user types them."""

import json

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.store.database import FILE_NAME, WINDOW_LOCK_NAME
from attendance_app.store.errors import NoSuchBackup, OpenElsewhere
from attendance_app.store.recording_lock import window_lock


@pytest.fixture
def run(tmp_path):
    """Run a command line on a home of its own; returns standard output, raises what the command raises."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def made(run) -> str:
    run("course", "add", "M1")
    run("student", "add", "1", "Ana Ruiz", "--course", "M1")
    return json.loads(run("backup", "--json"))["backup"]


def test_a_writing_command_leaves_a_backup_and_one_more_is_made_on_request(run, tmp_path):
    path = made(run)
    listed = json.loads(run("backups", "--json"))
    assert [(one["why"], one["students"], one["state"]) for one in listed] == [
        ("hand", 1, "whole"),
        ("day", 0, "whole"),
    ]
    assert listed[0]["backup"] in path
    table = run("backups")
    assert "asked for" in table
    assert "by itself" in table


def test_a_copy_goes_where_the_user_wants_it(run, tmp_path):
    made(run)
    (tmp_path / "stick").mkdir()
    said = run("backup", "--to", str(tmp_path / "stick"))
    (copy,) = (tmp_path / "stick").iterdir()
    assert str(copy) in said
    assert "1 courses, 1 students, 0 sessions, 0 marks" in said


def test_a_dry_run_says_what_would_change_and_changes_nothing(run):
    path = made(run)
    run("student", "add", "2", "Bo Larsen", "--course", "M1")
    said = run("restore", path, "--dry-run")
    assert "students: 1 vanish: 2 Bo Larsen" in said
    assert "Nothing was changed" in said
    assert "Bo Larsen" in run("student", "list")


def test_a_restore_can_be_taken_back(run):
    path = made(run)
    run("student", "add", "2", "Bo Larsen", "--course", "M1")
    back = json.loads(run("restore", path, "--json"))
    assert back["differences"]["students"] == {"back": [], "gone": ["2 Bo Larsen"], "changed": 0}
    assert "Bo Larsen" not in run("student", "list")
    assert f"attendance restore {back['kept']}" not in run("restore", back["kept"])
    assert "Bo Larsen" in run("student", "list")


def test_restoring_needs_the_window_closed(run, tmp_path):
    path = made(run)
    with window_lock(tmp_path / "home" / WINDOW_LOCK_NAME), pytest.raises(OpenElsewhere):
        run("restore", path)


def test_a_damaged_register_is_put_aside(run, tmp_path):
    made(run)
    (tmp_path / "home" / FILE_NAME).write_bytes(b"nothing that a program knows" * 300)
    assert "put aside" in run("restore", "latest")
    assert "Ana Ruiz" in run("student", "list")


def test_a_name_that_is_none(run):
    with pytest.raises(NoSuchBackup):
        run("restore", "yesterday")


def test_erasing_says_where_backups_are_out_of_reach(run, tmp_path):
    made(run)
    run("settings", "set", "backup_folder", str(tmp_path / "stick"))
    assert f"The backups in {tmp_path / 'stick'} are out of reach" in run("student", "erase", "1", "--confirm", "1")
    run("settings", "set", "backup_folder", "")
    run("student", "add", "2", "Bo Larsen")
    assert "out of reach" not in run("student", "erase", "2", "--confirm", "2")


def test_a_second_place_that_is_missing_is_said_with_its_remedy(run, tmp_path):
    made(run)
    run("settings", "set", "backup_folder", str(tmp_path / "stick"))
    assert "Connect its disk" in run("backup")
    assert "(not connected)" in run("backups")
