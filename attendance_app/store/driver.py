"""The one module through which the store reaches SQLite."""

import sqlite3
from pathlib import Path

Connection = sqlite3.Connection
Error = sqlite3.Error


def connect(path: Path, *, timeout: float = 5.0) -> Connection:
    """Open a database file, which is made if it is not there.

    ``timeout``: seconds to wait for another writer. Transactions are begun by whoever wants one: the driver begins
    none by itself.
    """
    return sqlite3.connect(path, timeout=timeout, isolation_level=None)
