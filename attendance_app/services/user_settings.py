"""The settings as the program uses them: a camera's password is not among them, but kept apart."""

import dataclasses
import logging
from pathlib import Path

from attendance_app.config.settings import Settings
from attendance_app.config.settings_file import SettingsRead, read_settings, write_settings
from attendance_app.domain.addresses import HIDDEN, camera_account, secrets_of
from attendance_app.domain.errors import KnownError
from attendance_app.store import camera_passwords

_log = logging.getLogger(__name__)


def load_settings(home: Path) -> SettingsRead:
    """Return the settings of a data folder, as ``read_settings`` does; the camera's address has dots.

    A password that stands in the file, written there by hand or by an earlier version, is kept apart and leaves the
    file. Where that can't be done now it is done at the next start.
    """
    read = read_settings(home)
    camera = camera_passwords.hide(read.settings.camera)
    if camera == read.settings.camera:
        return read
    settings = dataclasses.replace(read.settings, camera=camera)
    try:
        camera_passwords.keep(camera)
        write_settings(home, settings, overwriting=True)
    except KnownError as error:
        _log.warning("the camera's password stays in the settings for now: %s", error)
    return SettingsRead(settings, read.problems)


def save_settings(home: Path, settings: Settings) -> Settings:
    """Write the settings and return them as they were written: with dots for a camera's password, which is kept apart.

    The password of the camera before is forgotten, unless the new address still wants one that is not known. Raises
    SettingsError, CameraPasswordNotKept.
    """
    before = read_settings(home).settings.camera
    camera = camera_passwords.hide(settings.camera)
    camera_passwords.keep(camera)
    written = dataclasses.replace(settings, camera=camera)
    write_settings(home, written)
    another = camera_account(before) != camera_account(camera)
    if another and secrets_of(before) and (HIDDEN not in secrets_of(camera) or camera_passwords.is_kept(camera)):
        camera_passwords.forget(before)
    return written
