"""Bring a database file to this program's schema, or say why not."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.store.connection import copy_database
from attendance_app.store.errors import NotARegister, RegisterTooNew
from attendance_app.store.sqlite_errors import known_errors

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0003"
"""Newest revision in ``migrations/``; revisions are four digits and grow by one."""

MIGRATIONS = Path(__file__).parent / "migrations"


def backups(path: Path) -> list[Path]:
    """Return the copies made before migrations of this file."""
    return sorted(path.parent.glob(path.name + ".before-*"))


def revision_of(path: Path) -> str | None:
    """Return the file's schema revision, or None for an empty file.

    Raises StoreError for a file that is not a register of this program. Plain SQL: importing Alembic
    would cost more than the whole start.
    """
    with known_errors(path), closing(sqlite3.connect(path)) as connection:
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
    """Migrate an older or empty file to ``SCHEMA``, keeping a copy of an older one; refuse a newer one."""
    revision = revision_of(path)
    if revision == SCHEMA:
        return
    if revision is not None and revision > SCHEMA:
        raise RegisterTooNew(path=path, found=revision, known=SCHEMA)
    if revision is not None:
        copy_database(path, path.with_name(f"{path.name}.before-{SCHEMA}"))
    upgrade(path)


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
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
