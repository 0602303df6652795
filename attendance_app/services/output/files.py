"""Writes files for the user: never over a file of the program, and over another only when the user has agreed."""

import errno
import os
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attendance_app.config.disk import free_bytes
from attendance_app.domain.errors import KnownError
from attendance_app.services.data_folder import enclosing_data_folder, is_own_file
from attendance_app.services.output import errors
from attendance_app.services.output.unfinished import unfinished_file

MayReplace = Callable[[Path], bool]
"""Asked about a file (or a folder with something in it) that is there already; True: it may be replaced."""

SQLITE_MAGIC: Final = b"SQLite format 3\0"
"""The first bytes of every SQLite file."""


def never(_path: Path) -> bool:
    """Replace nothing."""
    return False


def always(_path: Path) -> bool:
    """The user has agreed already."""
    return True


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file that may be written, and in which format. ``claim_file`` makes it from what a user typed or picked."""

    path: Path
    format: str

    def write(self, content: bytes) -> None:
        """Write the file whole or not at all; on any failure what was there stays. Raises KnownError."""
        # Checked again: between ``claim_file`` and now a link may have been laid there.
        target = _real(self.path)
        try:
            _check_replaceable(target)
            _replace(target, content)
        except OSError as error:
            raise _not_written(error, self.path, needed=len(content)) from error


def claim_file(path: Path, formats: Collection[str], *, wanted: str | None, may_replace: MayReplace) -> OutputFile:
    """Check a place before the work begins. The first of ``formats`` is for a name without an ending.

    Raises KnownError: an ending that is another format's, a file of the program, a file that may not be replaced.
    """
    chosen = _format(path, tuple(formats), wanted)
    target = _real(path)
    try:
        _check_replaceable(target)
        there, has_folder = target.exists(), target.parent.is_dir()
    except OSError as error:
        raise _not_written(error, path) from error
    if not has_folder:
        raise errors.NoFolder(path=path, folder=target.parent)
    if there and not may_replace(path):
        raise errors.FileExists(path=path)
    return OutputFile(path, chosen)


def claim_folder(path: Path, *, may_replace: MayReplace) -> Path:
    """Check a folder that a command is to fill. Raises KnownError: data of the program, or files that must stay."""
    target = _real(path)
    try:
        is_ours = enclosing_data_folder(target) is not None
        is_other, is_filled = target.exists() and not target.is_dir(), target.is_dir() and any(target.iterdir())
    except OSError as error:
        raise _not_written(error, path) from error
    if is_ours:
        raise errors.InDataFolder(path=path)
    if is_other:
        raise errors.NotAFolder(path=path)
    if is_filled and not may_replace(path):
        raise errors.FolderNotEmpty(path=path)
    return path


def _format(path: Path, formats: tuple[str, ...], wanted: str | None) -> str:
    if wanted is not None and wanted not in formats:
        raise errors.FormatUnknown(format=wanted, formats=formats)
    ending = path.suffix.lower().removeprefix(".")
    if not ending and path.name.removeprefix(".").lower() in formats:
        ending = path.name.removeprefix(".").lower()  # ".xlsx" alone is a hidden file's name, and meant as an ending
    if not ending:
        return wanted or formats[0]
    if ending not in formats:
        raise errors.EndingUnknown(path=path, ending=ending, formats=formats)
    if wanted not in {None, ending}:
        raise errors.EndingContradictsFormat(path=path, ending=ending, format=wanted)
    return ending


def _real(path: Path) -> Path:
    """Return the file that a write would reach: links are followed, so that a link to the register is the register."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        raise errors.NotAFile(path=path) from error


def _check_replaceable(target: Path) -> None:
    if is_own_file(target) or _is_database(target):
        raise errors.FileOfTheProgram(path=target)
    if target.exists() and not target.is_file():
        raise errors.NotAFile(path=target)


def _is_database(path: Path) -> bool:
    """A register under any name: a copy or a backup that somebody keeps."""
    if not path.is_file():
        return False
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    return False


def _replace(target: Path, content: bytes) -> None:
    """Only the owner may read a new file, since it holds names; a replaced one keeps its rights."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    # In the same folder: renaming is one step within a file system only.
    with unfinished_file(target.parent) as partial:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            # Before the renaming: after a power cut the name could else stand for an empty file.
            os.fsync(file.fileno())
        if mode is not None:
            partial.chmod(mode)
        partial.replace(target)


def _not_written(error: OSError, path: Path, *, needed: int = 0) -> KnownError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        needed_kb = needed // 1000 + 1
        free_kb = min(free_bytes(path.absolute().parent) // 1000, needed_kb - 1)
        return errors.NoRoomForFile(path=path, free_kb=free_kb, needed_kb=needed_kb)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return errors.NoFolder(path=path, folder=path.parent)
    return errors.NotWritten(path=path, reason=error.strerror or str(error))
