"""Write a file whole or not at all."""

import errno
import os
from pathlib import Path

from attendance_app.domain.errors import KnownError


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``; on any failure what was there stays. Raises KnownError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _known(error, path) from error


def _known(error: OSError, path: Path) -> KnownError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return KnownError(
            "The disk is full: {path} was not written.",
            remedy="Free some space, or write to another disk.",
            path=path,
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return KnownError(
            "{path} was not written: there is no folder {folder}.",
            remedy="Make the folder, or choose another one.",
            path=path,
            folder=path.parent,
        )
    return KnownError(
        "{path} was not written: {reason}.",
        remedy="Close the file in other programs, check that you may write to its folder, or choose another one.",
        path=path,
        reason=error.strerror or error,
    )
