"""Names and contents of files as enrolment takes them, whatever disk or zip they come from."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import IO, Final

from attendance_app.services.errors import PhotoFileTooLarge

MAX_BYTES: Final = 100_000_000
"""No photo is larger; a file is never read beyond that."""


def plain_name(name: str) -> str:
    """Return a path inside a folder or zip without a drive, a root, "." and "..", in composed letters (NFC).

    Bytes that are no letters in the disk's encoding and control characters become a mark that can be stored and shown.
    """
    clean = name.encode("utf-8", "replace").decode("utf-8")
    clean = re.sub(r"[\x00-\x1f\x7f]", "�", unicodedata.normalize("NFC", clean))
    parts = PurePosixPath(re.sub(r"^[A-Za-z]:(?=/)", "", clean)).parts
    return "/".join(part for part in parts if part not in {"/", "//", ".", ".."})


def read_at_most(file: IO[bytes], name: str) -> bytes:
    """Read a file of at most MAX_BYTES. Raises PhotoFileTooLarge."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise PhotoFileTooLarge(name=name, limit=MAX_BYTES // 1_000_000)
    return content
