"""A register encrypted, made plain, given another key: with the same content, and whole after a kill at any step."""

import os
import random
import shutil
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from single_writes import each

from attendance_app.store import driver, encryption, key_store, protection
from attendance_app.store.backup_files import FOLDER, Reason, backups_in
from attendance_app.store.contents import digest, is_whole
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.encryption import OLD, recode
from attendance_app.store.errors import (
    EncryptionFailed,
    EncryptionNotVerified,
    RegisterBusy,
    RegisterDamaged,
    RegisterLocked,
)
from attendance_app.store.keys import PLAIN_HEADER, first_key, new_seed
from attendance_app.store.restore import restore

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STEPS = 30
"""How many kills a test tries."""
NAME = "Marca Inconfundible"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    key_store.forget_what_was_read()
    yield
    key_store.forget_what_was_read()


@pytest.fixture
def register(store, now):
    """A closed plain register with a student, and a backup of it."""
    if driver.key_name_of(store.home / FILE_NAME) is not None:
        store.close()
        protection.decrypt(store.home / FILE_NAME, now)
    each(store).students.add("S01", NAME)
    store.back_up(Reason.HAND, now)
    store.close()
    return store.home / FILE_NAME


@pytest.fixture
def key():
    return key_store.key_for_new(new_seed())


def content(path):
    with closing(driver.connect(path)) as connection:
        assert is_whole(connection)
        return digest(connection)


def test_everything_is_there_after_each_change_of_key(register, key):
    before = content(register)
    for wanted in (key, key.next(), first_key(new_seed()), None, key):
        if wanted is not None and key_store.find(wanted.name.chain) is None:
            key_store.keep(key_store.Entry(wanted))
        recode(register, wanted)
        assert driver.key_name_of(register) == (None if wanted is None else wanted.name)
        assert content(register) == before
    with open_store(register.parent) as store:
        assert [student.name for student in store.students.all()] == [NAME]


def test_an_encrypted_register_shows_nothing_and_opens_without_its_key_nowhere(register, key):
    assert NAME.encode() in register.read_bytes()
    recode(register, key)
    assert NAME.encode() not in register.read_bytes()
    assert PLAIN_HEADER not in register.read_bytes()
    assert sorted(path.name for path in register.parent.glob(f"{FILE_NAME}*")) == [FILE_NAME]
    key_store.forget(key.name.chain)
    with pytest.raises(RegisterLocked):
        open_store(register.parent)


def test_an_altered_byte_of_an_encrypted_register_is_noticed(register, key):
    recode(register, key)
    data = bytearray(register.read_bytes())
    data[9000] ^= 1
    register.write_bytes(data)
    with closing(driver.connect(register)) as connection:
        assert not is_whole(connection)
    with open_store(register.parent) as store, pytest.raises(RegisterDamaged):
        store.back_up(Reason.HAND, NOW)


def test_the_old_file_is_overwritten(register, key, monkeypatch):
    seen = []
    monkeypatch.setattr(encryption, "overwrite", lambda file: seen.append((file.name, file.read_bytes())))
    recode(register, key)
    assert [name for name, _ in seen] == [FILE_NAME + OLD]
    assert NAME.encode() in seen[0][1], "it is the old register that is overwritten"


def test_overwriting_leaves_zeros(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"x" * 3_000_001)
    encryption.overwrite(file)
    assert file.read_bytes() == bytes(3_000_001)


def test_a_register_that_somebody_has_open_keeps_its_key(register, key):
    before = content(register)
    with open_store(register.parent) as store:
        store.students.all()
        with pytest.raises(RegisterBusy):
            recode(register, key)
    assert driver.key_name_of(register) is None
    assert content(register) == before


def test_what_was_written_wrongly_never_takes_the_place(register, key, monkeypatch):
    before, real = content(register), encryption._export
    monkeypatch.setattr(encryption, "_export", lambda *what: (*real(*what), "another"))
    with pytest.raises(EncryptionNotVerified):
        recode(register, key)
    assert content(register) == before
    assert [path.name for path in register.parent.glob(f"{FILE_NAME}*")] == [FILE_NAME]


def test_a_disk_that_refuses_leaves_the_register_as_it_was(register, key, monkeypatch):
    before = content(register)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EncryptionFailed):
        recode(register, key)
    monkeypatch.undo()
    assert content(register) == before


def test_a_connection_that_waited_for_a_change_of_key_gets_the_new_file(register, key):
    with open_store(register.parent) as store:
        assert len(store.students.all()) == 1
        store.database.replace(lambda: recode(register, key))
        assert len(store.students.all()) == 1
        each(store).students.add("S02", "Second")
    with open_store(register.parent) as store:
        assert len(store.students.all()) == 2


