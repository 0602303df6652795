"""Writes a database file anew with another key, encrypted or plain, in one verified step."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from attendance_app.store.contents import digest, is_whole
from attendance_app.store.copying import in_one_step
from attendance_app.store.driver import Connection, connect, dbapi
from attendance_app.store.errors import EncryptionFailed, EncryptionNotVerified, RegisterBusy
from attendance_app.store.keys import FileKey, Key
from attendance_app.store.sqlite_errors import known_errors

OLD: Final = ".old"
"""The end of the name that a replaced file has until it is overwritten."""
_BLOCK: Final = 1 << 20


def recode(path: Path, key: Key | None) -> None:
    """Put a file encrypted with ``key``, or a plain one, in the place of ``path``, with the same content.

    Written beside it, opened again and compared, then renamed; killed at any moment, ``path`` is the old file or the
    new one. The old one is overwritten. Nobody else may have the file open. Raises RegisterBusy, StoreError; the file
    then stays as it was.
    """
    old = path.with_name(path.name + OLD)
    erase_leftover(path)
    file_key = None if key is None else key.for_new_file()
    try:
        # The inner block ends first: nobody may open the old file before the new one has its name.
        with _exclusive(path) as connection, in_one_step(path) as partial:
            found = _export(connection, partial, file_key)
            with known_errors(partial), closing(connect(partial)) as written:
                if not is_whole(written) or _content(written) != found:
                    raise EncryptionNotVerified(path=path)
            with suppress(OSError):  # where a file can't have two names, it is deleted without being overwritten
                os.link(path, old)
            if os.name == "nt":
                connection.close()  # Windows replaces no open file
    except OSError as error:
        raise EncryptionFailed(path=path, reason=error.strerror or str(error)) from error
    erase_leftover(path)


def erase_leftover(path: Path) -> None:
    """Overwrite and delete the file that ``path`` was before a killed ``recode``."""
    old = path.with_name(path.name + OLD)
    if not old.is_file():
        return
    try:
        # Killed before the new file took its place, both names lead to the register.
        if not (path.exists() and old.samefile(path)):
            overwrite(old)
        old.unlink()
    except OSError as error:
        raise EncryptionFailed(path=path, reason=error.strerror or str(error)) from error


def overwrite(file: Path) -> None:
    """Fill a file with zeros, on the disk. A disk that writes elsewhere, as SSDs do, keeps old blocks for a while."""
    with file.open("rb+") as opened:
        left = os.fstat(opened.fileno()).st_size
        while left > 0:
            left -= opened.write(bytes(min(left, _BLOCK)))
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def _exclusive(path: Path) -> Iterator[Connection]:
    """A connection that is the only one. Raises RegisterBusy."""
    with known_errors(path), closing(connect(path)) as connection:
        # Refused while any other connection is open; then the file holds everything, and has no log beside it.
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
            raise RegisterBusy(path=path)
        # Kept after the transaction, until the connection is closed.
        connection.execute("PRAGMA main.locking_mode = EXCLUSIVE").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection


def _export(connection: Connection, target: Path, key: FileKey | None) -> tuple[object, ...]:
    """Write everything to ``target`` and return what it is to hold."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("ATTACH ? AS new KEY ?", (str(target), "" if key is None else key.pragma))
    connection.execute("SELECT sqlcipher_export('new')").fetchall()
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA new.user_version = {version}")
    connection.execute("DETACH new")
    return _content(connection)


def _content(connection: Connection) -> tuple[object, ...]:
    schema = connection.execute(
        "SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY type, name"
    ).fetchall()
    sequences: list[object] = []
    with suppress(dbapi.OperationalError):  # no table of them where no number was ever given
        sequences = connection.execute("SELECT name, seq FROM main.sqlite_sequence ORDER BY name").fetchall()
    return (digest(connection), schema, sequences)
