"""Two places for secrets: the system's keyring, and files of mode 0600 in the platform's folder for settings.

A secret has a short name of letters, digits and hyphens. No function raises for a keyring that does not work.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attendance_app.config.data_folder import pointer_file

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

SERVICE: Final = "classroom-attendance"
FOLDER: Final = "keys"
"""In the platform's folder for settings."""
KEYRING_VARIABLE: Final = "ATTENDANCE_KEYRING"
"""``off``: the system's keyring is not asked."""


# -- the file


def file_of(name: str) -> Path:
    """Return the file of a secret that no keyring keeps."""
    return pointer_file().parent / FOLDER / f"{name}.key"


def read_file(name: str) -> str | None:
    """Return what the file has, None where there is none."""
    try:
        return file_of(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def write_file(name: str, text: str) -> None:
    """Write in one step, for the owner only; the earlier file is overwritten before it is deleted. Raises OSError."""
    file = file_of(name)
    new, old = file.with_suffix(".new"), file.with_suffix(".old")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    with suppress(OSError):  # a file system without second names: the earlier one is replaced only
        old.unlink(missing_ok=True)
        os.link(file, old)
    new.replace(file)
    _erase(old)


def erase_file(name: str) -> None:
    """Overwrite and delete the file, if it is there."""
    _erase(file_of(name))


def _erase(file: Path) -> None:
    with suppress(OSError), file.open("rb+") as there:
        there.write(bytes(file.stat().st_size))
        there.flush()
        os.fsync(there.fileno())
    with suppress(OSError):
        file.unlink(missing_ok=True)


# -- the keyring


def keyring_or_none() -> "KeyringBackend | None":
    """Return the system's keyring, None where there is none that could be used."""
    if os.environ.get(KEYRING_VARIABLE, "").lower() == "off":
        return None
    try:
        import keyring

        backend = keyring.get_keyring()
        return backend if backend.priority > 0 else None
    except Exception:  # noqa: BLE001 - as many kinds as backends
        _log.info("there is no keyring", exc_info=True)
        return None


def read_keyring(name: str) -> str | None:
    """Return what the keyring has, None where it has nothing or can't be read."""
    backend = keyring_or_none()
    try:
        return None if backend is None else backend.get_password(SERVICE, name)
    except Exception:  # noqa: BLE001 - locked, refused, not running
        _log.warning("the keyring could not be read", exc_info=True)
        return None


def write_keyring(name: str, text: str) -> bool:
    """Whether the keyring has taken it, and gives it back."""
    backend = keyring_or_none()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, name, text)
        return bool(backend.get_password(SERVICE, name) == text)
    except Exception:  # noqa: BLE001 - locked, refused, full
        _log.warning("the keyring could not be written", exc_info=True)
        return False


def erase_from_keyring(name: str) -> None:
    """Delete it from the keyring, if it is there."""
    backend = keyring_or_none()
    if backend is not None:
        with suppress(Exception):  # as many kinds as backends
            backend.delete_password(SERVICE, name)
