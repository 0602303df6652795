"""A camera's password is no setting: it is kept apart, and put into the address only where a camera is opened."""

import os
import stat
import sys

import keyring
import pytest
from keyring.backends.null import Keyring as NoRing

from attendance_app.config.errors import SettingsNotWritten
from attendance_app.config.settings import Settings
from attendance_app.config.settings_file import SETTINGS_FILE, read_settings
from attendance_app.domain.addresses import HIDDEN
from attendance_app.services import user_settings
from attendance_app.services.user_settings import load_settings, save_settings
from attendance_app.store import camera_passwords
from attendance_app.store.camera_passwords import PASSWORD_VARIABLE, whole_address
from attendance_app.store.errors import CameraPasswordMissing, CameraPasswordNotKept

WHOLE = "rtsp://admin:SE%40CRET@10.0.0.5:554/1"
DOTS = f"rtsp://admin:{HIDDEN}@10.0.0.5:554/1"


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    """Where passwords are kept; not in the data folder."""
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    camera_passwords.forget_what_was_read()
    yield tmp_path / "config" / "keys"
    camera_passwords.forget_what_was_read()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def in_a_new_process():
    camera_passwords.forget_what_was_read()


def test_the_settings_have_dots_and_the_camera_gets_its_password(home, keys):
    assert save_settings(home, Settings(camera=WHOLE)).camera == DOTS
    assert "CRET" not in (home / SETTINGS_FILE).read_text()
    in_a_new_process()
    assert load_settings(home).settings.camera == DOTS
    assert whole_address(DOTS) == WHOLE
    (kept,) = keys.iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "10.0.0.5" not in kept.name


def test_a_password_in_an_old_file_is_taken_out_and_its_bytes_overwritten(home, keys):
    file = home / SETTINGS_FILE
    file.write_text(f'theme = "dark"\ncamera = "{WHOLE}"\ncolour = "green"\n')
    os.link(file, home / "same bytes")

    read = load_settings(home)

    assert (read.settings.camera, read.settings.theme) == (DOTS, "dark")
    assert "colour" in file.read_text()
    assert "CRET" not in file.read_text()
    assert b"CRET" not in (home / "same bytes").read_bytes()
    in_a_new_process()
    assert whole_address(load_settings(home).settings.camera) == WHOLE


@pytest.mark.parametrize("fails", ["keep", "write"])
def test_an_old_file_that_cannot_be_changed_now_still_gives_its_camera(home, monkeypatch, fails):
    (home / SETTINGS_FILE).write_text(f'camera = "{WHOLE}"\n')

    def refuse(*_args, **_more):
        raise (
            CameraPasswordNotKept(path=home, reason="full")
            if fails == "keep"
            else SettingsNotWritten(folder=home, reason="full")
        )

    with monkeypatch.context() as patch:
        if fails == "keep":
            patch.setattr(camera_passwords, "keep", refuse)
        else:
            patch.setattr(user_settings, "write_settings", refuse)
        assert load_settings(home).settings.camera == DOTS
    assert whole_address(DOTS) == WHOLE
    assert read_settings(home).settings.camera == WHOLE  # nothing is lost
    assert load_settings(home).settings.camera == DOTS
    assert read_settings(home).settings.camera == DOTS


def test_where_the_password_cannot_be_kept_the_settings_stay(home, keys):
    save_settings(home, Settings(theme="dark"))
    keys.parent.mkdir(exist_ok=True)
    keys.write_text("a file in the folder's place")
    with pytest.raises(CameraPasswordNotKept):
        save_settings(home, Settings(camera=WHOLE))
    assert read_settings(home).settings == Settings(theme="dark")


def test_another_path_or_port_keeps_the_password_and_another_host_does_not(home):
    save_settings(home, Settings(camera=WHOLE))
    elsewhere = DOTS.replace(":554/1", ":8554/2")
    save_settings(home, Settings(camera=elsewhere))
    assert whole_address(elsewhere) == "rtsp://admin:SE%40CRET@10.0.0.5:8554/2"

    other = elsewhere.replace("10.0.0.5", "10.0.0.6")
    save_settings(home, Settings(camera=other))
    with pytest.raises(CameraPasswordMissing) as missing:
        whole_address(other)
    assert missing.value.details == {"address": "rtsp://10.0.0.6:8554/2"}
    # A mistyped host costs no password.
    assert whole_address(DOTS) == WHOLE


@pytest.mark.parametrize("after", ["0", "rtsp://other:NEW@10.0.0.7/1"])
def test_the_password_of_a_camera_that_is_set_no_more_is_forgotten(home, keys, after):
    save_settings(home, Settings(camera=WHOLE))
    (before,) = keys.iterdir()
    save_settings(home, Settings(camera=after))
    assert not before.exists()
    with pytest.raises(CameraPasswordMissing):
        whole_address(DOTS)


def test_a_new_password_replaces_the_old_one(home):
    save_settings(home, Settings(camera=WHOLE))
    save_settings(home, Settings(camera=WHOLE.replace("SE%40CRET", "NEW")))
    in_a_new_process()
    assert whole_address(DOTS) == "rtsp://admin:NEW@10.0.0.5:554/1"


def test_one_of_two_passwords_can_be_typed_anew(home):
    save_settings(home, Settings(camera="http://u:ONE@host/?pwd=TWO"))
    save_settings(home, Settings(camera=f"http://u:{HIDDEN}@host/?pwd=NEW"))
    in_a_new_process()
    assert whole_address(f"http://u:{HIDDEN}@host/?pwd={HIDDEN}") == "http://u:ONE@host/?pwd=NEW"


def test_a_user_without_a_password_gets_the_one_that_is_kept(home):
    save_settings(home, Settings(camera=WHOLE))
    assert whole_address("rtsp://admin@10.0.0.5/2") == "rtsp://admin:SE%40CRET@10.0.0.5/2"
    for other in ("rtsp://admin@10.0.0.6/2", "rtsp://guest@10.0.0.5/2", "rtsp://10.0.0.5/2", "0"):
        assert whole_address(other) == other


def test_the_environment_s_password_is_put_in_escaped_and_not_kept(home, keys, monkeypatch):
    monkeypatch.setenv(PASSWORD_VARIABLE, "a@b")
    for lacking in ("rtsp://admin@10.0.0.5/1", f"rtsp://admin:{HIDDEN}@10.0.0.5/1"):
        assert whole_address(lacking) == "rtsp://admin:a%40b@10.0.0.5/1"
    assert whole_address(WHOLE) == WHOLE
    assert not keys.exists()


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1]", "\0"])
def test_a_damaged_file_of_a_password_is_as_if_it_were_not_there(home, keys, content):
    save_settings(home, Settings(camera=WHOLE))
    (kept,) = keys.iterdir()
    kept.write_text(content)
    in_a_new_process()
    with pytest.raises(CameraPasswordMissing):
        whole_address(DOTS)


class Ring(NoRing):  # type: ignore[misc]
    """A keyring in memory."""

    priority = 5

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


def test_a_keyring_keeps_it_encrypted_and_no_file_does(home, keys, monkeypatch):
    ring = Ring()
    monkeypatch.delenv("ATTENDANCE_KEYRING")
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    save_settings(home, Settings(camera=WHOLE))
    in_a_new_process()
    assert whole_address(DOTS) == WHOLE
    assert len(ring.kept) == 1
    assert not keys.exists()
    save_settings(home, Settings())
    assert not ring.kept
