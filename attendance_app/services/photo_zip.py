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
    MemberPackedUnknown,
    TooManyMembers,
    ZipCutOff,
    ZipEncrypted,
    ZipUnreadable,
)
from attendance_app.services.photo_names import plain_name, read_at_most
from attendance_app.services.tables.encodings import decode

MAX_MEMBERS: Final = 20_000
"""Far above the photos of a school: the list of members alone takes time and memory."""
# Bits of a member's general purpose flag (PKWARE APPNOTE, 4.4.4).
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
OEM: Final = "cp850"
"""What Windows packs in, in Western Europe and Latin America."""
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
"""Exceptions that a damaged zip raises."""


def members_of(path: Path) -> list[tuple[str, Callable[[], bytes]]]:
    """Return name and content of each file in a zip, in a fixed order; a content raises SourceError if it is damaged.

    The zip stays open while a content is referenced: reading the directory again for every file would take hours for a
    large one. Raises SourceError if the zip as a whole can't be read.
    """
    try:
        archive = zipfile.ZipFile(path)
        files = [info for info in archive.infolist() if not _is_folder(info)]
    except _BROKEN as error:
        raise (ZipCutOff(path=path) if _begins_as_zip(path) else ZipUnreadable(path=path)) from error
    if len(files) > MAX_MEMBERS:
        raise TooManyMembers(path=path, count=len(files), limit=MAX_MEMBERS)
    # A single encrypted file is that file's error; the others can be enrolled.
    if files and all(info.flag_bits & _ENCRYPTED for info in files):
        raise ZipEncrypted(path=path)
    named = sorted(zip(_names(files), files, strict=True), key=lambda each: each[0])
    return [(name, _content(archive, info, name)) for name, info in named]


def _begins_as_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\3\4"
    except OSError:
        return False


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\"))


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names with their letters as they were typed.

    A name that is not marked as UTF-8 may be UTF-8 all the same, as macOS packs it, or have a second one beside it that
    is. All others are in one code page, which their letters tell: Windows packs in that of its country.
    """
    marked = [info.filename if info.flag_bits & _UTF8 else _second_name(info) for info in infos]
    likeliest = decode(b"\n".join(_raw(info) for info, name in zip(infos, marked, strict=True) if name is None))
    page = OEM if OEM in likeliest.unclear else likeliest.encoding
    names = [name or _decoded(_raw(info), page) for info, name in zip(infos, marked, strict=True)]
    # Some Windows programs write backslashes, against the format.
    return [plain_name(name.replace("\\", "/")) for name in names]


def _decoded(raw: bytes, page: str) -> str:
    try:
        return raw.decode(page)
    except UnicodeError:
        return raw.decode(OEM, "replace")


def _second_name(info: zipfile.ZipInfo) -> str | None:
    """The name in Info-ZIP's extra field, unless the name itself was changed later, which its checksum shows."""
    at = 0
    while at + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<HH", info.extra, at)
        field = info.extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5 and field[1:5] == struct.pack("<I", zlib.crc32(_raw(info))):
            return field[5:].decode("utf-8", "replace")
        at += 4 + size
    return None


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes; zipfile reads names without the mark of UTF-8 as code page 437."""
    return info.orig_filename.encode("cp437", "replace")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.flag_bits & _ENCRYPTED:
            raise MemberEncrypted(name=name)
        try:
            with archive.open(info) as member:
                return read_at_most(member, name)
        except NotImplementedError as error:
            raise MemberPackedUnknown(name=name) from error
        except _BROKEN as error:
            raise MemberDamaged(name=name) from error

    return read
