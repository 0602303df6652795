"""Encodings between arrays and the bytes that the register keeps: little-endian float32."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding

STORED = np.dtype("<f4")


def encoding_of(content: bytes) -> Encoding:
    """Return the encoding (128,) that is kept as ``content``."""
    return np.frombuffer(content, dtype=STORED).astype(np.float32)


def bytes_of(encoding: Encoding) -> bytes:
    """Return what is kept of an encoding."""
    return np.ascontiguousarray(encoding, dtype=STORED).tobytes()


def encodings_of(contents: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the encodings (n, 128) that are kept as ``contents``."""
    rows = [np.frombuffer(content, dtype=STORED) for content in contents]
    return np.stack(rows).astype(np.float32) if rows else np.empty((0, 128), np.float32)


def places_of(numbers: Sequence[int]) -> NDArray[np.intp]:
    """Return numbers as an index array."""
    return np.array(numbers, dtype=np.intp)
