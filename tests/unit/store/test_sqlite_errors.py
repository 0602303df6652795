"""SQLite's codes in the user's world: on a full disk it speaks of input and output."""

import sqlite3

import pytest

from attendance_app.config import disk
from attendance_app.store.errors import DiskFailed, DiskFull, RegisterNotOpened
from attendance_app.store.sqlite_errors import store_error


def code(number: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
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
