"""Photos of every kind come as upright RGB, and whatever is no photo is refused with a reason."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pi_heif
import pillow_heif
import pytest
from PIL import Image as Pictures

from attendance_app.vision import photo
from attendance_app.vision.errors import NotAPhoto, PhotoDamaged, PhotoEmpty, PhotoIsFolder, PhotoMissing, PhotoTooLarge
from attendance_app.vision.photo import PHOTO_SUFFIXES, has_orientation, load_photo, photo_from_bytes


def scene():
    """64 x 48: red above left, green above right, blue below."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, :32, 0] = pixels[:24, 32:, 1] = pixels[24:, :, 2] = 200
    return Pictures.fromarray(pixels)


def saved(picture, form, **how):
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def heic(picture, **how):
    """Encode with pillow-heif, and leave decoding to pi-heif, as the program does."""
    pillow_heif.register_heif_opener()
    try:
        return saved(picture, "HEIF", **how)
    finally:
        pi_heif.register_heif_opener()


def corners(image):
    """Name the brightest channel of the corners: above left, above right, below left, below right."""
    height, width = image.shape[:2]
    spots = [image[y, x] for y in (5, height - 6) for x in (5, width - 6)]
    return "".join("rgb"[int(np.argmax(spot))] for spot in spots)


def turned_exif(orientation):
    exif = Pictures.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_common_formats_come_as_contiguous_rgb(form, tmp_path):
    (tmp_path / "photo").write_bytes(saved(scene(), form))
    image = load_photo(tmp_path / "photo")
    assert (image.shape, image.dtype, image.flags.c_contiguous) == ((48, 64, 3), np.uint8, True)
    assert corners(image) == "rgbb"


@pytest.mark.parametrize(
    ("orientation", "shape", "seen"),
    [(1, (48, 64), "rgbb"), (2, (48, 64), "grbb"), (3, (48, 64), "bbgr"), (6, (64, 48), "brbg"), (8, (64, 48), "gbrb")],
)
def test_a_sideways_photo_is_turned_upright(orientation, shape, seen):
    image = photo_from_bytes(saved(scene(), "JPEG", exif=turned_exif(orientation)), name="a.jpg")
    assert image.shape[:2] == shape
    assert corners(image) == seen


def test_a_file_that_says_which_way_up_it_goes_is_known():
    assert has_orientation(saved(scene(), "JPEG", exif=turned_exif(1)))
    assert has_orientation(saved(scene(), "JPEG", exif=turned_exif(6)))
    assert not has_orientation(saved(scene(), "JPEG"))
    assert not has_orientation(b"no picture")


