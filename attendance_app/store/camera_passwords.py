"""Passwords of cameras: kept in the system's keyring, or in a file where there is none (docs/adr/0038).

Settings, window and sessions have addresses with dots; only what opens a camera asks for the whole address.
"""

import hashlib
import json
import logging
import os
import threading
from typing import Final

from attendance_app.domain.addresses import (
    HIDDEN,
    camera_account,
    lacks_password,
    secrets_of,
    with_dots,
    with_password,
    with_secrets,
    without_secrets,
)
from attendance_app.store import secret_places
from attendance_app.store.errors import CameraPasswordMissing, CameraPasswordNotKept

_log = logging.getLogger(__name__)

PASSWORD_VARIABLE: Final = "ATTENDANCE_CAMERA_PASSWORD"
"""The password of every camera whose address names a user without one."""

_lock = threading.RLock()
_known: dict[str, tuple[str, ...]] = {}
"""By ``camera_account``: what was typed, or read from its place."""


def hide(address: str) -> str:
    """Return an address with dots, and know its passwords in this process; ``keep`` makes that last."""
    typed = secrets_of(address)
    if any(one != HIDDEN for one in typed):
        account = camera_account(address)
        with _lock:
            # One of several passwords may have been left as dots.
            whole = with_secrets(address, _secrets(account))
            _known[account] = typed if whole is None else secrets_of(whole)
    return with_dots(address)


def keep(address: str) -> None:
    """Keep what is known of an address with dots. Raises CameraPasswordNotKept."""
    account = camera_account(address)
    with _lock:
        secrets = _known.get(account)
        if secrets is None or HIDDEN not in secrets_of(address):
            return
        name, text = _name(account), json.dumps(secrets)
        if secret_places.write_keyring(name, text):
            secret_places.erase_file(name)
            return
        try:
            secret_places.write_file(name, text)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CameraPasswordNotKept(path=secret_places.file_of(name), reason=reason) from error


def forget(address: str) -> None:
    """Delete the passwords of an address wherever they are."""
    account = camera_account(address)
    with _lock:
        _known.pop(account, None)
        secret_places.erase_file(_name(account))
        secret_places.erase_from_keyring(_name(account))


def forget_what_was_read() -> None:
    """Ask keyring and files anew, as a new process would."""
    with _lock:
        _known.clear()


def is_kept(address: str) -> bool:
    """Whether there is a password for the user and the host of an address."""
    return bool(_secrets(camera_account(address)))


def given_password() -> str:
    """Return the password that the environment gives, empty where it gives none."""
    return os.environ.get(PASSWORD_VARIABLE, "")


def whole_address(address: str) -> str:
    """Return an address as the camera wants it, with its password, if it lacks one and there is one.

    Raises CameraPasswordMissing where dots stand for a password that is not kept on this computer.
    """
    if not lacks_password(address):
        return address
    if given_password():
        return with_password(address, given_password())
    secrets = _secrets(camera_account(address))
    if HIDDEN in secrets_of(address):
        whole = with_secrets(address, secrets)
        if whole is None or HIDDEN in secrets_of(whole):
            raise CameraPasswordMissing(address=without_secrets(address))
        return whole
    return address.replace("@", f":{secrets[0]}@", 1) if secrets else address


def _secrets(account: str) -> tuple[str, ...]:
    with _lock:
        if account not in _known:
            name = _name(account)
            found = _read(secret_places.read_file(name)) or _read(secret_places.read_keyring(name))
            if not found:
                return ()
            _known[account] = found
        return _known[account]


def _read(text: str | None) -> tuple[str, ...]:
    try:
        read = json.loads(text or "[]")
    except ValueError:
        read = None
    if isinstance(read, list) and all(isinstance(one, str) for one in read):
        return tuple(read)
    _log.warning("what is kept for a camera is no password")
    return ()


def _name(account: str) -> str:
    return "camera-" + hashlib.sha256(account.encode(errors="surrogateescape")).hexdigest()[:16]
