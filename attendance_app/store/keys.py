"""Keys of registers: what a recovery key stands for, and which key a file is encrypted with (docs/adr/0038).

A register has a chain of keys, one epoch after the other; each is made of the one before, and not the other way round.
The first is made of the recovery key. A file's first 16 bytes, SQLCipher's salt, name chain and epoch, so that every
file, also a backup, says by itself which key opens it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from attendance_app.store.errors import NoRecoveryKey

SALT_BYTES: Final = 16
SEED_BYTES: Final = 16
PLAIN_HEADER: Final = b"SQLite format 3\0"
_CHAIN, _EPOCH, _RANDOM, _CHECK = 4, 2, 6, 4  # bytes of a salt
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_CHARACTERS: Final = 28
_CHECK_BITS: Final = 5 * _CHARACTERS - 8 * SEED_BYTES


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which key it is. ``chain``: 8 hexadecimal digits."""

    chain: str
    epoch: int


@dataclass(frozen=True, slots=True)
class FileKey:
    """What SQLCipher needs to open one file: its raw key and the salt that its file begins with."""

    raw: bytes
    salt: bytes

    @property
    def pragma(self) -> str:
        """The value of ``PRAGMA key`` and of ``ATTACH ... KEY``, without the quotation marks around it."""
        return f"x'{self.raw.hex()}{self.salt.hex()}'"


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The key of one epoch. ``secret``: 32 bytes; not in the repr, which may get into a log."""

    name: KeyName
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.name})"

    def next(self) -> "Key":
        """The key of the next epoch; this one can't be computed from it."""
        return Key(KeyName(self.name.chain, self.name.epoch + 1), _derived(self.secret, b"attendance next key"))

    def at(self, epoch: int) -> "Key":
        """The key of a later epoch, or this one."""
        key = self
        while key.name.epoch < epoch:
            key = key.next()
        return key

    def for_new_file(self) -> FileKey:
        """The key of a file yet to be made; each file has its own."""
        head = bytes.fromhex(self.name.chain) + self.name.epoch.to_bytes(_EPOCH) + secrets.token_bytes(_RANDOM)
        return self.for_file(head + _check(head))

    def for_file(self, salt: bytes) -> FileKey:
        """The key of a file that begins with ``salt``."""
        return FileKey(_derived(self.secret, b"attendance file" + salt), salt)


def name_in(header: bytes) -> KeyName | None:
    """Return which key a file's first 16 bytes name; None for a plain file and for any other."""
    head, check = header[: SALT_BYTES - _CHECK], header[SALT_BYTES - _CHECK : SALT_BYTES]
    if len(header) < SALT_BYTES or check != _check(head):
        return None
    return KeyName(head[:_CHAIN].hex(), int.from_bytes(head[_CHAIN : _CHAIN + _EPOCH]))


def _check(head: bytes) -> bytes:
    return hashlib.sha256(b"attendance salt" + head).digest()[:_CHECK]


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, purpose, "sha256")


def new_seed() -> bytes:
    """Return 16 random bytes, of which a chain's first key is made."""
    return secrets.token_bytes(SEED_BYTES)


def first_key(seed: bytes) -> Key:
    """Return the key of epoch 0."""
    chain = hashlib.sha256(b"attendance chain" + seed).digest()[:_CHAIN].hex()
    return Key(KeyName(chain, 0), _derived(seed, b"attendance first key"))


def recovery_key(seed: bytes) -> str:
    """Write a seed as seven groups of four characters, the last with check bits."""
    number = int.from_bytes(seed) << _CHECK_BITS | _check_bits(seed)
    text = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CHARACTERS)))
    return "-".join(text[start : start + 4] for start in range(0, _CHARACTERS, 4))


def seed_of(text: str) -> bytes:
    """Read a recovery key as people type it. Raises NoRecoveryKey."""
    typed = "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    if len(typed) != _CHARACTERS or not set(typed) <= set(_ALPHABET):
        raise NoRecoveryKey
    number = 0
    for character in typed:
        number = number << 5 | _ALPHABET.index(character)
    seed = (number >> _CHECK_BITS).to_bytes(SEED_BYTES)
    if number & ((1 << _CHECK_BITS) - 1) != _check_bits(seed):
        raise NoRecoveryKey
    return seed


def _check_bits(seed: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"attendance recovery key" + seed).digest()) & ((1 << _CHECK_BITS) - 1)
