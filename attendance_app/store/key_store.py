"""Where the keys of registers are kept: the system's keyring once the recovery key is confirmed, a file before that and
where there is no keyring, or the environment.

An entry is one chain's key (docs/adr/0038). Nothing here raises for a keyring that does not work: a file takes its
place, and ``place_of`` says so.
"""

import json
import logging
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attendance_app.config.data_folder import pointer_file
from attendance_app.store.errors import KeyNotKept, RegisterLocked
from attendance_app.store.keys import Key, KeyName, first_key, recovery_key, seed_of

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

SERVICE: Final = "classroom-attendance"
FOLDER: Final = "keys"
"""In the platform's folder for settings."""
KEY_VARIABLE: Final = "ATTENDANCE_KEY"
"""A recovery key, for scripts: the register that it belongs to opens, and a new one is made with it."""
KEYRING_VARIABLE: Final = "ATTENDANCE_KEYRING"
"""``off``: the system's keyring is not asked."""


class Place(StrEnum):
    """Where a chain's key is."""

    KEYRING = "keyring"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One chain: its oldest key that is still needed. ``seed``: its recovery key as long as nobody has confirmed it."""

    key: Key
    seed: bytes | None = None

    def as_json(self) -> str:
        seed = None if self.seed is None else recovery_key(self.seed)
        return json.dumps({"epoch": self.key.name.epoch, "secret": self.key.secret.hex(), "recovery_key": seed})


def _entry(chain: str, text: str) -> Entry | None:
    try:
        read = json.loads(text)
        seed = None if read["recovery_key"] is None else seed_of(read["recovery_key"])
        return Entry(Key(KeyName(chain, int(read["epoch"])), bytes.fromhex(read["secret"])), seed)
    except (ValueError, KeyError, TypeError):
        _log.warning("what is kept for the chain %s is no key", chain)
        return None


_lock = threading.RLock()
_known: dict[str, tuple[Entry, Place]] = {}
"""A keyring takes tenths of a second to ask."""


def find(chain: str) -> tuple[Entry, Place] | None:
    """Return a chain's entry and where it is, None where there is none."""
    given = _given()
    if given is not None and given.key.name.chain == chain:
        return given, Place.ENVIRONMENT
    with _lock:
        if chain not in _known:
            found = _read_file(chain), Place.FILE
            if found[0] is None:
                found = _read_keyring(chain), Place.KEYRING
            if found[0] is None:
                return None
            _known[chain] = (found[0], found[1])
        return _known[chain]


def key_named(name: KeyName, path: Path) -> Key:
    """Return the key that the file ``path`` names. Raises RegisterLocked."""
    found = find(name.chain)
    if found is None or found[0].key.name.epoch > name.epoch:
        raise RegisterLocked(path=path)
    return found[0].key.at(name.epoch)


def key_for_new(seed: bytes) -> Key:
    """Keep the key of a new chain, with its recovery key, before the first file is encrypted with it.

    With ATTENDANCE_KEY its own is returned. Raises KeyNotKept.
    """
    given = _given()
    if given is not None:
        return given.key
    key = first_key(seed)
    keep(Entry(key, seed))
    return key


def keep(entry: Entry) -> Place:
    """Keep an entry in place of its chain's earlier one. Raises KeyNotKept.

    In a file until its recovery key is confirmed: a keyring can be lost with a password that was reset.
    """
    chain = entry.key.name.chain
    with _lock:
        if entry.seed is None and _write_keyring(chain, entry.as_json()):
            place = Place.KEYRING
            _erase_file(_file(chain))
        else:
            place = Place.FILE
            _write_file(chain, entry.as_json())
        _known[chain] = (entry, place)
        return place


def forget(chain: str) -> None:
    """Delete a chain's entry wherever it is."""
    with _lock:
        _known.pop(chain, None)
        _erase_file(_file(chain))
        backend = _keyring()
        if backend is not None:
            with suppress(Exception):  # as many kinds as backends
                backend.delete_password(SERVICE, chain)


def forget_what_was_read() -> None:
    """Ask keyring and files anew, as a new process would."""
    with _lock:
        _known.clear()


def _given() -> Entry | None:
    text = os.environ.get(KEY_VARIABLE)
    if not text:
        return None
    seed = seed_of(text)
    return Entry(first_key(seed), None)


# -- the file


def _file(chain: str) -> Path:
    return pointer_file().parent / FOLDER / f"{chain}.key"


def key_file(chain: str) -> Path:
    """Return where a chain's key is kept where there is no keyring."""
    return _file(chain)


def _read_file(chain: str) -> Entry | None:
    try:
        return _entry(chain, _file(chain).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _write_file(chain: str, text: str) -> None:
    """Write in one step, for the owner only; the earlier file is overwritten before it is deleted."""
    file = _file(chain)
    new, old = file.with_suffix(".new"), file.with_suffix(".old")
    try:
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
        _erase_file(old)
    except OSError as error:
        raise KeyNotKept(path=file, reason=error.strerror or str(error)) from error


def _erase_file(file: Path) -> None:
    with suppress(OSError), file.open("rb+") as there:
        there.write(bytes(file.stat().st_size))
        there.flush()
        os.fsync(there.fileno())
    with suppress(OSError):
        file.unlink(missing_ok=True)


# -- the keyring


def _keyring() -> "KeyringBackend | None":
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


def _read_keyring(chain: str) -> Entry | None:
    backend = _keyring()
    try:
        text = None if backend is None else backend.get_password(SERVICE, chain)
    except Exception:  # noqa: BLE001 - locked, refused, not running
        _log.warning("the keyring could not be read", exc_info=True)
        return None
    return None if text is None else _entry(chain, text)


def _write_keyring(chain: str, text: str) -> bool:
    """Whether the keyring has taken it, and gives it back."""
    backend = _keyring()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, chain, text)
        return bool(backend.get_password(SERVICE, chain) == text)
    except Exception:  # noqa: BLE001 - locked, refused, full
        _log.warning("the keyring could not be written", exc_info=True)
        return False
