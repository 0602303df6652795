"""The database file: connections, pragmas, and transactions of many readers and one writer."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session as OrmSession

from attendance_app.store import driver
from attendance_app.store.audit_chain import watch
from attendance_app.store.errors import DataFolderUnusable
from attendance_app.store.sqlite_errors import PRIMARY_CODE, known_errors

PRAGMAS = (
    "PRAGMA synchronous = FULL",  # docs/adr/0030: a committed mark survives a power cut too
    "PRAGMA foreign_keys = ON",  # off by default, for each connection anew
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
    "PRAGMA temp_store = MEMORY",  # no faces in the folder for temporary files
)

LATER = {driver.dbapi.SQLITE_BUSY, driver.dbapi.SQLITE_LOCKED, driver.dbapi.SQLITE_FULL}
"""Errors after which the file is rewritten later."""


class Database:
    """One SQLite file. Thread-safe: every transaction has its own session."""

    def __init__(self, path: Path, *, busy_timeout_s: float) -> None:
        self.path = path
        # SQLite has one writer. Threads wait here instead of in SQLite's busy timeout, which would end in an error
        # after some seconds.
        self._writer = threading.Lock()
        self._writing: int | None = None
        """The thread that is writing."""
        self._engine = _engine(path, busy_timeout_s)

    @contextmanager
    def read(self) -> Iterator[OrmSession]:
        """Return a session that sees one snapshot of the database and never waits for a writer."""
        self._refuse_inside_a_write()
        with known_errors(self.path), OrmSession(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[OrmSession]:
        """The only writing transaction: commits at the end of the block, rolls back on any exception.

        Threads of this process queue for it; another process is waited for up to the busy timeout (StoreError).
        """
        with self._only_writer(), known_errors(self.path), OrmSession(self._engine) as session, session.begin():
            # IMMEDIATE takes the write lock at the start. A transaction that begins with a read and writes later would
            # fail with SQLITE_BUSY_SNAPSHOT if another process has written in between.
            session.connection(execution_options={"sqlite_begin": "BEGIN IMMEDIATE"})
            yield session

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        self._refuse_inside_a_write()
        with self._writer:
            self._writing = threading.get_ident()
            try:
                yield
            finally:
                self._writing = None

    def _refuse_inside_a_write(self) -> None:
        """Raise RuntimeError: a nested write would wait for the outer one for ever, and a read would not see its
        changes."""
        # Read without the lock: no other thread can have set it to the id of this one.
        if self._writing == threading.get_ident():
            raise RuntimeError("this thread is inside a write: use the repositories of its transaction")

    def scrub(self) -> bool:
        """Rewrite the file without deleted content; False if a reader or a full disk prevents it. Raises StoreError."""
        with self._only_writer(), known_errors(self.path), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, driver.Connection)
            try:
                # On the raw connection: VACUUM is not allowed inside a transaction, and SQLAlchemy would begin one.
                raw.execute("VACUUM")
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except driver.OperationalError as error:
                if error.sqlite_errorcode & PRIMARY_CODE not in LATER:
                    raise
                return False
            # The rewritten pages are in the log first; with a reader in the way, the old ones are still in the file.
            return not busy

    def replace(self, replacing: Callable[[], object]) -> None:
        """Close every connection and run what puts another file in this one's place, while no thread writes.

        Raises StoreError.
        """
        with self._only_writer():
            self._engine.dispose()
            replacing()

    def close(self) -> None:
        """Close every connection; the last one merges the write-ahead log into the file."""
        self._engine.dispose()


def _engine(path: Path, busy_timeout_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: _prepared(path, busy_timeout_s),
        module=driver.dbapi,
        hide_parameters=True,  # an error that is logged must name nobody
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A plain BEGIN for readers, which lock nothing until they read; ``write`` asks for IMMEDIATE.
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    return engine


def _prepared(path: Path, busy_timeout_s: float) -> driver.Connection:
    """Open a connection to the file that the path leads to when it has its first lock on it."""
    while True:
        connection = driver.connect(path, timeout=busy_timeout_s, many_threads=True)
        try:
            _use_wal(connection, busy_timeout_s)
            for pragma in PRAGMAS:
                connection.execute(pragma)
            watch(connection)
        except BaseException:
            connection.close()
            raise
        # While this one waited, the file may have been replaced by one with another key (store.encryption).
        if driver.is_current(connection, path):
            return connection
        connection.close()


def _use_wal(connection: driver.Connection, busy_timeout_s: float) -> None:
    """Switch to the write-ahead log, so that readers never wait for the writer.

    SQLite's busy timeout does not cover the first switch, so it is repeated here.
    """
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except driver.OperationalError as error:
            busy = error.sqlite_errorcode & PRIMARY_CODE in {driver.dbapi.SQLITE_BUSY, driver.dbapi.SQLITE_LOCKED}
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def create_file(path: Path) -> None:
    """Make the folder and an empty file readable by the owner only; SQLite's own files inherit the file's mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise DataFolderUnusable(folder=path.parent, reason=error.strerror or str(error)) from error
