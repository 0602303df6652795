"""How much room a disk has, for errors that the system words badly when it has none."""

import os
import shutil
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1_000_000
LEAST: Final = MEGABYTE
"""Below this SQLite can't make the files that it works with, and answers with an error of input and output."""


def free_bytes(place: Path) -> int:
    """Return the room on the disk of a file or folder, which need not exist; 0 if no more files fit on it."""
    folder = next((each for each in (place, *place.absolute().parents) if each.is_dir()), Path("/"))
    try:
        if hasattr(os, "statvfs"):
            disk = os.statvfs(folder)
            # Bytes may be free when no inode is. File systems without a fixed number of inodes report 0 of them.
            if disk.f_files and not disk.f_favail:
                return 0
        return shutil.disk_usage(folder).free
    except OSError:
        return 2**63  # not known is not full: the error that led here stays as it is


def is_full(place: Path) -> bool:
    """Whether the disk of a file or folder has less room than ``LEAST``, or takes no more files."""
    return free_bytes(place) < LEAST