def operations_until(change, last=sys.maxsize):
    """Run ``change`` in a child that dies at its operation on files number ``last``; how many it has begun."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        begun = 0

        def count(event, _):
            nonlocal begun
            if event == "open" or event.startswith(("os.", "shutil.")):
                begun += 1
                if begun == last:
                    os._exit(9)

        try:
            sys.addaudithook(count)
            change()
            os.write(writing, str(begun).encode())
        finally:
            os._exit(0)  # a forked child must not go on with the tests
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading) as answer:
        return int(answer.read() or last)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("change", ["encrypt", "decrypt", "new key", "the file alone"])
def test_killed_at_any_step_every_file_opens_with_everything_in_it(register, now, change, key, tmp_path):
    if change in {"decrypt", "new key"}:
        protection.encrypt(register, now)
    before = students_in(register)

    def run():
        match change:
            case "new key":
                protection.change_key(register)
                protection.drop_old_keys(register)
            case "the file alone":
                recode(register, key)
            case "encrypt":
                protection.encrypt(register, now)
            case "decrypt":
                protection.decrypt(register, now)

    places = (register.parent, tmp_path / "config")
    for place in places:
        shutil.copytree(place, tmp_path / "before" / place.name)

    def back():
        key_store.forget_what_was_read()
        for place in places:
            shutil.rmtree(place)
            shutil.copytree(tmp_path / "before" / place.name, place)

    everything = operations_until(run)
    assert everything > 10, "operations on files were counted"
    # The whole of a long change would take minutes; another part of it is taken each time.
    chance = random.Random(seed := random.randrange(10**6))
    steps = range(1, everything + 1)
    for step in sorted(chance.sample(steps, STEPS)) if everything > STEPS else steps:
        back()
        assert operations_until(run, step) == step
        key_store.forget_what_was_read()
        with open_store(register.parent) as store:
            assert [student.name for student in store.students.all()] == [NAME], f"seed {seed}, step {step}"
        assert students_in(register) == before, f"seed {seed}, step {step}"
        for backup in backups_in(register.parent / FOLDER):
            assert students_in(backup.path) == before, f"seed {seed}, step {step}"
    run()
    assert not list(register.parent.rglob(f"*{OLD}"))
    assert not list(register.parent.rglob("*.part*"))


def students_in(register):
    with closing(driver.connect(register)) as connection:
        assert is_whole(connection)
        return connection.execute("SELECT * FROM student").fetchall()


def test_encrypting_takes_the_backups_along_and_plain_brings_them_back(register, now):
    assert protection.encrypt(register, now) is not None
    backups = backups_in(register.parent / FOLDER)
    assert len(backups) == 2, "the one of before, and one made at the beginning"
    assert {driver.key_name_of(one.path) for one in backups} == {driver.key_name_of(register)}
    found = protection.protection_of(register)
    assert (found.encrypted, found.place, found.confirmed, found.plain_backups) == (
        True,
        key_store.Place.FILE,
        False,
        0,
    )
    assert protection.encrypt(register, now) is None
    assert protection.decrypt(register, now) is not None
    assert {driver.key_name_of(one.path) for one in backups_in(register.parent / FOLDER)} == {None}
    assert protection.is_plain_by_choice(register)
    assert protection.decrypt(register, now) is None
    protection.encrypt(register, now)
    assert not protection.is_plain_by_choice(register)


def test_a_plain_backup_is_restored_into_an_encrypted_register_and_the_other_way(register, now, tmp_path):
    plain = tmp_path / "plain.sqlite3"
    plain.write_bytes(backups_in(register.parent / FOLDER)[0].path.read_bytes())
    protection.encrypt(register, now)
    with open_store(register.parent) as store:
        each(store).students.add("S02", "Second")
        hidden = store.back_up(Reason.HAND, now).backup.path
        store.restore(plain, now)
        assert [student.name for student in store.students.all()] == [NAME]
    assert driver.key_name_of(register) is not None
    encrypted = tmp_path / "encrypted.sqlite3"
    encrypted.write_bytes(hidden.read_bytes())
    protection.decrypt(register, now)
    with open_store(register.parent) as store:
        store.restore(encrypted, now)
        assert len(store.students.all()) == 2
    assert driver.key_name_of(register) is None


def test_after_an_erasure_no_file_opens_with_a_key_of_before(register, now, tmp_path):
    protection.encrypt(register, now)
    name = driver.key_name_of(register)
    protection.confirm(register, protection.recovery_key_of(register))
    stolen = tmp_path / "stolen.sqlite3"
    stolen.write_bytes(register.read_bytes())
    with open_store(register.parent) as store:
        each(store).erasures.erase_student(store.students.all()[0].id, now)
        assert store.students.all() == ()
    after = driver.key_name_of(register)
    assert (after.chain, after.epoch) == (name.chain, 1)
    assert {driver.key_name_of(one.path) for one in backups_in(register.parent / FOLDER)} == {after}
    key_store.forget_what_was_read()
    with pytest.raises(RegisterLocked):
        driver.connect(stolen)


def test_until_the_recovery_key_is_confirmed_a_copy_of_before_an_erasure_still_opens(register, now, tmp_path):
    protection.encrypt(register, now)
    shown = protection.recovery_key_of(register)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(register.read_bytes())
    with open_store(register.parent) as store:
        each(store).erasures.erase_student(store.students.all()[0].id, now)
    key_store.forget_what_was_read()
    assert students_in(copy)
    protection.confirm(register, shown)
    with pytest.raises(RegisterLocked):
        driver.connect(copy)
    protection.unlock(copy, shown)
    assert students_in(copy)
    assert students_in(register) == []


def test_an_erasure_while_somebody_else_reads_changes_the_key_at_the_next_start(register, now):
    protection.encrypt(register, now)
    name = driver.key_name_of(register)
    with open_store(register.parent) as other, other.read() as reading:
        assert len(reading.students.all()) == 1
        with open_store(register.parent, busy_timeout_s=0.2) as store:
            each(store).erasures.erase_student(store.students.all()[0].id, now)
        assert driver.key_name_of(register) == name
    with open_store(register.parent) as store:
        assert store.students.all() == ()
    assert driver.key_name_of(register).epoch == 1


def test_a_damaged_encrypted_register_is_put_aside_for_a_backup_that_stays_encrypted(register, now):
    protection.encrypt(register, now)
    name = driver.key_name_of(register)
    backup = backups_in(register.parent / FOLDER)[0].path
    register.write_bytes(b"damaged" * 5000)
    with open_store_at(register, backup, now) as store:
        assert [student.name for student in store.students.all()] == [NAME]
    assert driver.key_name_of(register) == name


def open_store_at(register, backup, now):
    done = restore(register, backup, now)
    assert done.aside is not None
    return open_store(register.parent)
