"""Files as they come from torn sticks and broken downloads: the same damage for the same seed."""

import random
from collections.abc import Iterator


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes altered, zeroed, taken out, doubled, put in or cut off in one to four places."""
    worse = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(worse) + 1), chance.randint(1, 40)
        match chance.randrange(6):
            case 0:
                worse[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                worse[at : at + length] = bytes(len(worse[at : at + length]))
            case 2:
                del worse[at : at + length]
            case 3:
                worse[at:at] = worse[at : at + length]
            case 4:
                worse[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)])
            case _:
                worse = worse[: max(at, 1)]
    return bytes(worse)


def damages(content: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """So many damaged versions of a file."""
    chance = random.Random(seed)
    for _ in range(count):
        yield damaged(content, chance)
