"""Deleted faces leave the files: asked for in the deleting transaction, done after it or at the next start."""

from sqlalchemy import delete
from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.connection import Database
from attendance_app.store.rows import SettingRow

PENDING = "store.scrub_pending"


def ask_for_scrub(session: OrmSession) -> None:
    """Note, in the same transaction as the deletion, that the files still have to be rewritten."""
    session.merge(SettingRow(key=PENDING, value="1"))


def finish_scrub(database: Database) -> None:
    """Rewrite the files if a deletion still asks for it; left for the next start when somebody reads just now."""
    with database.read() as session:
        pending = session.get(SettingRow, PENDING) is not None
    if pending and database.scrub():
        with database.write() as session:
            session.execute(delete(SettingRow).where(SettingRow.key == PENDING))
