"""SQLite's error codes become known errors; on a full disk some of its codes say input/output error only."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from attendance_app.config import disk
from attendance_app.store import driver
from attendance_app.store.errors import (
    DiskFailed,
    DiskFull,
    RegisterBusy,
    RegisterDamaged,
    RegisterNotOpened,
    RegisterReadOnly,
)
from attendance_app.store.sqlite_errors import disk_full, known_errors, store_error


def code(number: int) -> driver.dbapi.Error:
    error = driver.dbapi.OperationalError("disk I/O error")
    error.sqlite_errorcode = number
    return error


@pytest.fixture
def free(monkeypatch):
    """``free(bytes)`` left on every disk."""
    return lambda left: monkeypatch.setattr(
        disk.shutil, "disk_usage", lambda _: disk.shutil._ntuple_diskusage(9, 9, left)
    )


@pytest.mark.parametrize("number", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_CANTOPEN])
def test_on_a_full_disk_it_says_how_much_is_needed_and_where(tmp_path, free, number):
    register = tmp_path / "attendance.sqlite3"
    register.write_bytes(bytes(2_500_000))
    free(300_000)
    error = store_error(code(number), register)
    assert isinstance(error, DiskFull)
    assert error.details == {"path": register, "free_mb": 0.3, "needed_mb": 13}


@pytest.mark.parametrize(
    ("number", "kind"), [(sqlite3.SQLITE_IOERR_READ, DiskFailed), (sqlite3.SQLITE_CANTOPEN, RegisterNotOpened)]
)
def test_with_room_on_the_disk_it_is_the_disk_or_the_file(tmp_path, free, number, kind):
    free(10**9)
    assert isinstance(store_error(code(number), tmp_path / "attendance.sqlite3"), kind)


def test_a_disk_that_takes_no_more_files_is_full(tmp_path, monkeypatch):
    class Disk:
        f_files, f_favail = 100, 0

    monkeypatch.setattr(disk.os, "statvfs", lambda _: Disk)
    assert disk.is_full(tmp_path / "not" / "there" / "yet")


def test_an_unknown_code_is_a_bug_of_ours(tmp_path):
    assert store_error(code(sqlite3.SQLITE_MISUSE), tmp_path / "attendance.sqlite3") is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (sqlite3.SQLITE_BUSY, RegisterBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, RegisterBusy),
        (sqlite3.SQLITE_LOCKED, RegisterBusy),
        (sqlite3.SQLITE_READONLY, RegisterReadOnly),
        (sqlite3.SQLITE_PERM, RegisterReadOnly),
        (sqlite3.SQLITE_AUTH, RegisterReadOnly),
        (sqlite3.SQLITE_CORRUPT, RegisterDamaged),
        (sqlite3.SQLITE_NOTADB, RegisterDamaged),
        (sqlite3.SQLITE_CANTOPEN, RegisterNotOpened),
        (sqlite3.SQLITE_IOERR_FSYNC, DiskFailed),
    ],
)
def test_each_code_is_a_kind_that_names_the_file(tmp_path, free, number, kind):
    free(10**9)
    register = tmp_path / "attendance.sqlite3"
    error = store_error(code(number), register)
    assert type(error) is kind
    assert error.path == register
    with pytest.raises(kind) as raised, known_errors(register):
        raise code(number)
    assert raised.value.path == register
    with pytest.raises(kind) as raised, known_errors(register):
        raise OperationalError("SELECT 1", None, code(number))
    assert (raised.value.path, type(raised.value.__cause__)) == (register, OperationalError)


@pytest.mark.parametrize(
    "bug",
    [
        code(sqlite3.SQLITE_MISUSE),
        driver.dbapi.ProgrammingError("no code"),
        DBAPIError("SELECT 1", None, ValueError("x")),
    ],
)
def test_what_is_a_bug_of_ours_comes_through_as_it_is(tmp_path, bug):
    with pytest.raises(type(bug)) as raised, known_errors(tmp_path / "attendance.sqlite3"):
        raise bug
    assert raised.value is bug


@pytest.mark.parametrize(
    ("size", "left", "free_mb", "needed_mb"),
    [
        pytest.param(None, 300_000, 0.3, 10, id="no file yet: the journal's room"),
        pytest.param(1_000_000, 0, 0.0, 11, id="a whole megabyte"),
        pytest.param(1_000_001, 5_260_000, 5.3, 12, id="rounded up"),
        pytest.param(1, 10**12, 10, 11, id="never more free than is needed"),
    ],
)
def test_a_full_disk_is_told_in_megabytes(tmp_path, free, size, left, free_mb, needed_mb):
    register = tmp_path / "attendance.sqlite3"
    if size is not None:
        register.write_bytes(bytes(size))
    free(left)
    assert disk_full(register).details == {"path": register, "free_mb": free_mb, "needed_mb": needed_mb}
