"""Backups: made, verified, rotated, kept in a second place, and without whoever was erased."""

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.config.settings import Settings
from attendance_app.config.settings_file import write_settings
from attendance_app.domain.people import TrainedHead
from attendance_app.store import backups as backups_module
from attendance_app.store import driver
from attendance_app.store.backup_files import Backup, Reason, backup_of, backups_in, new_backup, outdated
from attendance_app.store.backups import (
    LOCK_NAME,
    SECOND_FOLDER,
    Contents,
    contents_of,
    keep_daily,
    local_backups,
    make_backup,
    second_place_missing,
)
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import BackupDamaged, BackupNotWritten, BackupRunning, SecondPlaceMissing
from attendance_app.store.recording_lock import backup_lock

LATER = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def named(reason: Reason, made_at: datetime) -> Backup:
    return Backup(Path(f"{made_at:%Y%m%dT%H%M%S}-{reason}"), "0" * 8, made_at, reason)


def enrol(store, course, make_face, at, number="S09", name="Marta Quiroga"):
    with store.write() as tx:
        student = tx.students.add(number, name)
        tx.enrolments.add(course.id, student.id)
        tx.consents.record(student.id, "form", at)
        tx.templates.add(make_face(student), b"thumbnail of marta")
        template = make_face(student)
        head = TrainedHead(course.id, "net:1", (student.id,), b"weights with marta", "{}", at)
        tx.heads.put(head, made_of={(student.id, template.photo_sha256)})
    return student


def second(store, tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    write_settings(store.home, Settings(backup_folder=str(place)))
    return place


def holding(folder: Path, *words: bytes) -> set[bytes]:
    """Which of the words stand in any file below the folder."""
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return {word for word in words if any(word in content for content in files)}


def test_a_backup_holds_what_is_still_in_the_log(store, students, now):
    made = make_backup(store.home / FILE_NAME, Reason.HAND, now)
    assert made.new
    assert made.second_problem is None
    assert contents_of(made.backup.path) == Contents(courses=1, students=3, sessions=0, marks=0)
    assert local_backups(store.home) == (made.backup,)
    assert backup_of(made.backup.path) == made.backup
    assert made.backup.path.stat().st_mode & 0o777 == 0o600
    assert made.backup.path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in made.backup.path.parent.iterdir()] == [made.backup.path.name]


def test_a_name_that_is_taken_gets_the_next_second(tmp_path, now):
    first = new_backup(tmp_path, "0" * 8, Reason.HAND, now)
    first.path.touch()
    assert new_backup(tmp_path, "0" * 8, Reason.DAY, now).made_at == now + timedelta(seconds=1)


def test_other_files_in_the_folder_are_no_backups(tmp_path):
    for name in ("attendance-0a-20260302T080000Z-day.sqlite3", "attendance-00000000-20260302T080000Z-other.sqlite3"):
        (tmp_path / name).touch()
    assert backups_in(tmp_path) == ()
    assert backups_in(tmp_path / "missing") == ()


def test_days_weeks_and_months_are_kept_and_empty_ones_do_not_count():
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    daily = [named(Reason.DAY, noon - timedelta(days=day)) for day in range(400) if not 40 <= day < 120]
    earlier_that_day = named(Reason.DAY, noon - timedelta(hours=2))
    gone = outdated([*daily, earlier_that_day])
    kept = [one.made_at.date() for one in daily if one not in gone]
    assert earlier_that_day in gone
    assert kept[:7] == [one.made_at.date() for one in daily[:7]]
    # Four Sundays (or the newest day) of four weeks, two of which lie within the seven days, then the ends of months.
    assert [str(day) for day in kept[7:9]] == ["2026-06-21", "2026-06-14"]
    assert [str(day) for day in kept[9:12]] == ["2026-05-31", "2026-03-02", "2026-02-28"]
    assert len({(day.year, day.month) for day in kept}) == 12


def test_of_other_backups_the_newest_ten_stay():
    made = [named(Reason.HAND, LATER + timedelta(days=day)) for day in range(12)]
    assert {one.made_at for one in outdated(made)} == {LATER, LATER + timedelta(days=1)}


