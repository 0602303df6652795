"""Where keys are kept: the keyring, a file where there is none, the environment."""

import stat
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend

from attendance_app.store import key_store
from attendance_app.store.errors import KeyNotKept, NoRecoveryKey
from attendance_app.store.key_store import Entry, Place
from attendance_app.store.keys import first_key, new_seed, recovery_key

SEED = new_seed()


class Ring(KeyringBackend):
    """A keyring in memory. ``broken``: the name of a method that raises."""

    priority = 5

    def __init__(self, broken=""):
        super().__init__()
        self.kept = {}
        self.broken = broken

    def _may(self, name):
        if name == self.broken:
            raise RuntimeError("locked")

    def get_password(self, service, username):
        self._may("get")
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self._may("set")
        self.kept[service, username] = password

    def delete_password(self, service, username):
        self._may("delete")
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    key_store.forget_what_was_read()
    yield
    key_store.forget_what_was_read()


@pytest.fixture
def ring(monkeypatch):
    made = Ring()
    monkeypatch.delenv("ATTENDANCE_KEYRING")
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


@pytest.fixture
def entry():
    """One whose recovery key was confirmed."""
    return Entry(first_key(SEED))


def anew(entry):
    key_store.forget_what_was_read()
    return key_store.find(entry.key.name.chain)


def test_a_key_is_kept_in_the_keyring_and_nowhere_else(ring, entry, tmp_path):
    assert key_store.keep(entry) is Place.KEYRING
    assert anew(entry) == (entry, Place.KEYRING)
    assert not (tmp_path / "config" / "keys").exists()


@pytest.mark.parametrize("broken", ["get", "set"])
def test_a_keyring_that_does_not_work_is_replaced_by_a_file(ring, entry, broken):
    ring.broken = broken
    assert key_store.keep(entry) is Place.FILE
    assert anew(entry) == (entry, Place.FILE)


def test_the_file_is_for_its_owner_only_and_replaced_in_one_step(entry, tmp_path):
    assert key_store.keep(entry) is Place.FILE
    confirmed = Entry(entry.key.next())
    key_store.keep(confirmed)
    assert anew(entry) == (confirmed, Place.FILE)
    folder = tmp_path / "config" / "keys"
    assert [file.name for file in folder.iterdir()] == [f"{entry.key.name.chain}.key"]
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(next(folder.iterdir()).stat().st_mode) == 0o600


def test_until_its_recovery_key_is_confirmed_a_key_is_in_a_file_and_then_in_the_keyring_only(ring, entry):
    assert key_store.keep(Entry(entry.key, SEED)) is Place.FILE
    assert ring.kept == {}
    assert anew(entry) == (Entry(entry.key, SEED), Place.FILE)
    assert key_store.keep(entry) is Place.KEYRING
    assert not key_store.key_file(entry.key.name.chain).exists()
    assert anew(entry) == (entry, Place.KEYRING)


def test_a_forgotten_key_is_nowhere(ring, entry):
    key_store.keep(entry)
    key_store.forget(entry.key.name.chain)
    assert anew(entry) is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no json", '{"epoch": 0, "secret": "zz", "recovery_key": null}'])
def test_a_damaged_file_counts_as_none(entry, text):
    key_store.keep(entry)
    key_store.key_file(entry.key.name.chain).write_text(text)
    assert anew(entry) is None


def test_a_key_from_the_environment_opens_its_own_chain_and_is_kept_nowhere(entry, monkeypatch, tmp_path):
    monkeypatch.setenv("ATTENDANCE_KEY", recovery_key(SEED))
    assert key_store.key_for_new(new_seed()) == entry.key
    found = key_store.find(entry.key.name.chain)
    assert found is not None
    assert found[1] is Place.ENVIRONMENT
    assert key_store.find("00000000") is None
    assert not (tmp_path / "config").exists()
    monkeypatch.setenv("ATTENDANCE_KEY", "nonsense")
    with pytest.raises(NoRecoveryKey):
        key_store.find(entry.key.name.chain)


def test_a_key_that_can_be_kept_nowhere_is_an_error(entry, tmp_path):
    (tmp_path / "config").write_text("a file in the folder's place")
    with pytest.raises(KeyNotKept):
        key_store.keep(entry)
