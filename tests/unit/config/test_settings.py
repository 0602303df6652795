"""Settings come back as written, and a mistake in the file costs its own key only."""

import dataclasses
import errno
import time
import tomllib
from typing import get_args, get_type_hints

import pytest

from attendance_app.config.errors import (
    NoRoomForSettings,
    SettingNotOneOf,
    SettingNotText,
    SettingNotWhole,
    SettingsNotToml,
    SettingsNotWritten,
    SettingUnknown,
)
from attendance_app.config.kinds import OneOf
from attendance_app.config.settings import SETTINGS, Settings
from attendance_app.config.settings_file import SETTINGS_FILE, UNREADABLE, read_settings, write_settings


def written(home, text):
    (home / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return home / SETTINGS_FILE


def test_a_folder_without_a_file_has_the_defaults(tmp_path):
    read = read_settings(tmp_path / "nowhere")
    assert (read.settings, read.problems) == (Settings(), ())


def test_settings_come_back_as_written(tmp_path):
    settings = Settings(camera='webcam:"Aula" ñ\\', strictness="strict", late_after_minutes=0, language="es")
    write_settings(tmp_path / "new" / "folder", settings)
    read = read_settings(tmp_path / "new" / "folder")
    assert (read.settings, read.problems) == (settings, ())


@pytest.mark.parametrize("key", SETTINGS)
def test_a_default_is_accepted_by_its_own_kind(key):
    assert SETTINGS[key].kind.accepts(SETTINGS[key].default)


@pytest.mark.parametrize("key", [one.key for one in SETTINGS.values() if isinstance(one.kind, OneOf)])
def test_the_words_of_a_setting_are_those_of_its_type(key):
    assert set(SETTINGS[key].kind.words) == set(get_args(get_type_hints(Settings)[key]))


def test_a_file_with_some_keys_leaves_the_others_at_their_defaults(tmp_path):
    written(tmp_path, '\ufefftheme = "dark"\n')
    assert read_settings(tmp_path).settings == Settings(theme="dark")


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        pytest.param("theme = 'blue'", SettingNotOneOf, '"blue"', id="unknown word"),
        pytest.param("late_after_minutes = -1", SettingNotWhole, "-1", id="out of range"),
        pytest.param("late_after_minutes = true", SettingNotWhole, "true", id="not a number"),
        pytest.param("late_after_minutes = '10'", SettingNotWhole, '"10"', id="number in quotes"),
        pytest.param("camera = 0", SettingNotText, "0", id="text without quotes"),
        pytest.param("camera = ' '", SettingNotText, '" "', id="blank text"),
        pytest.param("[camera]\nindex = 1", SettingNotText, "{'index': 1}", id="table instead of a value"),
    ],
)
def test_a_wrong_value_is_named_and_the_other_keys_count(tmp_path, line, kind, value):
    file = written(tmp_path, f"attendance_limit_percent = 71\n{line}\n")

    read = read_settings(tmp_path)

    assert read.settings == Settings(attendance_limit_percent=71)
    (problem,) = read.problems
    assert (type(problem), problem.details["file"], problem.details["value"]) == (kind, str(file), value)


def test_every_mistake_is_named(tmp_path):
    written(tmp_path, "them = 'dark'\ntheme = 'blue'\n")
    assert [type(problem) for problem in read_settings(tmp_path).problems] == [SettingUnknown, SettingNotOneOf]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"theme = dark", "line 1", id="no quotes"),
        pytest.param(b'camera = "\xe1"', "utf-8", id="another character set"),
        pytest.param(b"a = " + 5000 * b"9", "", id="a number of thousands of digits"),
        pytest.param(b"# " + 1_000_000 * b"a", "larger than 1000 kB", id="far too large"),
        pytest.param(b'theme = "dark"\na = ' + 5000 * b"[" + 5000 * b"]", "nested too deeply", id="nested too deeply"),
        pytest.param(3000 * b"a." + b"a = 1", "nested too deeply", id="a key of thousands of words"),
        pytest.param(b"[" + 3000 * b"a." + b"a]", "nested too deeply", id="a table of thousands of words"),
    ],
)
def test_a_file_that_is_no_toml_leaves_the_defaults_and_is_kept_when_settings_are_written(tmp_path, content, reason):
    (tmp_path / SETTINGS_FILE).write_bytes(content)

    read = read_settings(tmp_path)

    (problem,) = read.problems
    assert (type(problem), read.settings) == (SettingsNotToml, Settings())
    assert reason in problem.details["reason"]
    write_settings(tmp_path, Settings(theme="light"))
    assert read_settings(tmp_path).settings == Settings(theme="light")
    assert (tmp_path / UNREADABLE).read_bytes() == content


