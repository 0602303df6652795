"""The data folder: made, opened, refused."""

import errno
import os
import sqlite3
import stat
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from single_writes import each

from attendance_app.store import connection, driver, recording_lock, schema
from attendance_app.store.connection import create_file
from attendance_app.store.copying import copy_database
from attendance_app.store.database import FILE_NAME, LOCK_NAME, Store, open_store
from attendance_app.store.errors import (
    DataFolderUnusable,
    DiskFull,
    LockNotWritable,
    NotARegister,
    OpenElsewhere,
    RegisterBusy,
    RegisterDamaged,
    RegisterNotOpened,
    RegisterReadOnly,
    RegisterTooNew,
    SessionRecordedElsewhere,
)
from attendance_app.store.types import UtcDateTime


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_new_folder_and_its_files_are_for_the_owner_only(tmp_path):
    with open_store(tmp_path / "deep" / "home") as store:
        each(store).courses.add("A", "A")
        assert stat.S_IMODE(store.home.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in store.home.iterdir()} == {0o600}


def test_what_was_written_is_there_after_reopening(tmp_path):
    with open_store(tmp_path) as store:
        each(store).courses.add("A", "Algebra")
    with open_store(tmp_path) as store:
        assert store.courses.by_code("A").title == "Algebra"


def test_connections_carry_the_pragmas_that_safety_rests_on(store):
    with store.database.read() as session:
        connection = session.connection()
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    safe = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert values == safe | {"busy_timeout": 200}


def test_a_file_in_place_of_the_folder_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises((RegisterNotOpened, RegisterReadOnly, DataFolderUnusable)):
        open_store(tmp_path / "home")


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"this is no database, only text" * 100)
    with pytest.raises(RegisterDamaged):
        open_store(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes().startswith(b"this is no database")


def test_a_file_damaged_in_its_middle_is_reported_as_damaged(tmp_path):
    with open_store(tmp_path) as store:
        for n in range(200):
            each(store).students.add(f"S{n}", "x" * 80)
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(RegisterDamaged), open_store(tmp_path) as store:
        store.students.all()


def test_another_programs_database_is_refused_and_untouched(tmp_path):
    with closing(driver.connect(tmp_path / FILE_NAME)) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    with pytest.raises(NotARegister):
        open_store(tmp_path)
    with closing(driver.connect(tmp_path / FILE_NAME)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("song",)]


def test_a_newer_programs_database_is_refused(tmp_path):
    open_store(tmp_path).close()
    with closing(driver.connect(tmp_path / FILE_NAME)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegisterTooNew, match="found=9999"):
        open_store(tmp_path)


def test_a_full_disk_is_a_known_error_and_keeps_what_was_committed(store):
    each(store).courses.add("A", "A")
    with store.database.read() as session:
        connection = session.connection()  # goes back to the pool, with its limit, and comes out again to write
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        each(store).courses.add("B", "x" * 1_000_000)
    assert [course.code for course in store.courses.all()] == ["A"]


def test_a_read_only_database_is_a_known_error(store):
    with store.database.read() as session:
        session.connection().exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(RegisterReadOnly):
        each(store).courses.add("A", "A")


@pytest.fixture
def somebody_else(tmp_path_factory):
    """Become a user without rights on what was made before (root alone can)."""
    if not hasattr(os, "seteuid") or os.geteuid() != 0:
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder), lambda: os.seteuid(65534)
        os.seteuid(0)


def test_a_folder_of_somebody_else_is_a_known_error(somebody_else):
    folder, become = somebody_else
    with open_store(folder / "home") as store:
        each(store).courses.add("A", "A")
    (folder / "home").chmod(0o755)
    (folder / "home" / FILE_NAME).chmod(0o644)
    become()
    with pytest.raises((RegisterNotOpened, RegisterReadOnly, DataFolderUnusable)):
        open_store(folder / "home")
    with pytest.raises((RegisterNotOpened, RegisterReadOnly, DataFolderUnusable)):
        open_store(folder / "new")


def test_a_second_writer_gets_a_known_error_while_readers_go_on(store):
    each(store).courses.add("A", "A")
    with closing(driver.connect(store.home / FILE_NAME)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert [course.code for course in store.courses.all()] == ["A"]
        with pytest.raises(RegisterBusy):
            each(store).courses.add("B", "B")
        other.rollback()
    assert each(store).courses.add("B", "B").code == "B"


def test_two_stores_on_one_folder_write_in_turn(tmp_path):
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        for n in range(20):
            each((first, second)[n % 2]).courses.add(f"C{n}", "")
        assert len(first.courses.all()) == len(second.courses.all()) == 20


def test_threads_write_at_once_without_losing_anything(store):
    def add(number: int) -> None:
        for n in range(10):
            each(store).students.add(f"{number}-{n}", "Name")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.students.all()) == 80


