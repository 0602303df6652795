"""``attendance settings`` shows and changes what is declared."""

import json

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.config.errors import SettingNotWhole
from attendance_app.config.settings import SETTINGS
from attendance_app.config.settings_file import SETTINGS_FILE, read_settings


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


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_camera_s_password_is_not_listed(tmp_path, how):
    run(tmp_path, "set", "camera", "rtsp://admin:SECRET@10.0.0.5/1")
    listed = run(tmp_path, "list", *how).output
    assert "admin" in listed
    assert "SECRET" not in listed
