"""Converts encodings between arrays and stored bytes: little-endian float32."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding

STORED = np.dtype("<f4")
"""Fixed, so that a register can be carried to a machine with another byte order."""


def encoding_of(content: bytes) -> Encoding:
    """Return the encoding (128,) from its stored bytes."""
    # A copy: the buffer is read-only, and the processor may have another byte order.
    return np.frombuffer(content, dtype=STORED).astype(np.float32)


def bytes_of(encoding: Encoding) -> bytes:
    """Return an encoding (128,) as 512 stored bytes."""
    return np.ascontiguousarray(encoding, dtype=STORED).tobytes()


def encodings_of(contents: Sequence[bytes]) -> NDArray[np.float32]:
    """Return encodings (n, 128) from their stored bytes."""
    rows = [np.frombuffer(content, dtype=STORED) for content in contents]
    return np.stack(rows).astype(np.float32) if rows else np.empty((0, 128), np.float32)


def far_encodings_of(contents: Sequence[bytes | None]) -> NDArray[np.float32]:
    """Return encodings (n, 128) from their stored bytes, NaN where none is stored."""
    found = np.full((len(contents), 128), np.nan, np.float32)
    for row, content in zip(found, contents, strict=True):
        if content is not None:
            row[:] = np.frombuffer(content, dtype=STORED)
    return found


def places_of(numbers: Sequence[int]) -> NDArray[np.intp]:
    """Return numbers as an index array."""
    return np.array(numbers, dtype=np.intp)


def sizes_of(stored: Sequence[float | None]) -> NDArray[np.float64]:
    """Return sizes of faces in pixels as an array, NaN where none is stored."""
    return np.array([np.nan if size is None else size for size in stored], dtype=np.float64)
