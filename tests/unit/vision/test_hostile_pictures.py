"""Damaged photos and films: only known errors come out, soon, and a good part is still read."""

import io
import sys
import time

import numpy as np
import pi_heif
import pillow_heif
import pytest
from damage import damages
from PIL import Image as Pictures

from attendance_app.domain.errors import KnownError
from attendance_app.vision.photo import has_orientation, photo_from_bytes, taken_at
from attendance_app.vision.sources import open_source

SECONDS_EACH = 5.0
MEGABYTES = 600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
FILMS = {"film.avi": "MJPG", "film.mp4": "mp4v", "film.mkv": "MJPG", "film.wmv": "WMV2", "film.mov": "mp4v"}


def photo(form: str) -> bytes:
    noise = np.random.default_rng(5).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    picture = Pictures.fromarray(noise).resize((128, 96))
    picture.getexif()[0x0112] = 6
    file = io.BytesIO()
    pillow_heif.register_heif_opener()
    try:
        picture.save(file, form, **({} if form in {"GIF", "BMP"} else {"exif": picture.getexif()}))
    finally:
        pi_heif.register_heif_opener()
    return file.getvalue()


def peak_megabytes() -> float:
    """The most memory that this process has had; 0 where it isn't known."""
    if sys.platform != "linux":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("form", FORMATS)
def test_a_damaged_photo_is_read_or_refused_in_words(tmp_path, form):
    read, refused, before = 0, 0, peak_megabytes()
    for content in damages(photo(form), seed=8, count=60):
        started = time.monotonic()
        has_orientation(content)
        (tmp_path / "photo").write_bytes(content)
        taken_at(tmp_path / "photo")
        try:
            image = photo_from_bytes(content, name="photo", longest_side=64)
        except KnownError:
            refused += 1
        else:
            read += 1
            assert max(image.shape[:2]) <= 64
        assert time.monotonic() - started < SECONDS_EACH
    assert refused
    assert read or form == "PNG"  # whose every part has a checksum
    assert peak_megabytes() - before < MEGABYTES


def frames_of(path) -> int | None:
    """How many frames are read; None for a film that is refused."""
    count = 0
    try:
        with open_source(str(path)) as source:
            while source.read() is not None:
                count += 1
                assert count < 1_000
    except KnownError:
        return None
    return count


@pytest.mark.parametrize(("name", "code"), FILMS.items(), ids=FILMS.keys())
def test_a_damaged_film_is_read_as_far_as_it_goes_or_refused_in_words(make_video, tmp_path, name, code):
    film, counts = make_video(name, frames=30, code=code), []
    assert frames_of(film) == 30
    for content in damages(film.read_bytes(), seed=8, count=25):
        film.write_bytes(content)
        started = time.monotonic()
        counts.append(frames_of(film))
        assert time.monotonic() - started < SECONDS_EACH
    assert sum(count or 0 for count in counts) > 30 * len(counts) / 4
