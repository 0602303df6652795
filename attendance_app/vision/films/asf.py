"""Whether an ASF file (WMV, ASF) is shorter than its own header says: FFmpeg then drops the length without a word."""

import struct
from pathlib import Path
from typing import Final

_HEADER: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_FILE_PROPERTIES: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_SIZE_AT: Final = 40
"""Behind the object's own name and size, and the file's identifier."""
_SEARCHED: Final = 65_536
MISSING_SHARE: Final = 0.01
"""Recorders that are still writing, and some tools, are a little wrong about the size."""


def is_cut_off(path: Path) -> bool:
    """Return False for files of other kinds, and for those that don't state their size."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_SEARCHED)
    except OSError:
        return False
    at = head.find(_FILE_PROPERTIES) + _SIZE_AT
    if not head.startswith(_HEADER) or at < _SIZE_AT or at + 8 > len(head):
        return False
    (stated,) = struct.unpack_from("<Q", head, at)
    return bool(size < stated * (1 - MISSING_SHARE))
