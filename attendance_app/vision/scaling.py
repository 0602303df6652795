"""Enlarging or shrinking a picture before a search, and the way back for the boxes found."""

import math
from dataclasses import dataclass

import numpy as np

from attendance_app.domain.faces import Box, Image


@dataclass(frozen=True, slots=True)
class Scaling:
    """``factor`` as asked for; ``doublings``: how often dlib's own enlargement by two applies (else None)."""

    factor: float
    doublings: int | None

    @classmethod
    def by(cls, factor: float) -> "Scaling":
        """Plan a scaling by ``factor``; raises ValueError unless it is above 0."""
        if factor <= 0:
            raise ValueError(f"a picture can't be scaled by {factor}")
        # dlib's own way of doubling for 1, 2 and 4: its detectors then give the same boxes as dlib alone.
        doublings = math.log2(factor)
        return cls(factor, int(doublings) if doublings in {0, 1, 2} else None)

    def apply(self, image: Image) -> Image:
        """Return the scaled picture: uint8, contiguous, colours in the order in which they came."""
        import cv2
        import dlib

        picture = np.ascontiguousarray(image)
        if self.doublings is None:
            method = cv2.INTER_LINEAR if self.factor > 1 else cv2.INTER_AREA
            size = (max(1, round(image.shape[1] * self.factor)), max(1, round(image.shape[0] * self.factor)))
            return np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)
        for _ in range(self.doublings):  # sizes of dlib's pyramid_down<2>::rect_up
            picture = dlib.resize_image(picture, 2 * picture.shape[0] + 1, 2 * picture.shape[1] + 2)
        return picture

    def restore(self, box: Box) -> Box:
        """Return a box of the scaled picture as one of the original."""
        if self.doublings is None:
            corners = (box.left, box.top, box.right, box.bottom)
            # The middle of a pixel is half a pixel from its edge in both sizes.
            left, top, right, bottom = (round((corner + 0.5) / self.factor - 0.5) for corner in corners)
            return Box(left, top, right, bottom)
        x_shift = y_shift = 0.0
        scale = 1.0
        for _ in range(self.doublings):  # dlib's pyramid_down<2>::point_down
            scale, x_shift, y_shift = scale / 2, x_shift / 2 - 1.25, y_shift / 2 - 0.75
        return Box(
            round_half_away(box.left * scale + x_shift),
            round_half_away(box.top * scale + y_shift),
            round_half_away(box.right * scale + x_shift),
            round_half_away(box.bottom * scale + y_shift),
        )


def round_half_away(value: float) -> int:
    """Round as C's ``lround`` does, and so dlib."""
    return math.floor(abs(value) + 0.5) * (1 if value >= 0 else -1)