def test_only_one_recorder_a_folder(tmp_path):
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        assert not second.is_recording()
        with first.recording():
            assert second.is_recording()
            with pytest.raises(SessionRecordedElsewhere), second.recording():
                pass
        with second.recording():
            assert first.is_recording()


def test_a_time_without_a_zone_is_refused(store, course):
    with pytest.raises(Exception, match="without a zone"):
        each(store).sessions.open(course.id, datetime(2026, 3, 2, 8, 0), timedelta(0))  # noqa: DTZ001


def test_times_come_back_as_utc_whatever_zone_they_came_in(now):
    from zoneinfo import ZoneInfo

    column = UtcDateTime()
    stored = column.process_bind_param(now.astimezone(ZoneInfo("America/Mexico_City")), None)
    assert stored == now.replace(tzinfo=None)
    assert column.process_result_value(stored, None) == now


def test_a_failed_transaction_leaves_nothing_behind(store):
    def half_done() -> None:
        with store.write() as tx:
            tx.courses.add("A", "Algebra")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert store.courses.all() == ()


@pytest.mark.parametrize("inner", ["write", "read", "call"])
def test_a_write_or_a_read_inside_a_write_is_refused_at_once(tmp_path, inner):
    def nested(store: Store) -> None:
        with store.write() as tx:
            tx.courses.add("A", "Algebra")
            if inner == "call":
                store.courses.all()
            else:
                with getattr(store, inner)():
                    pytest.fail("it was let in")

    with open_store(tmp_path, busy_timeout_s=60) as store:
        started = monotonic()
        with pytest.raises(RuntimeError, match="inside a write"):
            nested(store)
        assert monotonic() - started < 5
        assert store.courses.all() == ()


def test_reads_of_one_moment_do_not_see_what_is_written_meanwhile(store):
    each(store).courses.add("A", "Algebra")
    with store.read() as then:
        assert len(then.courses.all()) == 1
        write = threading.Thread(target=lambda: each(store).courses.add("B", "Biology"))
        write.start()
        write.join()
        assert len(then.courses.all()) == 1
    assert len(store.courses.all()) == 2


def test_a_folder_that_cant_be_made_is_a_known_error():
    with pytest.raises(DataFolderUnusable):
        open_store(Path("/dev/null/home") if sys.platform != "win32" else Path("NUL/home"))


def test_asking_whether_somebody_records_never_stops_a_recording(tmp_path):
    """The page "Roll call" asks while it reads; Start was refused when both happened at once."""
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        over = threading.Event()

        def ask_again_and_again() -> None:
            while not over.is_set():
                first.is_recording()

        asking = threading.Thread(target=ask_again_and_again)
        asking.start()
        try:
            for _ in range(200):
                with second.recording():
                    pass
        finally:
            over.set()
            asking.join()


def test_two_who_ask_at_once_see_no_recording(tmp_path):
    with open_store(tmp_path) as first, open_store(tmp_path) as second, ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(one.is_recording) for _ in range(300) for one in (first, second)]
        assert not any(answer.result() for answer in answers)


def test_one_window_a_folder_and_it_stops_no_recording(tmp_path, monkeypatch):
    monkeypatch.setattr(recording_lock, "PATIENCE_SECONDS", 0)
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        with first.window(), first.recording():
            with pytest.raises(OpenElsewhere), second.window():
                pytest.fail("it was let in")
            with pytest.raises(SessionRecordedElsewhere), second.recording():
                pytest.fail("it was let in")
        with second.window(), second.recording():
            pass


def test_a_lock_that_cant_be_opened_is_a_known_error_and_counts_as_held(tmp_path):
    (tmp_path / LOCK_NAME).mkdir()
    with open_store(tmp_path) as store:
        with pytest.raises(LockNotWritable) as refused, store.recording():
            pytest.fail("it was let in")
        assert refused.value.path == tmp_path / LOCK_NAME
        assert refused.value.reason in {os.strerror(errno.EISDIR), os.strerror(errno.EACCES)}
        assert store.is_recording()


