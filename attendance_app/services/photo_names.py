"""Safe names and bounded contents of photo files, from any disk or zip."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import IO, Final

from attendance_app.services.errors import PhotoFileTooLarge

MAX_BYTES: Final = 100_000_000
"""No photo is larger; a file is never read beyond that."""


def plain_name(name: str) -> str:
    """Return a relative path without drive, root, "." and "..", in composed letters (NFC).

    Bytes that can't be decoded and control characters are replaced by a character that can be stored and shown.
    """
    # A name on the disk may have bytes that are no UTF-8; Python gives them as lone surrogates, which can't be stored.
    clean = name.encode("utf-8", "replace").decode("utf-8")
    clean = re.sub(r"[\x00-\x1f\x7f]", "�", unicodedata.normalize("NFC", clean))
    # A drive's letter, as Windows programs write it into zips.
    parts = PurePosixPath(re.sub(r"^[A-Za-z]:(?=/)", "", clean)).parts
    return "/".join(part for part in parts if part not in {"/", "//", ".", ".."})


def read_at_most(file: IO[bytes], name: str) -> bytes:
    """Read a file of at most MAX_BYTES. Raises PhotoFileTooLarge."""
    content = file.read(MAX_BYTES + 1)  # one byte more tells a file that is too large
    if len(content) > MAX_BYTES:
        raise PhotoFileTooLarge(name=name, limit=MAX_BYTES // 1_000_000)
    return content
