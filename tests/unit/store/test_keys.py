"""Keys of registers: recovery keys as people type them, chains of keys, and what a file says of its own."""

import pytest

from attendance_app.store.errors import NoRecoveryKey
from attendance_app.store.keys import PLAIN_HEADER, first_key, name_in, new_seed, recovery_key, seed_of

SEED = bytes(range(16))


def test_a_recovery_key_is_read_back_as_it_was_written():
    for _ in range(200):
        seed = new_seed()
        assert seed_of(recovery_key(seed)) == seed


def test_a_recovery_key_may_be_typed_small_with_spaces_and_with_letters_for_digits():
    written = recovery_key(SEED)
    assert len(written) == 34
    typed = written.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert typed != written
    assert seed_of(typed) == SEED


def test_a_wrong_character_is_noticed_wherever_it_is():
    written = recovery_key(SEED)
    for place, character in enumerate(written):
        if character != "-":
            wrong = written[:place] + ("Z" if character != "Z" else "Y") + written[place + 1 :]
            with pytest.raises(NoRecoveryKey):
                seed_of(wrong)


@pytest.mark.parametrize("typed", ["", "ABCD", recovery_key(SEED) + "0", recovery_key(SEED)[:-1] + "U", "ñ" * 28])
def test_what_is_no_recovery_key_is_refused(typed):
    with pytest.raises(NoRecoveryKey):
        seed_of(typed)


def test_a_chain_goes_forward_only_and_by_itself():
    first = first_key(SEED)
    assert first.at(0) == first
    assert first.at(3) == first.next().next().next()
    assert first.at(3).name == type(first.name)(first.name.chain, 3)
    secrets = {first.at(epoch).secret for epoch in range(10)}
    assert len(secrets) == 10
    assert first_key(new_seed()).name.chain != first.name.chain


def test_a_file_says_which_key_it_needs_and_has_one_of_its_own():
    key = first_key(SEED).at(7)
    one, other = key.for_new_file(), key.for_new_file()
    assert name_in(one.salt) == name_in(other.salt) == key.name
    assert one.raw != other.raw
    assert key.for_file(one.salt) == one
    assert first_key(SEED).for_file(one.salt).raw != one.raw


@pytest.mark.parametrize("header", [b"", b"short", PLAIN_HEADER, bytes(16), b"x" * 16])
def test_other_files_name_no_key(header):
    assert name_in(header) is None


def test_a_key_is_not_in_its_repr():
    key = first_key(SEED)
    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)
