"""Run by Alembic: one connection, one transaction, foreign keys off while tables are rebuilt and checked after."""

from typing import Any

from alembic import context
from sqlalchemy import URL, create_engine, event
from sqlalchemy.pool import NullPool

from attendance_app.store import driver
from attendance_app.store.rows import Base


def run() -> None:
    """Migrate the file named by the configuration's attribute ``database``."""
    path = context.config.attributes["database"]
    # No pool: the connection is closed at the end, before the store opens its own.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: driver.connect(path, timeout=30),
        module=driver.dbapi,
        poolclass=NullPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: driver.Connection, _record: Any) -> None:
        # Rebuilding a table drops it, which would cascade. It can't be turned off inside a transaction.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            # SQLite can change little of a table in place: Alembic copies it.
            render_as_batch=True,
            transactional_ddl=True,
            # All migrations or none: a file between two revisions of the program helps nobody.
            transaction_per_migration=False,
        )
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"migration leaves broken references: {broken[:5]}")


run()
