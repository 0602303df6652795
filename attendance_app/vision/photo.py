"""Photos as RGB arrays, upright, whatever format and phone they come from."""

import functools
import io
import logging
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from PIL import ExifTags, ImageOps, UnidentifiedImageError
from PIL import Image as Pictures

from attendance_app.domain.faces import Image
from attendance_app.domain.sessions import YEARS
from attendance_app.vision.errors import (
    NotAPhoto,
    PhotoDamaged,
    PhotoEmpty,
    PhotoIsFolder,
    PhotoMissing,
    PhotoNotOpened,
    PhotoTooLarge,
)

_log = logging.getLogger(__name__)

PHOTO_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".heic", ".heif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".gif"}
)
"""File name endings, lower case, that are taken for photos."""

WHOLE_PIXELS: Final = 80_000_000
"""Above this a picture is given at half its size or less: whole, its RGB array would take more than 240 MB."""

MAX_PIXELS: Final = 112_000_000
"""Above this a picture is refused unread, unless its decoder makes it smaller while it decodes, as it does with JPEG.
Phones make photos of 108 million pixels; Pillow takes 4 bytes for each, HEIC's decoder 7."""

MAX_JPEG_PIXELS: Final = 250_000_000
"""Above this a JPEG is refused too: decoding takes its time however small the result is. Phones make 200 million."""

LARGE_WEBP_PIXELS: Final = 20_000_000
"""Above this a WebP is decoded by OpenCV: Pillow takes 16 bytes for each pixel, 1.8 GB for 105 million."""

BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error, RuntimeError)
"""What Pillow's and libheif's decoders raise on damaged files."""

# EXIF's number of the field.
_ORIENTATION: Final = 0x0112

# Every photo is read here, and the limits above are the stricter ones but for JPEG.
Pictures.MAX_IMAGE_PIXELS = None


def load_photo(path: Path, *, longest_side: int | None = None) -> Image:
    """Return the picture in ``path``: RGB, uint8, contiguous, turned upright as its EXIF orientation says.

    ``longest_side`` shrinks larger pictures to that many pixels; by default pixels are those of the file, up to
    ``WHOLE_PIXELS``.
    Raises SourceError if there is no such file or it is not a picture that can be read whole.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise PhotoMissing(path=path) from error
    except IsADirectoryError as error:
        raise PhotoIsFolder(path=path) from error
    except OSError as error:
        raise PhotoNotOpened(path=path, reason=error.strerror or str(error)) from error
    return photo_from_bytes(content, name=path.name, longest_side=longest_side)


def photo_from_bytes(content: bytes, *, name: str, longest_side: int | None = None) -> Image:
    """Return the picture whose file content is given, as ``load_photo`` does; ``name`` is for the error."""
    if not content:
        raise PhotoEmpty(name=name)
    _know_heif()
    try:
        with Pictures.open(io.BytesIO(content)) as picture:
            # In this order: a draft makes the size smaller that is judged next, and nothing is decoded before ``load``.
            _draft(picture, longest_side)
            _refuse_huge(picture, name)
            if picture.format == "WEBP" and picture.width * picture.height > LARGE_WEBP_PIXELS:
                return _as_array(_upright(_large_webp(picture, content, longest_side)), longest_side)
            picture.load()
            _restore_heif_turn(picture, content)
            return _as_array(_upright(_reduced(picture, longest_side)), longest_side)
    except UnidentifiedImageError as error:
        raise NotAPhoto(name=name) from error
    except BROKEN as error:
        raise PhotoDamaged(name=name, reason=str(error).rstrip(".")) from error


def taken_at(path: Path) -> datetime | None:
    """Return when a photo was taken by its EXIF block, in UTC; None where it doesn't say, or can't be read.

    Without the distance from UTC, which many cameras leave out, the time is taken for this machine's local one.
    """
    _know_heif()
    try:
        with Pictures.open(path) as picture:
            times = picture.getexif().get_ifd(ExifTags.IFD.Exif)
            # Cameras end texts with a zero byte and fill them up with spaces.
            written = str(times.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
            zone = str(times.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    except (*BROKEN, UnidentifiedImageError):
        return None
    try:
        moment = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone is another field
    except ValueError:
        return None
    try:
        moment = datetime.fromisoformat(f"{moment.isoformat()}{zone}")
    except ValueError:
        _log.info("%s: %s is no distance from UTC", path.name, zone)
    try:
        # Dates far from now are beyond what the system can convert.
        moment = moment.astimezone(UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment if moment.year in YEARS else None


def has_orientation(content: bytes) -> bool:
    """Whether a picture's file says which way up it goes (``photo_from_bytes`` turns it so); False when unreadable."""
    _know_heif()
    try:
        with Pictures.open(io.BytesIO(content)) as picture:
            return _ORIENTATION in picture.getexif() or picture.info.get("original_orientation") is not None
    except (*BROKEN, UnidentifiedImageError):
        return False


