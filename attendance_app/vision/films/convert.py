"""FFmpeg's decoded frames as RGB arrays."""

import ctypes
from ctypes import c_int, c_void_p
from typing import Final

import numpy as np

from attendance_app.domain.faces import Image
from attendance_app.vision.films.deinterlace import Deinterlacer, deinterlaced
from attendance_app.vision.films.geometry import MOST_PIXELS, NOT_TURNED, turned
from attendance_app.vision.films.library import AVFrame, Library

# FFmpeg's AV_FRAME_FLAG_INTERLACED, AV_FRAME_DATA_DISPLAYMATRIX, SWS_BICUBIC and AVCOL_RANGE_JPEG; ctypes sees no
# header files.
_INTERLACED: Final = 1 << 3
_DISPLAY_MATRIX: Final = 6
_BICUBIC: Final = 4
_FULL_RANGE: Final = 2
_ONE: Final = 1 << 16
"""1.0 in the fixed-point numbers of colour details and display matrices."""
_ALIGNMENT: Final = 64
"""The converter writes whole vectors: rows are this many bytes apart or a multiple."""


class Converter:
    """Converts frames one by one; kept for its context, which is costly to make. ``close`` frees it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._context: int | None = None
        self._made_for: tuple[int, ...] = ()
        self._deinterlacer = Deinterlacer()
        self._rgb = library.util.av_get_pix_fmt(b"rgb24")

    def picture(self, frame: AVFrame) -> Image | None:
        """Return a frame as RGB, without combs and turned as its display matrix says; None if that fails."""
        interlaced = bool(frame.flags & _INTERLACED)
        # Where two lines share a colour, a field has whole pairs of lines only if the picture has whole fours.
        by_fields = interlaced and frame.height % 4 == 0
        image = self._fields(frame) if by_fields else self._converted(frame, first=0, step=1)
        if image is None:
            return None
        image = deinterlaced(image) if interlaced else self._deinterlacer.treated(image)
        return turned(image, self._display_matrix(frame))

    def close(self) -> None:
        if self._context:
            self._library.scale.sws_freeContext(self._context)
        self._context = None

    def _fields(self, frame: AVFrame) -> Image | None:
        """Convert each field by itself: in one go the colours of the two moments would be mixed."""
        even = self._converted(frame, first=0, step=2)
        odd = self._converted(frame, first=1, step=2)
        if even is None or odd is None:
            return None
        return np.stack([even, odd], axis=1).reshape(frame.height, frame.width, 3)

    def _converted(self, frame: AVFrame, *, first: int, step: int) -> Image | None:
        """Convert every ``step``-th line from the ``first`` on to RGB; None if FFmpeg can't."""
        width, height = frame.width, frame.height // step
        if not (0 < width * height <= MOST_PIXELS and frame.data[0] and self._prepare(frame, width, height)):
            return None
        lines = list(frame.linesize)
        # The other field begins one line further down; planes that the format has not stay null pointers.
        planes = [data and data + first * line for data, line in zip(frame.data, lines, strict=True)]
        # Rounded up to the next multiple.
        stride = -(-width * 3 // _ALIGNMENT) * _ALIGNMENT
        rows = np.empty((height + 1, stride), np.uint8)  # one row more, for vectors that reach beyond the last
        done = self._library.scale.sws_scale(
            self._context,
            (c_void_p * 8)(*planes),
            (c_int * 8)(*(line * step for line in lines)),
            0,
            height,
            (c_void_p * 4)(rows.ctypes.data),
            (c_int * 4)(stride),
        )
        return rows[:height, : width * 3].reshape(height, width, 3) if done == height else None

    def _prepare(self, frame: AVFrame, width: int, height: int) -> bool:
        """Have a context for frames like this one: size and format may change in the middle of a film."""
        wanted = (width, height, frame.format, frame.color_space, frame.color_range)
        if wanted == self._made_for:
            return bool(self._context)
        self.close()
        scale = self._library.scale
        size = (width, height)
        self._context = scale.sws_getContext(*size, frame.format, *size, self._rgb, _BICUBIC, None, None, None)
        # Set after a failure too, so that a format that can't be converted is not tried again for each frame.
        self._made_for = wanted
        if self._context:
            table = scale.sws_getCoefficients(frame.color_space)
            full = int(frame.color_range == _FULL_RANGE)
            # RGB of the full range, brightness 0, contrast and saturation 1. Without it FFmpeg takes every film for one
            # of standard definition with limited range.
            scale.sws_setColorspaceDetails(self._context, table, full, table, 1, 0, _ONE, _ONE)
        return bool(self._context)

    def _display_matrix(self, frame: AVFrame) -> tuple[int, ...]:
        found = self._library.util.av_frame_get_side_data(ctypes.byref(frame), _DISPLAY_MATRIX)
        if not found or not found.contents.data:
            return NOT_TURNED
        matrix = found.contents.data
        # The matrix has 3 x 3 numbers, row by row; the third column and row are perspective and shift.
        return matrix[0], matrix[1], matrix[3], matrix[4]
