"""The one module through which the store reaches SQLite: SQLCipher's, which reads plain files as well.

A file says by its first bytes whether it is plain, or which key it needs (``store.keys``).
"""

import os
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.store.key_store import key_named
from attendance_app.store.keys import SALT_BYTES, FileKey, KeyName, name_in

if TYPE_CHECKING:
    # The same interface, with types.
    import sqlite3 as dbapi
else:
    from sqlcipher3 import dbapi2 as dbapi

__all__ = ["Connection", "Error", "OperationalError", "connect", "dbapi", "is_current", "key_name_of", "salt_of"]

Error = dbapi.Error
OperationalError = dbapi.OperationalError

_FileId = tuple[int, int]


class Connection(dbapi.Connection):
    """A connection that knows which file it has open."""

    file: _FileId | None = None

    def close(self) -> None:
        super().close()
        _closed(self)


_lock = threading.Lock()
_open: dict[_FileId, tuple[bytes, "weakref.WeakSet[Connection]"]] = {}
"""The first bytes of each file that this process has open, and its connections.

On POSIX a process that opens and closes a file in another way than through SQLite loses its locks on it, so such a file
is not opened to read its first bytes.
"""


def connect(path: Path, *, timeout: float = 5.0, key: FileKey | None = None, many_threads: bool = False) -> Connection:
    """Open a database file, which is made if it is not there: encrypted with ``key``, plain without.

    ``timeout``: seconds to wait for another writer. Transactions are begun by whoever wants one: the driver begins none
    by itself. ``many_threads``: the connection may be handed from one thread to another. Raises RegisterLocked for a
    file whose key is not kept on this computer.
    """
    with _lock:
        header = key.salt if key is not None else _header(path)
        name = name_in(header)
        used = key or (None if name is None else key_named(name, path).for_file(header))
        connection = dbapi.connect(
            path, timeout=timeout, isolation_level=None, check_same_thread=not many_threads, factory=Connection
        )
        _note_open(connection, path, header)
    # Its messages would go to the error output; errors are raised as well.
    connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
    if used is not None:
        connection.execute(f'PRAGMA key = "{used.pragma}"').fetchall()
    return connection


def key_name_of(path: Path) -> KeyName | None:
    """Return which key a file needs; None for a plain one, one that is not there, and what is no database of ours."""
    with _lock:
        return name_in(_header(path))


def salt_of(path: Path) -> bytes:
    """Return a file's first 16 bytes."""
    with _lock:
        return _header(path)


def is_current(connection: Connection, path: Path) -> bool:
    """Whether the connection's file is still the one that ``path`` leads to."""
    return connection.file == _id_of(path)


def _id_of(path: Path) -> _FileId | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - one call
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _header(path: Path) -> bytes:
    file = _id_of(path)
    if file is None:
        return b""
    if file in _open and _open[file][1]:
        return _open[file][0]
    try:
        with path.open("rb") as opened:
            return opened.read(SALT_BYTES)
    except OSError:
        return b""  # SQLite says what the matter is


def _note_open(connection: Connection, path: Path, header: bytes) -> None:
    connection.file = _id_of(path)
    if connection.file is not None:
        _, connections = _open.get(connection.file, (b"", weakref.WeakSet()))
        connections.add(connection)
        _open[connection.file] = (header, connections)


def _closed(connection: Connection) -> None:
    with _lock:
        if connection.file in _open:
            connections = _open[connection.file][1]
            connections.discard(connection)
            if not connections:
                del _open[connection.file]