def _draft(picture: Pictures.Image, longest_side: int | None) -> None:
    """Have a JPEG decoded at an eighth, a quarter or half of its size where that is still large enough.

    A progressive JPEG is held whole while it is decoded, so that a very large one is left as it is, and refused.
    """
    wanted = picture.size
    if longest_side is not None:
        wanted = (longest_side, longest_side)
    elif picture.width * picture.height > WHOLE_PIXELS:
        wanted = (picture.width // 2, picture.height // 2)
    pixels = picture.width * picture.height
    if pixels <= (MAX_PIXELS if picture.info.get("progressive") else MAX_JPEG_PIXELS):
        picture.draft("RGB", wanted)


def _refuse_huge(picture: Pictures.Image, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise PhotoTooLarge(name=name, limit=MAX_PIXELS // 1_000_000)


def _reduced(picture: Pictures.Image, longest_side: int | None) -> Pictures.Image:
    """A picture of half the size or less, before it is turned and converted, each of which copies it."""
    pixels, factor = picture.width * picture.height, 1
    if longest_side is not None:
        # Twice the size wanted is left, for the finer resampling that follows.
        factor = max(picture.size) // (2 * longest_side)
    elif pixels > WHOLE_PIXELS:
        factor = 2
    if factor < 2 or picture.mode not in {"L", "RGB", "RGBA", "CMYK", "LA", "YCbCr"}:
        return picture
    small = picture.reduce(factor)
    # ``reduce`` drops the EXIF block, which says how the picture is turned.
    small.info.update(picture.info)
    small.getexif().update(picture.getexif())
    return small


def _large_webp(picture: Pictures.Image, content: bytes, longest_side: int | None) -> Pictures.Image:
    import cv2

    fits_half = longest_side is not None and max(picture.size) >= 4 * longest_side
    halve = fits_half or picture.width * picture.height > WHOLE_PIXELS
    size = cv2.IMREAD_REDUCED_COLOR_2 if halve else cv2.IMREAD_COLOR
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), size | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise OSError("its pixels can't be decoded")
    decoded = Pictures.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    decoded.getexif().update(picture.getexif())
    return decoded


@functools.cache
def _know_heif() -> None:
    """Teach Pillow the format of iPhone photos, once."""
    import pi_heif

    pi_heif.register_heif_opener()


def _restore_heif_turn(picture: Pictures.Image, content: bytes) -> None:
    """Give a HEIC photo its EXIF orientation back if that is all it has.

    The format turns pictures by a property of its own (irot, imir), which the decoder obeys and then resets
    EXIF. Files of converters that wrote EXIF only would stay sideways.
    """
    orientation = picture.info.get("original_orientation")
    if isinstance(orientation, int) and b"irot" not in content and b"imir" not in content:
        picture.getexif()[_ORIENTATION] = orientation


def _upright(picture: Pictures.Image) -> Pictures.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN as error:
        _log.info("orientation ignored, EXIF block unreadable: %s", error)
        return picture


def _as_array(picture: Pictures.Image, longest_side: int | None) -> Image:
    rgb = as_rgb(picture)
    if longest_side is not None:
        rgb.thumbnail((longest_side, longest_side), Pictures.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(rgb, dtype=np.uint8))


def as_rgb(picture: Pictures.Image) -> Pictures.Image:
    """Return a picture of any mode as RGB; transparent parts are white."""
    if picture.mode == "RGB":
        return picture
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _deep_grey(picture).convert("RGB")
    if picture.has_transparency_data:
        # On white: transparent pixels may have any colour, often black.
        layer = picture.convert("RGBA")
        return Pictures.alpha_composite(Pictures.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")


def _deep_grey(picture: Pictures.Image) -> Pictures.Image:
    """Bring more than 8 bits of grey to 8; Pillow's own conversion would clip them to white."""
    values = np.asarray(picture).astype(np.float64)
    brightest = float(values.max(initial=0.0))
    # The file doesn't say what white is: 1, 255 or 65535 are what programs write.
    white = 1.0 if picture.mode == "F" and brightest <= 1.0 else 255.0 if brightest <= 255.0 else 65535.0
    if picture.mode.startswith("I;16"):
        white = 65535.0
    return Pictures.fromarray(np.clip(values * 255.0 / max(white, brightest), 0, 255).round().astype(np.uint8))
