"""``attendance settings`` shows and changes what is declared."""

import json
import os
import sys
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.config.errors import SettingNotWhole
from attendance_app.config.settings import SETTINGS
from attendance_app.config.settings_file import SETTINGS_FILE, read_settings
from attendance_app.domain.addresses import HIDDEN
from attendance_app.store import camera_passwords
from attendance_app.store.camera_passwords import PASSWORD_VARIABLE, whole_address
from attendance_app.store.errors import CameraPasswordMissing


def run(home, *words):
    return CliRunner().invoke(app, ["--home", str(home), "settings", *words])


def test_every_setting_is_listed_with_what_it_accepts(tmp_path):
    rows = json.loads(run(tmp_path, "list", "--json").stdout)

    assert [row["key"] for row in rows] == list(SETTINGS)
    assert {"key": "late_after_minutes", "value": 10, "default": 10, "accepts": "0 to 600 (minutes)"} in rows
    assert "late_after_minutes" in run(tmp_path, "list").stdout


def test_a_change_is_written(tmp_path):
    assert run(tmp_path, "set", "late_after_minutes", "15").exit_code == 0
    assert run(tmp_path, "set", "camera", "1").exit_code == 0
    settings = read_settings(tmp_path).settings
    assert (settings.late_after_minutes, settings.camera) == (15, "1")


@pytest.mark.parametrize("value", ["601", "soon", "1.5"])
def test_a_value_that_is_not_accepted_is_a_known_error(tmp_path, value):
    assert isinstance(run(tmp_path, "set", "late_after_minutes", value).exception, SettingNotWhole)


def test_a_misspelt_key_is_answered_with_the_keys(tmp_path):
    done = run(tmp_path, "set", "late_after", "15")
    assert done.exit_code == 2
    assert "late_after_minutes" in done.output


def test_what_is_left_aside_is_named_and_the_rest_shown(tmp_path):
    (tmp_path / SETTINGS_FILE).write_text("them = 'dark'\ntheme = 'light'\n")

    done = run(tmp_path, "list")

    assert "light" in done.stdout
    assert "key them" in done.stderr


@pytest.fixture
def own_passwords(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    camera_passwords.forget_what_was_read()
    yield
    camera_passwords.forget_what_was_read()


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_camera_s_password_is_not_listed(own_passwords, tmp_path, how):
    run(tmp_path, "set", "camera", "rtsp://admin:SECRET@10.0.0.5/1")
    listed = run(tmp_path, "list", *how).output
    assert "admin" in listed
    assert "SECRET" not in listed


def test_the_address_that_is_listed_can_be_set_again(own_passwords, tmp_path):
    run(tmp_path, "set", "camera", "rtsp://admin:SECRET@10.0.0.5/1")
    listed = next(row["value"] for row in json.loads(run(tmp_path, "list", "--json").stdout) if row["key"] == "camera")
    assert run(tmp_path, "set", "camera", listed.replace("/1", "/2")).exit_code == 0
    assert whole_address(read_settings(tmp_path).settings.camera) == "rtsp://admin:SECRET@10.0.0.5/2"


def test_dots_without_a_kept_password_are_refused(own_passwords, tmp_path):
    done = run(tmp_path, "set", "camera", f"rtsp://admin:{HIDDEN}@10.0.0.5/1")
    assert isinstance(done.exception, CameraPasswordMissing)
    assert read_settings(tmp_path).settings.camera == "0"


def test_the_environment_s_password_is_kept_with_the_address(own_passwords, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, "a@b")
        assert run(tmp_path, "set", "camera", "rtsp://admin@10.0.0.5/1").exit_code == 0
    camera_passwords.forget_what_was_read()
    assert read_settings(tmp_path).settings.camera == f"rtsp://admin:{HIDDEN}@10.0.0.5/1"
    assert whole_address(read_settings(tmp_path).settings.camera) == "rtsp://admin:a%40b@10.0.0.5/1"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminal")
def test_a_terminal_is_asked_and_shows_nothing_of_what_is_typed(own_passwords, tmp_path):
    answer = in_a_terminal("--home", str(tmp_path), "settings", "set", "camera", "rtsp://admin@10.0.0.5/1", typed="a@b")
    assert "Password for rtsp://10.0.0.5/1" in answer
    assert "a@b" not in answer
    assert whole_address(read_settings(tmp_path).settings.camera) == "rtsp://admin:a%40b@10.0.0.5/1"


def in_a_terminal(*words, typed):
    """Run the program on a pseudo terminal, type a line when it asks, and return all that the terminal showed."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "attendance_app", *words])
    shown = b""
    while not shown.endswith(b": "):
        shown += os.read(terminal, 1024)
    os.write(terminal, typed.encode() + b"\n")
    with suppress(OSError):  # how Linux says that the other side is closed
        while more := os.read(terminal, 1024):
            shown += more
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert status == 0, shown
    return shown.decode()