def test_older_ones_go_when_a_new_one_is_made(store, students, now):
    for hour in range(3):
        each(store).students.add(f"T{hour}", "Somebody")
        make_backup(store.home / FILE_NAME, Reason.DAY, now + timedelta(hours=hour))
    (backup,) = local_backups(store.home)
    assert backup.made_at == now + timedelta(hours=2)


def test_by_itself_only_after_changes_and_an_hour_apart(store, students):
    register, at = store.home / FILE_NAME, datetime.now(UTC)
    assert keep_daily(register, at).new
    each(store).students.add("S04", "Student 04")
    assert keep_daily(register, at + timedelta(minutes=59)) is None
    assert keep_daily(register, at + timedelta(minutes=61)).new
    assert keep_daily(register, at + timedelta(days=2)) is None
    written = (at + timedelta(days=2)).timestamp()
    os.utime(register, (written, written))  # as by merging the log, which changes nothing
    assert not keep_daily(register, at + timedelta(days=2)).new
    assert len(local_backups(store.home)) == 1


def test_a_register_that_is_closed_after_a_change_has_a_backup(tmp_path, now):
    with open_store(tmp_path, clock=lambda: now) as store:
        store.courses.all()
    assert local_backups(tmp_path) == ()
    with open_store(tmp_path, clock=lambda: now) as store:
        each(store).courses.add("M", "Maths")
    assert [(one.reason, one.made_at) for one in local_backups(tmp_path)] == [(Reason.DAY, now)]


def test_a_backup_that_fails_by_itself_does_not_stop_the_work(store, now, caplog):
    (store.home / "backups").write_text("in the way")
    assert keep_daily(store.home / FILE_NAME, now) is None
    assert "no backup was made" in caplog.text
    with pytest.raises(BackupNotWritten):
        make_backup(store.home / FILE_NAME, Reason.HAND, now)


def test_two_at_a_time_are_refused(store, now):
    with backup_lock(store.home / LOCK_NAME), pytest.raises(BackupRunning):
        make_backup(store.home / FILE_NAME, Reason.HAND, now)


def test_what_a_killed_backup_has_left_is_removed(store, now):
    first = make_backup(store.home / FILE_NAME, Reason.HAND, now).backup.path
    (first.parent / f"{first.name}.part").write_bytes(b"half a register")
    make_backup(store.home / FILE_NAME, Reason.HAND, LATER)
    assert holding(store.home, b"half a register") == set()


def test_a_damaged_backup_is_known(store, students, now):
    path = make_backup(store.home / FILE_NAME, Reason.HAND, now).backup.path
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"x" * 4096)
    with pytest.raises(BackupDamaged):
        contents_of(path)


def test_the_second_place_gets_what_it_lacks(store, tmp_path, now):
    make_backup(store.home / FILE_NAME, Reason.HAND, now)
    place = second(store, tmp_path)
    assert make_backup(store.home / FILE_NAME, Reason.HAND, LATER).second_problem is None
    here = {one.path.name: one.path.read_bytes() for one in local_backups(store.home)}
    assert {file.name: file.read_bytes() for file in (place / SECOND_FOLDER).iterdir()} == here
    assert len(here) == 2


def test_a_second_place_that_is_not_there_is_said_and_not_made(store, tmp_path, now):
    place = second(store, tmp_path)
    place.rmdir()
    made = make_backup(store.home / FILE_NAME, Reason.HAND, now)
    assert made.new
    assert isinstance(made.second_problem, SecondPlaceMissing)
    assert second_place_missing(store.home) == place
    assert not place.exists()


WORDS = (b"Marta Quiroga", b"thumbnail of marta", b"weights with marta")


