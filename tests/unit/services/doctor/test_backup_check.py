"""The doctor's line about backups."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from single_writes import each

from attendance_app.config.settings import Settings
from attendance_app.config.settings_file import write_settings
from attendance_app.services.doctor.backups import check_backups
from attendance_app.services.doctor.check_result import CheckState
from attendance_app.services.doctor.errors import BackupOld, NoBackupYet
from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import local_backups
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import BackupDamaged, SecondPlaceMissing

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def backed_up(home: Path) -> None:
    with open_store(home) as store:
        each(store).students.add("S01", "Somebody")
        store.back_up(Reason.HAND, NOW)


def test_without_a_register_there_is_nothing_to_back_up(tmp_path):
    assert check_backups(tmp_path).state is CheckState.OK
    open_store(tmp_path).close()
    assert isinstance(check_backups(tmp_path).problem, NoBackupYet)


def test_a_backup_is_opened_and_counted(tmp_path):
    backed_up(tmp_path)
    found = check_backups(tmp_path, NOW + timedelta(days=1))
    assert found.state is CheckState.OK
    assert "1 kept; verified: 1 students, 0 sessions" in found.detail


def test_an_old_one_counts_only_when_there_were_changes_since(tmp_path):
    backed_up(tmp_path)
    for days, problem in ((6, type(None)), (9, BackupOld)):
        changed = (NOW + timedelta(days=days)).timestamp()
        os.utime(tmp_path / FILE_NAME, (changed, changed))
        assert isinstance(check_backups(tmp_path, NOW + timedelta(days=30)).problem, problem)


def test_a_damaged_one_fails(tmp_path):
    backed_up(tmp_path)
    local_backups(tmp_path)[0].path.write_bytes(b"x" * 9000)
    found = check_backups(tmp_path, NOW)
    assert found.state is CheckState.FAILED
    assert isinstance(found.problem, BackupDamaged)


def test_a_second_place_that_is_not_there_is_a_warning(tmp_path):
    backed_up(tmp_path)
    write_settings(tmp_path, Settings(backup_folder=str(tmp_path / "stick")))
    assert isinstance(check_backups(tmp_path, NOW).problem, SecondPlaceMissing)
    (tmp_path / "stick").mkdir()
    assert check_backups(tmp_path, NOW).detail.endswith(f"also in {tmp_path / 'stick'}")
