"""Restoring: what would change is said first, the present is kept, and nobody who was erased comes back."""

import functools
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each

from attendance_app.domain.sessions import Status
from attendance_app.store import driver
from attendance_app.store import restore as restore_module
from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import SCRATCH, contents_of, local_backups
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.driver import connect
from attendance_app.store.errors import (
    BackupDamaged,
    NoSuchBackup,
    NotARegister,
    RegisterBusy,
    RegisterTooNew,
    SessionRecordedElsewhere,
)
from attendance_app.store.restore import find_backup, plan_restore, restore
from attendance_app.store.schema import downgrade

LATER = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def backup(store, session, students, now):
    """Of three students and a session in which S01 is present."""
    each(store).marks.set_by_teacher(session.id, students[0].id, Status.PRESENT, now)
    return store.back_up(Reason.HAND, now).backup.path


def changed(plan):
    return {
        one.kind: (one.back, one.gone, one.changed)
        for one in plan.differences
        if (one.back, one.gone) != ((), ()) or one.changed
    }


def test_a_plan_says_what_would_come_back_vanish_and_change(store, students, session, backup, now):
    each(store).marks.set_by_teacher(session.id, students[0].id, Status.LATE, LATER)
    with store.write() as tx:
        tx.students.add("S04", "Fourth")
        tx.courses.add("ART", "Art")
    before = (store.home / FILE_NAME).read_bytes()
    found = changed(store.plan_restore(backup))
    assert found["student"][1] == ("S04 Fourth",)
    assert found["course"] == ((), ("ART",), 0)
    assert found["mark"] == ((), (), 1)
    assert (store.home / FILE_NAME).read_bytes() == before
    assert not (store.home / SCRATCH).exists()


def test_the_register_becomes_the_backup_and_can_come_back(store, students, session, backup):
    each(store).students.add("S04", "Fourth")
    done = store.restore(backup, LATER)
    assert [one.number for one in store.students.all()] == ["S01", "S02", "S03"]
    assert done.kept.reason is Reason.RESTORE
    store.restore(done.kept.path, LATER)
    assert {one.number for one in store.students.all()} == {"S01", "S02", "S03", "S04"}


def test_an_erased_student_does_not_come_back_from_a_copy_out_of_reach(store, students, session, backup, tmp_path):
    stick = tmp_path / "stick.sqlite3"
    stick.write_bytes(backup.read_bytes())
    each(store).erasures.erase_student(students[0].id, LATER)
    store.restore(stick, LATER)
    assert [one.number for one in store.students.all()] == ["S02", "S03"]
    assert len(store.erasures.log()) == 1
    assert not any(b"Student 01" in file.read_bytes() for file in store.home.rglob("*") if file.is_file())


def test_a_withdrawn_face_does_not_come_back(store, students, session, make_face, now, tmp_path):
    with store.write() as tx:
        tx.consents.record(students[0].id, "form", now)
        tx.templates.add(make_face(students[0]), b"a picture")
    stick = tmp_path / "stick.sqlite3"
    stick.write_bytes(store.back_up(Reason.HAND, now).backup.path.read_bytes())
    each(store).consents.withdraw(students[0].id, LATER)
    store.restore(stick, LATER)
    assert store.templates.of_student(students[0].id) == ()
    assert [one.withdrawn_at for one in store.consents.history(students[0].id)] == [LATER]


def test_numbers_given_since_are_not_given_again(store, backup):
    later = each(store).students.add("S04", "Fourth")
    store.restore(backup, LATER)
    assert each(store).students.add("S05", "Fifth").id > later.id


def test_an_older_backup_is_brought_to_this_schema(store, students, backup):
    downgrade(backup, "0001")
    each(store).students.add("S04", "Fourth")
    store.restore(backup, LATER)
    assert len(store.students.all()) == 3


def test_into_an_empty_folder_on_another_computer(store, students, backup, tmp_path):
    done = restore(tmp_path / "new" / FILE_NAME, backup, LATER)
    assert done.aside is None
    with open_store(tmp_path / "new") as other:
        assert len(other.students.all()) == 3


def test_a_damaged_register_is_put_aside(store, students, backup):
    store.close()
    register = store.home / FILE_NAME
    register.write_bytes(b"no register any more" * 1000)
    done = restore(register, backup, LATER)
    assert done.kept is None
    assert done.aside.read_bytes().startswith(b"no register any more")
    with open_store(store.home) as repaired:
        assert len(repaired.students.all()) == 3


@pytest.mark.parametrize("kind", [NotARegister, RegisterTooNew, BackupDamaged, NoSuchBackup])
def test_what_can_not_be_restored_changes_nothing(store, students, backup, tmp_path, kind):
    file = tmp_path / "file.sqlite3"
    if kind is BackupDamaged:
        content = bytearray(backup.read_bytes())
        content[4096 * 3 : 4096 * 4] = b"x" * 4096
        file.write_bytes(content)
    elif kind is not NoSuchBackup:
        with closing(driver.connect(file)) as made, made:
            if kind is RegisterTooNew:
                for table in ("course", "student", "mark"):
                    made.execute(f"CREATE TABLE {table} (id INTEGER)")
                made.execute("CREATE TABLE alembic_version (version_num TEXT)")
                made.execute("INSERT INTO alembic_version VALUES ('9999')")
            else:
                made.execute("CREATE TABLE wine (name TEXT)")
    for attempt in (lambda: store.plan_restore(file), lambda: store.restore(file, LATER)):
        with pytest.raises(kind) as refused:
            attempt()
        assert str(file) in str(refused.value)
    assert len(store.students.all()) == 3
    assert len(local_backups(store.home)) == 1
    assert not (store.home / SCRATCH).exists()


def test_the_register_itself_is_no_backup(store, backup):
    for attempt in (store.plan_restore, lambda file: store.restore(file, LATER)):
        with pytest.raises(NoSuchBackup):
            attempt(store.home / FILE_NAME)


def test_not_while_a_session_is_recorded(store, backup):
    with open_store(store.home) as other, other.recording(), pytest.raises(SessionRecordedElsewhere):
        store.restore(backup, LATER)


def test_another_writer_is_not_waited_for_for_ever(store, students, backup, monkeypatch):
    monkeypatch.setattr(restore_module, "PATIENCE_SECONDS", 0.2)
    quick = functools.partial(connect, timeout=0.1)
    monkeypatch.setattr(restore_module, "connect", quick)
    with closing(connect(store.home / FILE_NAME)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterBusy):
            restore(store.home / FILE_NAME, backup, LATER)
    assert len(store.students.all()) == 3


def test_what_a_killed_restore_has_left_is_removed(store, students, backup):
    (store.home / SCRATCH).mkdir()
    (store.home / SCRATCH / "restored.sqlite3").write_bytes(b"half")
    assert changed(plan_restore(store.home / FILE_NAME, backup)) == {}
    assert not (store.home / SCRATCH).exists()


def test_a_backup_is_found_by_name_by_path_and_as_the_latest(store, backup, tmp_path):
    newest = store.back_up(Reason.HAND, LATER + timedelta(days=1)).backup.path
    assert find_backup(store.home, "latest") == newest
    assert find_backup(store.home, backup.stem) == backup == find_backup(store.home, backup.name)
    assert find_backup(store.home, str(backup)) == backup
    with pytest.raises(NoSuchBackup):
        find_backup(tmp_path, "latest")
    assert contents_of(newest).students == 3
