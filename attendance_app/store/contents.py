"""What a database file holds, table by table: to verify a copy, and to compare two files."""

import hashlib
from collections.abc import Mapping

from attendance_app.store.driver import Connection

Row = tuple[object, ...]


def tables(connection: Connection) -> tuple[str, ...]:
    """Return the tables that are not SQLite's own, by name."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return tuple(name for (name,) in connection.execute(query))


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables(connection)}


def digest(connection: Connection) -> str:
    """Return a SHA-256 over every row of every table; equal content gives an equal digest, wherever it lies."""
    found = hashlib.sha256()
    for name in tables(connection):
        found.update(name.encode())
        for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
            found.update(repr(row).encode())
    return found.hexdigest()


def is_whole(connection: Connection) -> bool:
    """Whether SQLite finds every page and index in order, and every reference leads somewhere."""
    checked = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return bool(checked == ("ok",)) and connection.execute("PRAGMA foreign_key_check").fetchone() is None


def rows_by_key(connection: Connection, table: str) -> Mapping[object, Row]:
    """Return a table's rows by their rowid."""
    return {row[0]: row[1:] for row in connection.execute(f'SELECT rowid, * FROM "{table}"')}
