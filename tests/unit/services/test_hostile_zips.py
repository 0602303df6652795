"""Damaged zips: only known errors come out, soon, and the members that are whole are still read."""

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from damage import damages

from attendance_app.domain.errors import KnownError
from attendance_app.services.photo_folders import find_photos

COMPRESSIONS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2}
MEMBERS = {f"S0{number}/José {number}.jpg": random.Random(number).randbytes(700) * 2 for number in range(1, 7)}
SECONDS_EACH = 2.0


def packed(compression: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in MEMBERS.items():
            archive.writestr(name, content)
    return file.getvalue()


def whole_members(path: Path) -> int:
    """Read a zip as an enrolment does; return how many members came out as they went in."""
    try:
        photos = find_photos(path)
    except KnownError:
        return 0
    whole = 0
    for photo in photos:
        try:
            whole += photo.content() in MEMBERS.values()
        except KnownError:
            continue
    return whole


@pytest.mark.parametrize("compression", COMPRESSIONS.values(), ids=COMPRESSIONS.keys())
def test_a_damaged_zip_is_read_as_far_as_it_goes_or_refused_in_words(tmp_path, compression):
    path, counts = tmp_path / "photos.zip", []
    for content in damages(packed(compression), seed=8, count=150):
        path.write_bytes(content)
        started = time.monotonic()
        counts.append(whole_members(path))
        assert time.monotonic() - started < SECONDS_EACH
    assert sum(counts) > len(counts)
    assert 0 in counts


@pytest.mark.parametrize("compression", COMPRESSIONS.values(), ids=COMPRESSIONS.keys())
def test_damage_inside_one_member_costs_that_member_alone(tmp_path, compression):
    path, chance, good = tmp_path / "photos.zip", random.Random(9), packed(compression)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        places = [(info.header_offset + 60, info.compress_size - 40) for info in archive.infolist()]
    for _ in range(60):
        start, length = chance.choice(places)
        at = start + chance.randrange(length)
        path.write_bytes(good[:at] + bytes([good[at] ^ chance.randint(1, 255)]) + good[at + 1 :])
        assert whole_members(path) >= len(MEMBERS) - 1
