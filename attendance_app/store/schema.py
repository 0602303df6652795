"""Brings a database file to this program's schema, or reports why that is not possible."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.store.audit_chain import begin
from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import make_backup
from attendance_app.store.driver import connect
from attendance_app.store.errors import NotARegister, RegisterTooNew
from attendance_app.store.sqlite_errors import known_errors

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0016"
"""Newest revision in ``migrations/``; revisions are four digits and grow by one."""

_VERSION_TABLE = (
    "CREATE TABLE alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it."""

MIGRATIONS = Path(__file__).parent / "migrations"


def unreadable_copies(path: Path) -> list[Path]:
    """Return copies that can't be rewritten: damaged registers put aside, and what earlier versions kept before
    migrations."""
    return sorted(file for pattern in (".before-*", ".damaged-*") for file in path.parent.glob(path.name + pattern))


def revision_of(path: Path) -> str | None:
    """Return the file's schema revision, or None for an empty file.

    Raises StoreError for a file that is not a register of this program. Plain SQL, because importing Alembic would take
    longer than the whole start.
    """
    with known_errors(path), closing(connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if _ours(tables) else None
    if row is None:
        raise NotARegister(path=path)
    return str(row[0])


def _ours(tables: set[str]) -> bool:
    return {"alembic_version", "course", "student", "mark"} <= tables


def ensure_current(path: Path) -> None:
    """Migrate an older file to ``SCHEMA`` and keep a copy of it, make an empty one's tables, refuse a newer one."""
    if revision_of(path) is None:
        _make_tables(path)
    # Asked again: another process may have made the tables first, with another version of the program.
    revision = revision_of(path)
    if revision == SCHEMA:
        begin_audit(path)
        return
    # Compared as texts: all revisions have four digits.
    if revision is not None and revision > SCHEMA:
        raise RegisterTooNew(path=path, found=revision, known=SCHEMA)
    if revision is not None:
        make_backup(path, Reason.SCHEMA, datetime.now(UTC))
    upgrade(path)
    begin_audit(path)


def begin_audit(path: Path) -> None:
    """Begin the audit trail of a register that has none: a new one, or one that was just migrated."""
    with known_errors(path), closing(connect(path, timeout=30)) as connection:
        if connection.execute("SELECT 1 FROM audit_record LIMIT 1").fetchone():
            return
        connection.execute("BEGIN IMMEDIATE")
        begin(connection, datetime.now(UTC))
        connection.execute("COMMIT")


def _make_tables(path: Path) -> None:
    """Make the tables of the newest schema in an empty file, unless another process does so first.

    Without Alembic: importing it takes a fifth of the window's first start. A test compares the tables with those that
    the migrations make.
    """
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    from attendance_app.store.rows import Base

    tables = Base.metadata.sorted_tables
    making: list[CreateTable | CreateIndex] = [CreateTable(table) for table in tables]
    making += [CreateIndex(index) for table in tables for index in sorted(table.indexes, key=lambda one: str(one.name))]
    with known_errors(path), closing(connect(path, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        # Looked up under the lock: two programs may start with the same empty folder.
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in making:
                connection.execute(str(statement.compile(dialect=sqlite.dialect())))
            connection.execute(_VERSION_TABLE)
            connection.execute("INSERT INTO alembic_version VALUES (?)", (SCHEMA,))
        connection.execute("COMMIT")


def upgrade(path: Path, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, in one transaction that a second process waits for."""
    from alembic import command

    with known_errors(path):
        command.upgrade(_alembic_config(path), revision)


def downgrade(path: Path, revision: str) -> None:
    """Run the migrations down to ``revision`` ("base": no tables)."""
    from alembic import command

    with known_errors(path):
        command.downgrade(_alembic_config(path), revision)


def _alembic_config(path: Path) -> "Config":
    from alembic import config as alembic_config

    config = alembic_config.Config(attributes={"database": path})
    # Alembic reads its options with ``%`` as a sign for interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
