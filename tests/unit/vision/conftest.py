"""Small videos made on the spot, with known frames."""

import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

RATE = 10.0


def write_video(file: Path, *, frames: int = 40, code: str = "MJPG", size: tuple[int, int] = (160, 96)) -> Path:
    """Write frames of noise whose left half is red and whose mean grows with the frame's number."""
    writer = cv2.VideoWriter(str(file), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), RATE, size)
    assert writer.isOpened()
    noise = np.random.default_rng(1)
    for number in range(frames):
        picture = noise.integers(0, 60, (size[1], size[0], 3)).astype(np.uint8)
        # OpenCV writes BGR: red is the last channel. A reader that swaps colours has the red half blue.
        picture[:, : size[0] // 2, 2] = 200
        picture[:, size[0] // 2 :, 1] = 4 * number
        writer.write(picture)
    writer.release()
    return file


@pytest.fixture
def make_video(tmp_path) -> Callable[..., Path]:
    """``make_video("name.avi", frames=40, code="MJPG")``."""
    return lambda name, **how: write_video(tmp_path / name, **how)


def _atoms(content: bytes) -> dict[bytes, tuple[int, int]]:
    """Return start and end of each top-level part of an MP4 file."""
    found, at = {}, 0
    while at + 8 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        found[name] = (at, at + size)
        at += size
    return found


def with_table_first(content: bytes) -> bytes:
    """Move an MP4 file's table of frames before the frames, as cameras for streaming and the web do."""
    atoms = _atoms(content)
    table = bytearray(content[slice(*atoms[b"moov"])])
    offsets = table.index(b"stco")
    (count,) = struct.unpack(">I", table[offsets + 8 : offsets + 12])
    for entry in range(count):
        place = slice(offsets + 12 + 4 * entry, offsets + 16 + 4 * entry)
        # The frames move down by the table's length.
        table[place] = struct.pack(">I", struct.unpack(">I", table[place])[0] + len(table))
    head, rest = content[slice(*atoms[b"ftyp"])], content[atoms[b"ftyp"][1] : atoms[b"moov"][0]]
    return head + bytes(table) + rest


def turned(content: bytes) -> bytes:
    """Write into an MP4 file that its pictures are to be shown turned by 90 degrees, as phones do."""
    # ISO 14496-12: the matrix is 48 bytes after the box's start, whose name is 4 bytes in; 16.16 fixed point.
    matrix = content.index(b"tkhd") - 4 + 48
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return content[:matrix] + quarter + content[matrix + 36 :]
