"""Migrations and rows say the same, up and down, with data."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from single_writes import each
from sqlalchemy import create_engine

from attendance_app.domain.sessions import Status
from attendance_app.store import driver, schema
from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import local_backups
from attendance_app.store.connection import create_file
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import RegisterDamaged
from attendance_app.store.rows import Base

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / FILE_NAME
    create_file(file)
    return file


def tables(path: Path) -> set[str]:
    with closing(driver.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_migrations_make_exactly_the_rows_tables(path):
    schema.upgrade(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_new_file_has_the_tables_that_the_migrations_make(path, tmp_path):
    schema.upgrade(path)
    new = tmp_path / "new.sqlite3"
    create_file(new)
    schema.ensure_current(new)

    assert schema.revision_of(new) == schema.SCHEMA
    assert columns_and_indexes(new) == columns_and_indexes(path)
    engine = create_engine(f"sqlite:///{new}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_new_file_is_not_migrated(path, monkeypatch):
    monkeypatch.setattr(schema, "upgrade", lambda _path: pytest.fail("Alembic was asked for"))
    schema.ensure_current(path)
    assert schema.revision_of(path) == schema.SCHEMA


@pytest.mark.parametrize("move", [schema.upgrade, lambda path: schema.downgrade(path, "base")])
def test_a_damaged_file_can_be_moved_neither_up_nor_down(path, move):
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(RegisterDamaged) as refused:
        move(path)
    assert refused.value.path == path


def columns_and_indexes(path: Path) -> dict[str, list[object]]:
    """Of every table: its columns, foreign keys and indexes, as SQLite has them."""
    with closing(driver.connect(path)) as connection:
        return {
            table: [
                sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({table})")),
                sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({table})")),
                sorted(row[1:4] for row in connection.execute(f"PRAGMA index_list({table})")),
            ]
            for table in tables(path)
        }


def test_a_new_file_is_made_without_alembic(tmp_path):
    code = (
        "import sys; from pathlib import Path; from attendance_app.store.database import open_store;"
        "open_store(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_programs_schema_is_the_newest_of_one_line_of_revisions():
    revisions = [revision.revision for revision in script().walk_revisions()]
    assert script().get_heads() == [schema.SCHEMA]
    assert revisions == sorted(revisions, reverse=True)
    assert all(len(revision) == 4 and revision.isdecimal() for revision in revisions)


def test_every_revision_goes_down_and_up_again(path):
    schema.upgrade(path)
    for revision in script().walk_revisions():
        schema.downgrade(path, str(revision.down_revision or "base"))
        schema.upgrade(path)
    schema.downgrade(path, "base")
    assert tables(path) <= {"alembic_version", "sqlite_sequence"}
    schema.upgrade(path)
    assert {"mark", "student"} <= tables(path)


def test_upgrading_a_current_database_keeps_its_data(tmp_path):
    with open_store(tmp_path) as store:
        course = each(store).courses.add("A", "A")
        student = each(store).students.add("1", "Name")
        each(store).students.enrol(course.id, student.id)
        session = each(store).sessions.open(course.id, NOW, timedelta(minutes=5))
        each(store).marks.set_by_teacher(session.id, student.id, Status.LATE, NOW)
    schema.upgrade(tmp_path / FILE_NAME)
    with open_store(tmp_path) as store:
        assert [mark.status for mark in store.marks.of_session(1)] == [Status.LATE]


def test_students_of_an_older_database_have_a_name_without_parts(path):
    schema.upgrade(path, "0001")
    with closing(driver.connect(path)) as older, older:
        older.execute("INSERT INTO student (number, name, email, archived) VALUES ('1', 'Ana Ruiz', '', 0)")
    with open_store(path.parent) as store:
        (student,) = store.students.all()
    assert (student.name, student.family_name, student.given_name) == ("Ana Ruiz", "", "")


def test_an_older_database_is_copied_before_it_is_migrated(path, monkeypatch):
    schema.upgrade(path, "0001")
    with closing(driver.connect(path)) as older, older:
        older.execute("INSERT INTO course VALUES (1, 'A', 'Old course', 0)")
    monkeypatch.setattr(schema, "SCHEMA", "9999")
    monkeypatch.setattr(schema, "upgrade", lambda _path: None)
    monkeypatch.setattr(schema, "begin_audit", lambda _path: None)
    schema.ensure_current(path)
    (backup,) = local_backups(path.parent)
    assert backup.reason is Reason.SCHEMA
    with closing(driver.connect(backup.path)) as connection:
        assert connection.execute("SELECT title FROM course").fetchall() == [("Old course",)]


def test_a_failing_migration_leaves_the_file_as_it_was(path, monkeypatch):
    from alembic.operations import Operations

    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(Operations, "create_index", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        schema.upgrade(path)
    assert tables(path) == set()


def test_programs_that_start_at_once_on_an_empty_folder_all_come_up(tmp_path):
    code = (
        "import sys; from pathlib import Path; from attendance_app.store.database import open_store;"
        "s = open_store(Path(sys.argv[1]))\n"
        "with s, s.write() as tx: tx.courses.add(sys.argv[2], '')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "home"), f"C{n}"], env=environment, stderr=subprocess.PIPE
        )
        for n in range(3)
    ]
    errors = [process.communicate(timeout=120)[1].decode() for process in started]
    assert errors == [""] * 3
    with open_store(tmp_path / "home") as store:
        assert len(store.courses.all()) == 3


def test_a_current_database_opens_without_alembic(tmp_path):
    open_store(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from attendance_app.store.database import open_store;"
        "open_store(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
