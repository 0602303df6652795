"""Removes deleted faces from the files: requested in the deleting transaction, done after it or at the next start."""

import logging
import shutil
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.errors import StoreError
from attendance_app.store.backup_files import FOLDER
from attendance_app.store.backups import SECOND_FOLDER, forget_in_backups, second_place, second_place_missing
from attendance_app.store.changes import ChangeLog
from attendance_app.store.connection import Database
from attendance_app.store.driver import key_name_of
from attendance_app.store.errors import RegisterBusy
from attendance_app.store.protection import change_key, drop_old_keys
from attendance_app.store.rows import SettingRow
from attendance_app.store.schema import unreadable_copies

_log = logging.getLogger(__name__)

PENDING = "store.scrub_pending"
UNFINISHED = "learning"
"""Folder beside the register with the states of unfinished trainings, which hold what was learnt of faces."""
PENDING_COPIES = "store.copies_pending"
"""Set when backups must forget as well."""
PENDING_SECOND = "store.second_place_pending"
"""The same for the backups in the second place, which may not be connected now."""

PENDING_KEY = "store.key_pending"
"""Set when the register needs a new key, so that what the disk still has of the old file opens with none."""


def ask_for_scrub(session: OrmSession, log: ChangeLog, *, copies: bool = False) -> None:
    """Note, in the same transaction as the deletion, that the files must be rewritten.

    Each deletion writes a value of its own: one that is committed while the file is being rewritten for an earlier one
    must not count as done.
    """
    log.scrub = True
    for key in (PENDING, PENDING_KEY, PENDING_COPIES, PENDING_SECOND) if copies else (PENDING,):
        session.merge(SettingRow(key=key, value=uuid4().hex))


def finish_scrub(database: Database) -> None:
    """Rewrite the files as long as a deletion requests it.

    With a reader in the way or a full disk it is left for the next start; the deletion itself stays committed.
    """
    try:
        _finish_backups(database)
        if _pending(database, PENDING) is not None and (learning := database.path.parent / UNFINISHED).is_dir():
            shutil.rmtree(learning)
        # A loop, because a deletion can be committed while VACUUM runs for an earlier one.
        while (asked := _pending(database, PENDING)) is not None:
            if not (_change_key(database) or database.scrub()):
                return
            _settle(database, PENDING, asked)
        _change_key(database)
        drop_old_keys(database.path)
    except (StoreError, OSError) as error:
        _log.warning("the files will be rewritten at the next start: %s", error)


def _change_key(database: Database) -> bool:
    """Write the register anew with the next key, if that is asked for; False also while somebody else has it open."""
    asked = _pending(database, PENDING_KEY)
    if asked is None:
        return False
    if key_name_of(database.path) is None:
        _settle(database, PENDING_KEY, asked)
        return False
    try:
        database.replace(lambda: change_key(database.path))
    except RegisterBusy:
        return False
    _settle(database, PENDING_KEY, asked)
    return True


def _finish_backups(database: Database) -> None:
    """Let the backups forget too. A killed program does it again at its next start: it is settled last."""
    home = database.path.parent
    copies = _pending(database, PENDING_COPIES)
    if copies is not None:
        for copy in unreadable_copies(database.path):
            copy.unlink(missing_ok=True)
        forget_in_backups(database.path, home / FOLDER)
        _settle(database, PENDING_COPIES, copies)
    second = _pending(database, PENDING_SECOND)
    if second is not None and second_place_missing(home) is None:
        place = second_place(home)
        if place is not None:
            forget_in_backups(database.path, place / SECOND_FOLDER)
        _settle(database, PENDING_SECOND, second)


def _pending(database: Database, key: str) -> str | None:
    with database.read() as session:
        row = session.get(SettingRow, key)
        return None if row is None else row.value


def _settle(database: Database, key: str, asked: str) -> None:
    """Remove the request that was carried out, unless a later deletion has replaced it."""
    with database.write() as session:
        session.execute(delete(SettingRow).where(SettingRow.key == key, SettingRow.value == asked))