@pytest.mark.parametrize("how", ["erased", "withdrawn"])
def test_backups_forget_with_the_register(store, course, make_face, tmp_path, now, how):
    place = second(store, tmp_path)
    student = enrol(store, course, make_face, now)
    make_backup(store.home / FILE_NAME, Reason.HAND, now)
    assert holding(store.home / "backups", *WORDS) == set(WORDS) == holding(place, *WORDS)
    if how == "erased":
        each(store).erasures.erase_student(student.id, LATER)
    else:
        each(store).consents.withdraw(student.id, LATER)
    left = {b"Marta Quiroga"} if how == "withdrawn" else set()
    for folder in (store.home / "backups", place, store.home):
        assert holding(folder, *WORDS) == left
    (backup,) = local_backups(store.home)
    assert contents_of(backup.path).courses == 1


def test_a_second_place_forgets_when_it_is_back(store, course, make_face, tmp_path, now):
    place = second(store, tmp_path)
    student = enrol(store, course, make_face, now)
    make_backup(store.home / FILE_NAME, Reason.HAND, now)
    place.rename(tmp_path / "pulled out")
    each(store).erasures.erase_student(student.id, LATER)
    assert holding(tmp_path / "pulled out", *WORDS) == set(WORDS)
    (tmp_path / "pulled out").rename(place)
    open_store(store.home).close()
    assert holding(place, *WORDS) == set()


def test_a_face_enrolled_again_after_a_withdrawal_stays_in_backups(store, course, make_face, now):
    student = enrol(store, course, make_face, now)
    each(store).consents.withdraw(student.id, now + timedelta(hours=1))
    with store.write() as tx:
        tx.consents.record(student.id, "form", LATER)
        again = make_face(student, photo="b", seed=1)
        tx.templates.add(
            type(again)(student.id, again.encoder_id, again.encoding, "b" * 64, 0.9, LATER), b"new picture"
        )
        other = tx.students.add("S10", "Somebody Else")
    make_backup(store.home / FILE_NAME, Reason.HAND, LATER)
    each(store).erasures.erase_student(other.id, LATER)
    assert holding(store.home / "backups", b"new picture", b"Somebody Else") == {b"new picture"}


def test_backups_of_another_register_or_damaged_go_at_an_erasure(store, course, make_face, now):
    student = enrol(store, course, make_face, now)
    kept = make_backup(store.home / FILE_NAME, Reason.HAND, now).backup.path
    other = kept.with_name("attendance-ffffffff-20260101T080000Z-hand.sqlite3")
    other.write_bytes(kept.read_bytes())
    damaged = kept.with_name(kept.name.replace("hand", "day"))
    damaged.write_bytes(b"Marta Quiroga, damaged" * 500)
    each(store).erasures.erase_student(student.id, LATER)
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_a_killed_erasure_is_finished_in_backups_at_the_next_start(store, course, make_face, now, monkeypatch):
    student = enrol(store, course, make_face, now)
    make_backup(store.home / FILE_NAME, Reason.HAND, now)
    with monkeypatch.context() as crash:
        crash.setattr("attendance_app.store.database.finish_scrub", lambda _database: None)
        each(store).erasures.erase_student(student.id, LATER)
    assert holding(store.home / "backups", *WORDS) == set(WORDS)
    open_store(store.home).close()
    assert holding(store.home, *WORDS) == set()


def test_a_full_disk_leaves_the_backup_and_the_task(store, course, make_face, now, monkeypatch):
    student = enrol(store, course, make_face, now)
    make_backup(store.home / FILE_NAME, Reason.HAND, now)

    def full(*_files: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as crowded:
        crowded.setattr(backups_module.shutil, "copyfile", full)
        each(store).erasures.erase_student(student.id, LATER)
    (backup,) = local_backups(store.home)
    assert contents_of(backup.path).students == 1
    open_store(store.home).close()
    assert contents_of(backup.path).students == 0


def test_backups_of_older_schemas_forget_too(store, course, make_face, now):
    student = enrol(store, course, make_face, now)
    path = make_backup(store.home / FILE_NAME, Reason.SCHEMA, now).backup.path
    from attendance_app.store.schema import downgrade

    downgrade(path, "0001")
    each(store).erasures.erase_student(student.id, LATER)
    with closing(driver.connect(path)) as copy:
        assert copy.execute("SELECT count(*) FROM student").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM course").fetchone() == (1,)
