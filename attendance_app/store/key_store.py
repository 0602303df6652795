"""Where the keys of registers are kept: the system's keyring once the recovery key is confirmed, a file before that and
where there is no keyring, or the environment.

An entry is one chain's key (docs/adr/0038). Nothing here raises for a keyring that does not work: a file takes its
place, and ``place_of`` says so.
"""

import json
import logging
import os
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from attendance_app.store import secret_places
from attendance_app.store.errors import KeyNotKept, RegisterLocked
from attendance_app.store.keys import Key, KeyName, first_key, recovery_key, seed_of

_log = logging.getLogger(__name__)

KEY_VARIABLE: Final = "ATTENDANCE_KEY"
"""A recovery key, for scripts: the register that it belongs to opens, and a new one is made with it."""


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


def _entry(chain: str, text: str | None) -> Entry | None:
    if text is None:
        return None
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
            found = _entry(chain, secret_places.read_file(chain)), Place.FILE
            if found[0] is None:
                found = _entry(chain, secret_places.read_keyring(chain)), Place.KEYRING
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
        if entry.seed is None and secret_places.write_keyring(chain, entry.as_json()):
            place = Place.KEYRING
            secret_places.erase_file(chain)
        else:
            place = Place.FILE
            _write_file(chain, entry.as_json())
        _known[chain] = (entry, place)
        return place


def forget(chain: str) -> None:
    """Delete a chain's entry wherever it is."""
    with _lock:
        _known.pop(chain, None)
        secret_places.erase_file(chain)
        secret_places.erase_from_keyring(chain)


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


def key_file(chain: str) -> Path:
    """Return where a chain's key is kept where there is no keyring."""
    return secret_places.file_of(chain)


def _write_file(chain: str, text: str) -> None:
    try:
        secret_places.write_file(chain, text)
    except OSError as error:
        raise KeyNotKept(path=key_file(chain), reason=error.strerror or str(error)) from error
