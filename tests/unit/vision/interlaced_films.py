"""Interlaced films made on the spot: OpenCV writes them, and the bits that it can't set are set afterwards."""

from pathlib import Path

import cv2
import numpy as np

BAR, GROUND = 200, 60
STEP = 6
"""Pixels that the bar moves between two fields."""


def field(size, number, *, left=40, width=40):
    """One moment: an upright bright bar, further right with every field."""
    picture = np.full((size[1], size[0], 3), GROUND, np.uint8)
    picture[:, left + STEP * number : left + width + STEP * number] = BAR
    return picture


def woven(size, number):
    """Two moments in one picture, line by line."""
    picture = field(size, 2 * number)
    picture[1::2] = field(size, 2 * number + 1)[1::2]
    return picture


def write(file: Path, code: str, pictures, size, rate=25.0) -> Path:
    writer = cv2.VideoWriter(str(file), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), rate, size)
    assert writer.isOpened()
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return file


def dv_film(file: Path, frames=8) -> Path:
    """DV is interlaced by definition; PAL's size."""
    size = (720, 576)
    return write(file, "dvsd", [woven(size, number) for number in range(frames)], size)


def mpeg2_film(file: Path, *, size=(320, 192), frames=8, pictures=(), interlaced=True, aspect=1) -> Path:
    """An elementary MPEG-2 stream (ISO 13818-2); ``aspect``: 1 square pixels, 2 for 4:3, 3 for 16:9."""
    pictures = pictures or [(woven if interlaced else field)(size, number) for number in range(frames)]
    stream = bytearray(write(file, "MPG2", pictures, size).read_bytes())
    for at in _headers(stream, 0xB3):
        stream[at + 7] = aspect << 4 | stream[at + 7] & 0x0F
    for at in _headers(stream, 0xB5):
        if interlaced and stream[at + 4] >> 4 == 1:
            stream[at + 5] &= 0xF7  # progressive_sequence
        if interlaced and stream[at + 4] >> 4 == 8:
            stream[at + 8] &= 0x7F  # progressive_frame
    file.write_bytes(stream)
    return file


def _headers(stream: bytearray, code: int) -> list[int]:
    places, at = [], -1
    while (at := stream.find(bytes([0, 0, 1, code]), at + 1)) >= 0:
        places.append(at)
    return places
