"""The doctor's line about the audit trail: counts and the last record's time, without a change to the register."""

from contextlib import closing
from datetime import UTC, datetime

from attendance_app.services.doctor.audit import check_audit
from attendance_app.services.doctor.check_result import CheckState
from attendance_app.store import driver
from attendance_app.store.database import FILE_NAME, open_store

NOW = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


def test_without_a_register_there_is_no_trail(tmp_path):
    assert check_audit(tmp_path).detail == "no register yet"


def test_records_are_counted_and_the_last_one_has_its_time(tmp_path):
    with open_store(tmp_path, clock=lambda: NOW) as store, store.write() as tx:
        tx.students.add("1", "Ana Ruiz")
        tx.students.add("2", "Ben Ruiz")
    with closing(driver.connect(tmp_path / FILE_NAME)) as connection:
        # The first record is of the day on which the register was made.
        connection.execute("UPDATE audit_record SET at = '2026-03-01 08:00:00.000000' WHERE id = 1")
    found = check_audit(tmp_path)
    assert found.state is CheckState.OK
    assert found.detail.startswith("2 records of 2 changes, the last of ")
    assert f"{NOW.astimezone():%Y-%m-%d %H:%M}" in found.detail


def test_a_register_from_before_the_trail_is_no_fault(tmp_path):
    with closing(driver.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE course (id INTEGER)")
    found = check_audit(tmp_path)
    assert (found.state, found.problem) == (CheckState.OK, None)
    assert found.detail.startswith("no record yet")


def test_a_damaged_register_is_named(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    found = check_audit(tmp_path)
    assert found.state is CheckState.FAILED
    assert found.problem is not None