def test_unknown_keys_outlive_a_change(tmp_path):
    line = '"from the future" = {when = 2027-01-31T08:00:00Z, "a b" = [1, 2.5, true, "\\u007f"], big = -inf}\n'
    file = written(tmp_path, line)

    write_settings(tmp_path, Settings(theme="dark"))

    assert tomllib.loads(file.read_text())["from the future"] == tomllib.loads(line)["from the future"]
    assert read_settings(tmp_path).settings == Settings(theme="dark")
    assert [problem.details["key"] for problem in read_settings(tmp_path).problems] == ["from the future"]


def test_a_wrong_value_stays_in_the_file_until_its_key_is_set(tmp_path):
    file = written(tmp_path, "theme = 'blue'\n")

    write_settings(tmp_path, Settings(language="es"))
    assert tomllib.loads(file.read_text())["theme"] == "blue"

    write_settings(tmp_path, Settings(language="es", theme="dark"))
    assert (read_settings(tmp_path).settings.theme, read_settings(tmp_path).problems) == ("dark", ())


def test_a_bad_value_never_reaches_the_file(tmp_path):
    write_settings(tmp_path, Settings(theme="dark"))
    with pytest.raises(SettingNotWhole, match="attendance_limit_percent"):
        write_settings(tmp_path, dataclasses.replace(Settings(), attendance_limit_percent=101))
    assert read_settings(tmp_path).settings.theme == "dark"


def test_writing_where_no_folder_can_be_is_a_known_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsNotWritten):
        write_settings(tmp_path / "file", Settings())


def test_writing_leaves_no_other_file_behind(tmp_path):
    write_settings(tmp_path, Settings())
    write_settings(tmp_path, Settings(theme="light"))
    assert [file.name for file in tmp_path.iterdir()] == [SETTINGS_FILE]


def test_a_huge_number_is_named_and_kept(tmp_path):
    number = "0x" + 5000 * "f"
    file = written(tmp_path, f"late_after_minutes = {number}\n")
    (problem,) = read_settings(tmp_path).problems
    assert isinstance(problem, SettingNotWhole)
    write_settings(tmp_path, Settings(theme="dark"))
    assert number in file.read_text()


def test_a_number_with_thousands_of_digits_is_no_value():
    assert SETTINGS["late_after_minutes"].kind.parsed(5000 * "9") == 5000 * "9"


@pytest.mark.parametrize("line", ["camera = ['rtsp://u:SECRET@host/1']", "theme = 'rtsp://u:SECRET@host/1'"])
def test_an_error_tells_no_password(tmp_path, line):
    written(tmp_path, line)
    (problem,) = read_settings(tmp_path).problems
    assert "SECRET" not in repr(problem.details)


def test_the_handed_settings_are_refused_at_once(tmp_path, shared_cases):
    written(tmp_path, (shared_cases / "settings-deep.toml").read_text())
    started = time.monotonic()
    (problem,) = read_settings(tmp_path).problems
    assert isinstance(problem, SettingsNotToml)
    assert time.monotonic() - started < 10  # at once on a quiet machine


def test_on_a_full_disk_the_settings_say_so(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("attendance_app.config.settings_file.os.fsync", full)
    with pytest.raises(NoRoomForSettings):
        write_settings(tmp_path, Settings(theme="dark"))
    assert read_settings(tmp_path).settings == Settings()