def test_a_lock_file_that_a_crash_left_is_no_lock_and_keeps_its_content(tmp_path):
    (tmp_path / LOCK_NAME).write_bytes(b"left")
    with open_store(tmp_path) as store, store.recording():
        assert (tmp_path / LOCK_NAME).read_bytes() == b"left"


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(("frees_after", "got"), [(0, True), (3, True), (49, True), (60, False)])
def test_a_lock_is_tried_for_half_a_second(tmp_path, monkeypatch, frees_after, got):
    clock, tries = Clock(), []

    def lock(_file) -> None:
        tries.append(clock.now)
        if len(tries) <= frees_after:
            raise BlockingIOError

    monkeypatch.setattr(recording_lock, "time", clock)
    monkeypatch.setattr(recording_lock, "_lock", lock)
    assert recording_lock.is_held(tmp_path / "lock") is not got
    assert set(clock.slept) <= {0.01}
    assert clock.now - 100 == pytest.approx(0.5 if not got else frees_after * 0.01, abs=0.011)


class Switching:
    """A connection whose switch to the write-ahead log fails some times."""

    def __init__(self, fails: int, code: int) -> None:
        self.fails = fails
        self.code = code
        self.said: list[str] = []

    def execute(self, statement: str) -> None:
        self.said.append(statement)
        if len(self.said) <= self.fails:
            error = driver.dbapi.OperationalError("locked")
            error.sqlite_errorcode = self.code
            raise error


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_LOCKED])
def test_the_switch_to_the_log_is_tried_for_the_busy_timeout(monkeypatch, code):
    clock = Clock()
    monkeypatch.setattr(connection, "time", clock)
    switching = Switching(3, code)
    connection._use_wal(switching, 0.2)
    assert switching.said == ["PRAGMA journal_mode = WAL"] * 4
    assert clock.slept == [0.02] * 3
    with pytest.raises(driver.dbapi.OperationalError):
        connection._use_wal(Switching(99, code), 0.2)
    assert clock.now - 100.06 == pytest.approx(0.2, abs=0.021)


def test_a_switch_to_the_log_that_fails_otherwise_is_not_tried_again(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(connection, "time", clock)
    switching = Switching(1, sqlite3.SQLITE_READONLY)
    with pytest.raises(driver.dbapi.OperationalError):
        connection._use_wal(switching, 5)
    assert (len(switching.said), clock.slept) == (1, [])


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_copy_has_what_is_in_the_log_and_is_for_the_owner_only(store):
    each(store).courses.add("A", "Algebra")
    target = store.home / "copy.sqlite3"
    copy_database(store.home / FILE_NAME, target)
    assert sorted(file.name for file in store.home.glob("copy*")) == ["copy.sqlite3"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(driver.connect(target)) as copy:
        assert copy.execute("SELECT code FROM course").fetchall() == [("A",)]


def test_a_copy_that_fails_leaves_the_one_there_was(tmp_path):
    damaged, target = tmp_path / "damaged.sqlite3", tmp_path / "copy.sqlite3"
    damaged.write_bytes(b"no database" * 100)
    target.write_bytes(b"earlier")
    with pytest.raises(RegisterDamaged) as refused:
        copy_database(damaged, target)
    assert refused.value.path == damaged
    assert target.read_bytes() == b"earlier"


def test_making_a_file_that_is_there_keeps_it(tmp_path):
    file = tmp_path / "register"
    file.write_bytes(b"content")
    create_file(file)
    assert file.read_bytes() == b"content"
    with pytest.raises(DataFolderUnusable) as refused:
        create_file(file / "register")
    assert refused.value.folder == file
    assert refused.value.reason in {os.strerror(errno.EEXIST), os.strerror(errno.ENOTDIR)}


def test_rewriting_is_put_off_while_somebody_reads_and_otherwise_done(store):
    assert store.database.scrub()
    with closing(driver.connect(store.home / FILE_NAME)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM course").fetchone()
        each(store).courses.add("A", "A")
        assert not store.database.scrub()
    assert store.database.scrub()
    with store.write(), pytest.raises(RuntimeError, match="inside a write"):
        store.database.scrub()


def test_a_damaged_file_that_is_to_be_rewritten_is_a_known_error(store):
    each(store).courses.add("A", "A")
    store.close()
    file = store.home / FILE_NAME
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 8192)
    with pytest.raises(RegisterDamaged) as refused:
        store.database.scrub()
    assert refused.value.path == file


def test_nothing_temporary_is_written_to_the_folder(store):
    with store.database.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA temp_store").scalar() == 2


def test_a_refused_register_is_named_with_both_schemas(tmp_path):
    open_store(tmp_path).close()
    file = tmp_path / FILE_NAME
    with closing(driver.connect(file)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegisterTooNew) as refused:
        open_store(tmp_path)
    assert refused.value.details == {"path": file, "found": "9999", "known": schema.SCHEMA}
    with closing(driver.connect(file)) as newer, newer:
        newer.execute("DELETE FROM alembic_version")
    with pytest.raises(NotARegister) as no_register:
        open_store(tmp_path)
    assert no_register.value.path == file
