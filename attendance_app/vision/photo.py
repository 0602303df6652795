"""Photos as RGB arrays, upright, whatever format and phone they come from."""

import functools
import io
import logging
import struct
import warnings
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Image
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

MAX_PIXELS: Final = 80_000_000
"""Above this a picture is refused unread: its RGB array alone would take 240 MB."""

_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error, RuntimeError)
"""What Pillow's and libheif's decoders raise on damaged files."""

_ORIENTATION: Final = 0x0112

# The limit above is stricter than Pillow's, and refuses instead of printing.
warnings.filterwarnings("ignore", category=Pictures.DecompressionBombWarning)


def load_photo(path: Path, *, longest_side: int | None = None) -> Image:
    """Return the picture in ``path``: RGB, uint8, contiguous, turned upright as its EXIF orientation says.

    ``longest_side`` shrinks larger pictures to that many pixels; by default pixels are those of the file.
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
            _refuse_huge(picture, name)
            if longest_side is not None:
                picture.draft("RGB", (longest_side, longest_side))
            picture.load()
            _restore_heif_turn(picture, content)
            return _as_array(_upright(picture), longest_side)
    except UnidentifiedImageError as error:
        raise NotAPhoto(name=name) from error
    except Pictures.DecompressionBombError as error:
        raise _too_large(name) from error
    except _BROKEN as error:
        raise PhotoDamaged(name=name, reason=str(error).rstrip(".")) from error


def says_upright(content: bytes) -> bool:
    """Whether a picture's file says which way up it goes (``photo_from_bytes`` turns it so); False when unreadable."""
    _know_heif()
    try:
        with Pictures.open(io.BytesIO(content)) as picture:
            return _ORIENTATION in picture.getexif() or picture.info.get("original_orientation") is not None
    except (*_BROKEN, UnidentifiedImageError, Pictures.DecompressionBombError):
        return False


def _too_large(name: str) -> SourceError:
    return PhotoTooLarge(name=name, limit=MAX_PIXELS // 1_000_000)


def _refuse_huge(picture: Pictures.Image, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large(name)


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
    except _BROKEN as error:
        _log.info("orientation ignored, EXIF block unreadable: %s", error)
        return picture


def _as_array(picture: Pictures.Image, longest_side: int | None) -> Image:
    rgb = _as_rgb(picture)
    if longest_side is not None:
        rgb.thumbnail((longest_side, longest_side), Pictures.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(rgb, dtype=np.uint8))


def _as_rgb(picture: Pictures.Image) -> Pictures.Image:
    if picture.mode == "RGB":
        return picture
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _deep_grey(picture).convert("RGB")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        return Pictures.alpha_composite(Pictures.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")


def _deep_grey(picture: Pictures.Image) -> Pictures.Image:
    """Bring more than 8 bits of grey to 8; Pillow's own conversion would clip them to white."""
    values = np.asarray(picture).astype(np.float64)
    brightest = float(values.max(initial=0.0))
    white = 1.0 if picture.mode == "F" and brightest <= 1.0 else 255.0 if brightest <= 255.0 else 65535.0
    if picture.mode.startswith("I;16"):
        white = 65535.0
    return Pictures.fromarray(np.clip(values * 255.0 / max(white, brightest), 0, 255).round().astype(np.uint8))
