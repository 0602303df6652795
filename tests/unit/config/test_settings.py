"""Settings come back as written, and a mistake in the file is named."""

import dataclasses

import pytest

from attendance_app.config.settings import SETTINGS_FILE, Settings, SettingsError, read_settings, write_settings


def test_a_folder_without_a_file_has_the_defaults(tmp_path):
    assert read_settings(tmp_path / "nowhere") == Settings()


def test_settings_come_back_as_written(tmp_path):
    settings = Settings(camera='webcam:"Aula" ñ\\', strictness="strict", late_after_minutes=0, language="es")
    write_settings(tmp_path / "new" / "folder", settings)
    assert read_settings(tmp_path / "new" / "folder") == settings


def test_every_default_is_accepted_by_its_own_rule(tmp_path):
    assert Settings().changed(**dataclasses.asdict(Settings())) == Settings()


def test_a_file_with_some_keys_leaves_the_others_at_their_defaults(tmp_path):
    (tmp_path / SETTINGS_FILE).write_text('\ufefftheme = "dark"\n', encoding="utf-8")
    assert read_settings(tmp_path) == Settings(theme="dark")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("them = 'dark'", "them", id="unknown key"),
        pytest.param("theme = 'blue'", 'theme = "blue"', id="unknown word"),
        pytest.param("late_after_minutes = -1", "late_after_minutes = -1", id="out of range"),
        pytest.param("late_after_minutes = true", "late_after_minutes = true", id="not a number"),
        pytest.param("late_after_minutes = '10'", 'late_after_minutes = "10"', id="number in quotes"),
        pytest.param("camera = 0", "camera = 0", id="text without quotes"),
        pytest.param("camera = ' '", 'camera = " "', id="blank text"),
        pytest.param("[camera]\nindex = 1", "camera", id="table instead of a value"),
        pytest.param("theme = dark", "line 1", id="not TOML"),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path, text, named):
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(tmp_path)
    assert named in error.value.message
    assert str(tmp_path / SETTINGS_FILE) in error.value.message
    assert error.value.remedy


def test_a_file_in_another_character_set_is_an_error_not_a_crash(tmp_path):
    (tmp_path / SETTINGS_FILE).write_bytes(b'camera = "\xe1"')
    with pytest.raises(SettingsError, match="TOML"):
        read_settings(tmp_path)


def test_a_bad_value_never_reaches_the_file(tmp_path):
    write_settings(tmp_path, Settings(theme="dark"))
    with pytest.raises(SettingsError, match="attendance_limit_percent"):
        write_settings(tmp_path, dataclasses.replace(Settings(), attendance_limit_percent=101))
    assert read_settings(tmp_path).theme == "dark"


def test_writing_where_no_folder_can_be_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="can't be written"):
        write_settings(tmp_path / "file", Settings())


def test_writing_leaves_no_other_file_behind(tmp_path):
    write_settings(tmp_path, Settings())
    write_settings(tmp_path, Settings(theme="light"))
    assert [file.name for file in tmp_path.iterdir()] == [SETTINGS_FILE]
