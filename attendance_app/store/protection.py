"""Whether a register and its backups are encrypted, and with which key; changing that for all of them."""

import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from attendance_app.domain.errors import KnownError
from attendance_app.store import key_store
from attendance_app.store.backup_files import FOLDER, Reason, backups_in
from attendance_app.store.backups import LOCK_NAME, BackedUp, align_backups, write_backup
from attendance_app.store.driver import connect, key_name_of, salt_of
from attendance_app.store.encryption import recode
from attendance_app.store.errors import OtherRecoveryKey, RegisterLocked
from attendance_app.store.keys import first_key, new_seed, recovery_key, seed_of
from attendance_app.store.recording_lock import backup_lock
from attendance_app.store.sqlite_errors import known_errors

_log = logging.getLogger(__name__)

PLAIN_BY_CHOICE: Final = "store.plain_by_choice"
"""A row of the table of settings in a register that its user wants plain."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How a register lies on the disk.

    ``place``: where its key is; None for a plain register, and for one whose key is not on this computer.
    ``confirmed``: nobody needs to see the recovery key any more. ``plain_backups``: how many backups are plain.
    """

    encrypted: bool
    place: key_store.Place | None = None
    key_file: Path | None = None
    confirmed: bool = True
    plain_backups: int = 0


def is_encrypted(register: Path) -> bool:
    """Whether a file is encrypted as this program does it."""
    return key_name_of(register) is not None


def protection_of(register: Path) -> Protection:
    """Look at a register and its backups, without opening it."""
    name = key_name_of(register)
    plain = sum(1 for one in backups_in(register.parent / FOLDER) if key_name_of(one.path) is None)
    if name is None:
        return Protection(encrypted=False, plain_backups=plain)
    found = key_store.find(name.chain)
    if found is None or found[0].key.name.epoch > name.epoch:
        return Protection(encrypted=True, plain_backups=plain)
    entry, place = found
    file = key_store.key_file(name.chain) if place is key_store.Place.FILE else None
    return Protection(True, place, file, entry.seed is None, plain)


def encrypt(register: Path, at: datetime) -> BackedUp | None:
    """Encrypt a plain register and its backups with a new key; None where it is encrypted already, or empty.

    A verified backup is made first of one that holds anything. Nobody else may have the register open. Raises
    RegisterBusy, StoreError.
    """
    with backup_lock(register.parent / LOCK_NAME):
        kept = None
        if key_name_of(register) is None:
            if _holds_anything(register):
                kept = write_backup(register, Reason.KEY, at)
            _choose_plain(register, chosen=False)
            recode(register, key_store.key_for_new(new_seed()))
        align_backups(register)  # also those that a kill has left
    return kept


def decrypt(register: Path, at: datetime) -> BackedUp | None:
    """Make an encrypted register and its backups plain, and note that this is wanted; raises as ``encrypt``."""
    with backup_lock(register.parent / LOCK_NAME):
        kept = None
        if key_name_of(register) is not None:
            kept = write_backup(register, Reason.KEY, at)
        _choose_plain(register, chosen=True)
        if key_name_of(register) is not None:
            recode(register, None)
        align_backups(register)
    return kept


def encrypt_by_default(register: Path, at: datetime) -> None:
    """Encrypt a register that is plain, unless its user wants it so.

    Never raises a KnownError: where it can't be done now, because another program has it open or the disk is full, it
    is done at a later start, and the status says that it is plain.
    """
    try:
        if key_name_of(register) is None and not is_plain_by_choice(register):
            encrypt(register, at)
    except KnownError as error:
        _log.warning("the register stays plain for now: %s", error)


def _holds_anything(register: Path) -> bool:
    with known_errors(register), closing(connect(register)) as connection:
        query = "SELECT EXISTS (SELECT 1 FROM course) OR EXISTS (SELECT 1 FROM student)"
        return bool(connection.execute(query).fetchone()[0])


def is_plain_by_choice(register: Path) -> bool:
    """Whether the user of a plain register wants it plain. Raises StoreError."""
    with known_errors(register), closing(connect(register)) as connection:
        query = "SELECT count(*) FROM setting WHERE key = ?"
        return bool(connection.execute(query, (PLAIN_BY_CHOICE,)).fetchone()[0])


def _choose_plain(register: Path, *, chosen: bool) -> None:
    with known_errors(register), closing(connect(register)) as connection:
        if chosen:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, 'yes')", (PLAIN_BY_CHOICE,))
        else:
            connection.execute("DELETE FROM setting WHERE key = ?", (PLAIN_BY_CHOICE,))


def change_key(register: Path) -> None:
    """Write an encrypted register anew with its chain's next key. Raises RegisterBusy, StoreError."""
    name = key_name_of(register)
    assert name is not None
    recode(register, key_store.key_named(name, register).next())


def drop_old_keys(register: Path) -> None:
    """Once no file needs an earlier key of the chain, keep the register's only. Raises StoreError.

    As long as nobody has confirmed the recovery key it stays, and with it every key of the chain.
    """
    name = key_name_of(register)
    found = None if name is None else key_store.find(name.chain)
    if name is None or found is None:
        return
    entry, place = found
    if place is key_store.Place.ENVIRONMENT or entry.seed is not None or entry.key.name.epoch >= name.epoch:
        return
    with backup_lock(register.parent / LOCK_NAME):
        if align_backups(register):
            key_store.keep(key_store.Entry(entry.key.at(name.epoch)))


def recovery_key_of(register: Path) -> str | None:
    """Return the recovery key as long as nobody has confirmed it; None afterwards, and for a plain register."""
    name = key_name_of(register)
    found = None if name is None else key_store.find(name.chain)
    return None if found is None or found[0].seed is None else recovery_key(found[0].seed)


def confirm(register: Path, typed: str) -> None:
    """Compare what somebody typed with the recovery key, which is not kept from then on.

    Raises NoRecoveryKey, OtherRecoveryKey, KeyNotKept, and RegisterLocked for a plain or locked register.
    """
    name = key_name_of(register)
    found = None if name is None else key_store.find(name.chain)
    if name is None or found is None:
        raise RegisterLocked(path=register)
    if first_key(seed_of(typed)).name.chain != name.chain:
        raise OtherRecoveryKey
    if found[1] is not key_store.Place.ENVIRONMENT:
        key_store.keep(key_store.Entry(found[0].key))
        drop_old_keys(register)


def unlock(file: Path, typed: str) -> None:
    """Keep the key of a register or a backup whose recovery key was typed.

    Raises NoRecoveryKey, OtherRecoveryKey, KeyNotKept; a plain file takes none (OtherRecoveryKey).
    """
    key, name = first_key(seed_of(typed)), key_name_of(file)
    if name is None or name.chain != key.name.chain:
        raise OtherRecoveryKey
    with known_errors(file), closing(connect(file, key=key.at(name.epoch).for_file(salt_of(file)))) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    found = key_store.find(name.chain)
    if found is None or found[0].key.name.epoch > name.epoch:
        key_store.keep(key_store.Entry(key.at(name.epoch)))


def renew(register: Path, at: datetime) -> None:
    """Give an encrypted register and its backups a key of a new chain, with a new recovery key; raises as ``encrypt``.

    Once no file needs the earlier chain, its key is forgotten, and the earlier recovery key opens only old copies.
    """
    with backup_lock(register.parent / LOCK_NAME):
        name = key_name_of(register)
        write_backup(register, Reason.KEY, at)
        recode(register, key_store.key_for_new(new_seed()))
        if align_backups(register) and name is not None:
            key_store.forget(name.chain)