@pytest.mark.parametrize(("orientation", "seen"), [(1, "rgbb"), (3, "bbgr"), (6, "brbg"), (8, "gbrb")])
@pytest.mark.parametrize("turned_by", ["property and EXIF, as phones write", "EXIF only, as converters write"])
def test_heic_photos_are_read_and_upright(orientation, seen, turned_by, tmp_path):
    exif = turned_exif(orientation)
    content = heic(scene(), exif=exif.tobytes() if "property" in turned_by else exif)
    assert (b"irot" in content) == ("property" in turned_by and orientation != 1)
    (tmp_path / "IMG_0001.HEIC").write_bytes(content)
    assert corners(load_photo(tmp_path / "IMG_0001.HEIC")) == seen


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_an_unreadable_exif_block_is_ignored():
    image = photo_from_bytes(saved(scene(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x00"), name="a.jpg")
    assert corners(image) == "rgbb"


@pytest.mark.parametrize(
    ("mode", "form"),
    [("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("LA", "PNG"), ("RGBA", "PNG"), ("YCbCr", "JPEG")],
)
def test_other_colour_modes_become_rgb(mode, form):
    image = photo_from_bytes(saved(scene().convert(mode), form), name="a")
    assert image.shape == (48, 64, 3)
    assert image.max() > image.min()


def test_transparent_parts_are_white():
    assert photo_from_bytes(saved(Pictures.new("RGBA", (8, 8), (9, 9, 9, 0)), "PNG"), name="a").min() == 255


@pytest.mark.parametrize(
    ("pixels", "form"),
    [
        pytest.param(np.array([[0, 32768, 65535]], np.uint16), "PNG", id="16 bits"),
        pytest.param(np.array([[0, 32768, 65535]], np.int32), "TIFF", id="32 bits"),
        pytest.param(np.array([[0.0, 0.5, 1.0]], np.float32), "TIFF", id="fractions"),
    ],
)
def test_deep_grey_keeps_its_middle_tones(pixels, form):
    image = photo_from_bytes(saved(Pictures.fromarray(pixels), form), name="a")
    assert image[0, :, 0].tolist() == pytest.approx([0, 128, 255], abs=1)


def test_of_an_animation_the_first_picture_counts():
    film = saved(scene(), "GIF", save_all=True, append_images=[Pictures.new("RGB", (64, 48), "white")])
    assert corners(photo_from_bytes(film, name="a.gif")) == "rgbb"


def test_large_photos_can_be_shrunk_keeping_their_shape():
    for form in ("JPEG", "PNG"):
        image = photo_from_bytes(saved(scene().resize((1280, 960)), form), name="a", longest_side=320)
        assert image.shape == (240, 320, 3)
        assert corners(image) == "rgbb"


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        pytest.param(b"", PhotoEmpty, id="empty"),
        pytest.param(b"Dear parents,\n" * 30, NotAPhoto, id="text"),
        pytest.param(saved(scene().resize((640, 480)), "JPEG")[:900], PhotoDamaged, id="cut JPEG"),
        pytest.param(saved(scene().resize((640, 480)), "PNG")[:500], PhotoDamaged, id="cut PNG"),
        pytest.param(saved(scene(), "BMP")[:60], (PhotoDamaged, NotAPhoto), id="cut BMP"),
    ],
)
def test_what_is_no_whole_picture_is_refused_with_its_name(content, kinds):
    with pytest.raises(kinds) as error:
        photo_from_bytes(content, name="photo.jpg")
    assert error.value.name == "photo.jpg"


def test_a_cut_heic_photo_is_refused():
    content = heic(Pictures.fromarray(np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)))
    with pytest.raises((PhotoDamaged, NotAPhoto)):
        photo_from_bytes(content[: len(content) // 2], name="photo.heic")


def claiming_size(content, width, height):
    """Write another size into a PNG's header."""
    header = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


@pytest.mark.parametrize("side", [10_700, 40_000])
def test_a_huge_picture_is_refused_before_it_is_decoded(side, recwarn):
    bomb = claiming_size(saved(Pictures.new("1", (8, 8)), "PNG"), side, side)
    with pytest.raises(PhotoTooLarge, match="limit=112"):
        photo_from_bytes(bomb, name="bomb.png")
    assert not recwarn.list


PEAK_OF_READING = """
import resource, sys
from pathlib import Path
from attendance_app.vision.photo import load_photo
load_photo(Path(sys.argv[1]), longest_side=1200)  # what is loaded once
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
side = int(sys.argv[3])
picture = load_photo(Path(sys.argv[2]), longest_side=side or None)
print(*picture.shape, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in another unit elsewhere")
@pytest.mark.parametrize(
    ("suffix", "side"), [(".jpg", 1200), (".jpg", 0), (".png", 1200), (".webp", 1200), (".webp", 0)]
)
def test_a_photo_of_105_million_pixels_is_read_in_bounded_memory(tmp_path, suffix, side):
    small, large = tmp_path / f"small{suffix}", tmp_path / f"large{suffix}"
    Pictures.new("RGB", (64, 48)).save(small)
    Pictures.linear_gradient("L").resize((11_832, 8_874)).convert("RGB").save(large, method=0)

    command = [sys.executable, "-c", PEAK_OF_READING, str(small), str(large), str(side)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    height, width, _, peak = map(int, answer.split())

    assert (width, height) == ((1200, 900) if side else (5916, 4437))
    assert peak < 500 * 1024


def test_a_photo_that_is_made_smaller_is_still_turned_upright(monkeypatch):
    monkeypatch.setattr(photo, "LARGE_WEBP_PIXELS", 1_000_000)
    picture = Pictures.new("RGB", (4000, 2000), "white")
    picture.paste("black", (0, 0, 2000, 2000))
    exif = picture.getexif()
    exif[0x0112] = 6

    for kind in ("PNG", "JPEG", "WEBP"):
        file = io.BytesIO()
        picture.save(file, kind, exif=exif)
        read = photo_from_bytes(file.getvalue(), name="photo", longest_side=400)
        assert read.shape == (400, 200, 3)
        assert read[:190].max() < 30
        assert read[210:].min() > 225


def test_missing_files_and_folders_are_refused_by_name(tmp_path):
    with pytest.raises(PhotoMissing):
        load_photo(tmp_path / "absent.jpg")
    with pytest.raises(PhotoIsFolder):
        load_photo(tmp_path)


def test_suffixes_are_lower_case_with_their_dot():
    assert {".jpg", ".heic", ".png"} <= PHOTO_SUFFIXES
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in PHOTO_SUFFIXES)
