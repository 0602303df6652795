"""The files of a zip: names decoded and cleaned whatever program packed it, contents in bounded memory."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attendance_app.services.errors import (
    MemberDamaged,
    MemberEncrypted,
    TooManyMembers,
    ZipEncrypted,
    ZipUnreadable,
)
from attendance_app.services.photo_names import plain_name, read_at_most

MAX_MEMBERS: Final = 20_000
"""Far above the photos of a school: the list of members alone takes time and memory."""
# Bits of a member's general purpose flag (PKWARE APPNOTE, 4.4.4).
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""Exceptions that a damaged zip raises; RuntimeError covers unknown compression methods, ValueError bad names."""


def members_of(path: Path) -> list[tuple[str, Callable[[], bytes]]]:
    """Return name and content of each file in a zip, in a fixed order; a content raises SourceError if it is damaged.

    The zip stays open while a content is referenced: reading the directory again for every file would take hours for a
    large one. Raises SourceError if the zip as a whole can't be read.
    """
    try:
        archive = zipfile.ZipFile(path)
        files = [info for info in archive.infolist() if not info.is_dir()]
    except _BROKEN as error:
        raise ZipUnreadable(path=path) from error
    if len(files) > MAX_MEMBERS:
        raise TooManyMembers(path=path, count=len(files), limit=MAX_MEMBERS)
    # A single encrypted file is that file's error; the others can be enrolled.
    if files and all(info.flag_bits & _ENCRYPTED for info in files):
        raise ZipEncrypted(path=path)
    named = sorted(((_name(info), info) for info in files), key=lambda each: each[0])
    return [(name, _content(archive, info, name)) for name, info in named]


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name with its letters as they were typed.

    Names without the UTF-8 flag are in the packer's code page, except those of macOS, which are UTF-8 without the flag.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            # zipfile reads names without the flag as cp437; back to the bytes, and try whether they are UTF-8.
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    # Some Windows programs write backslashes, against the format.
    return plain_name(name.replace("\\", "/"))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.flag_bits & _ENCRYPTED:
            raise MemberEncrypted(name=name)
        try:
            with archive.open(info) as member:
                return read_at_most(member, name)
        except _BROKEN as error:
            raise MemberDamaged(name=name) from error

    return read
