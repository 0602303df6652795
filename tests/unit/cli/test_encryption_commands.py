"""``attendance data`` and ``unlock`` as a user types them."""

import json

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.store import key_store
from attendance_app.store.database import FILE_NAME, WINDOW_LOCK_NAME
from attendance_app.store.driver import key_name_of
from attendance_app.store.errors import (
    NoRecoveryKey,
    OpenElsewhere,
    OtherRecoveryKey,
    RecoveryKeyConfirmed,
    RegisterLocked,
    RegisterPlain,
)
from attendance_app.store.keys import new_seed, recovery_key
from attendance_app.store.recording_lock import window_lock


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command line on a home of its own; returns standard output, raises what the command raises."""
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    key_store.forget_what_was_read()

    def run(*arguments: str, typed: str = "") -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *arguments], input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    yield run
    key_store.forget_what_was_read()


@pytest.fixture
def register(run, tmp_path):
    """An encrypted register with one student."""
    run("student", "add", "1", "Ana Ruiz")
    run("data", "encrypt")
    return tmp_path / "home" / FILE_NAME


def students(run):
    return [one["name"] for one in json.loads(run("student", "list", "--json"))]


def test_a_register_is_encrypted_and_made_plain_with_everything_in_it(run, register):
    assert key_name_of(register) is not None
    assert students(run) == ["Ana Ruiz"]
    assert "are encrypted" in run("data", "encrypt"), "once more does no harm"
    status = json.loads(run("data", "status", "--json"))
    assert (status["encrypted"], status["key"], status["plain_backups"]) == (True, "file", 0)
    assert status["recovery_key_confirmed"] is False
    assert "are plain" in run("data", "plain", typed="y\n")
    assert key_name_of(register) is None
    assert students(run) == ["Ana Ruiz"]
    assert "stays so" in run("data", "plain", "--yes")


def test_the_status_says_what_it_means(run, register):
    said = run("data", "status")
    assert "whoever has the whole disk has the key too" in said
    assert "recovery-key" in said
    run("data", "plain", "--yes")
    assert "can read names, faces and marks" in run("data", "status")


def test_nothing_is_made_plain_without_a_yes(run, register):
    with pytest.raises(AssertionError, match="Aborted"):
        run("data", "plain", typed="n\n")
    assert key_name_of(register) is not None


def test_the_recovery_key_is_confirmed_by_typing_it_back_and_not_shown_again(run, register):
    shown = run("data", "recovery-key", "--show").strip()
    with pytest.raises(OtherRecoveryKey):
        run("data", "recovery-key", typed=recovery_key(new_seed()) + "\n")
    with pytest.raises(NoRecoveryKey):
        run("data", "recovery-key", typed="ABCD\n")
    assert "Confirmed" in run("data", "recovery-key", typed=shown.lower() + "\n")
    with pytest.raises(RecoveryKeyConfirmed):
        run("data", "recovery-key", "--show")
    kept = key_store.key_file(key_name_of(register).chain).read_text()
    assert shown not in kept


def test_a_register_whose_key_is_lost_opens_with_the_recovery_key(run, register):
    shown = run("data", "recovery-key", "--show").strip()
    run("data", "recovery-key", typed=shown + "\n")
    key_store.forget(key_name_of(register).chain)
    with pytest.raises(RegisterLocked):
        run("student", "list")
    assert "not on this computer" in run("data", "status")
    with pytest.raises(OtherRecoveryKey):
        run("unlock", typed=recovery_key(new_seed()) + "\n")
    assert "Unlocked" in run("unlock", typed=shown + "\n")
    assert students(run) == ["Ana Ruiz"]
    assert "already" in run("unlock")


def test_a_backup_of_another_computer_is_unlocked_and_restored(run, register, tmp_path):
    shown = run("data", "recovery-key", "--show").strip()
    stick = tmp_path / "stick.sqlite3"
    stick.write_bytes(next((register.parent / "backups").iterdir()).read_bytes())
    key_store.forget(key_name_of(register).chain)
    for file in register.parent.rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(RegisterLocked):
        run("restore", str(stick))
    run("unlock", str(stick), typed=shown + "\n")
    run("restore", str(stick))
    assert students(run) == ["Ana Ruiz"]


def test_a_new_recovery_key_makes_the_old_one_worthless(run, register):
    old = run("data", "recovery-key", "--show").strip()
    new = run("data", "recovery-key", "--new", "--show").strip().splitlines()[-1]
    assert new != old
    assert students(run) == ["Ana Ruiz"]
    key_store.forget(key_name_of(register).chain)
    with pytest.raises(OtherRecoveryKey):
        run("unlock", typed=old + "\n")
    run("unlock", typed=new + "\n")
    assert students(run) == ["Ana Ruiz"]


def test_a_plain_register_has_no_recovery_key(run, register):
    run("data", "plain", "--yes")
    with pytest.raises(RegisterPlain):
        run("data", "recovery-key")
    assert "not encrypted" in run("unlock")


def test_nothing_is_changed_under_an_open_window(run, register):
    before = key_name_of(register)
    with window_lock(register.parent / WINDOW_LOCK_NAME):
        for command in (("data", "plain", "--yes"), ("data", "encrypt"), ("data", "recovery-key", "--new")):
            with pytest.raises(OpenElsewhere):
                run(*command)
    assert key_name_of(register) == before
