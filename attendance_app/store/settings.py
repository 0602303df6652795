"""Small settings that belong to the data rather than to the machine, as text by key."""

from attendance_app.store.connection import Database
from attendance_app.store.rows import SettingRow


class SettingRepository:
    """Keys and texts; a key's owner chooses the format."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        with self._database.read() as session:
            row = session.get(SettingRow, key)
            return None if row is None else row.value

    def set(self, key: str, value: str) -> None:
        with self._database.write() as session:
            session.merge(SettingRow(key=key, value=value))
