"""Small pictures of faces for display."""

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Image

MARGIN = 1.5
"""The crop's side in face widths."""

LONGEST_SIDE = 160
"""Pixels of the crop."""


def cut(image: Image, box: Box) -> Image:
    """Return the face with a margin as a picture of at most 160 pixels a side (RGB, a copy)."""
    height, width = image.shape[:2]
    area = box.grown(MARGIN).clipped(width, height)
    # One pixel at least: a box outside the picture would leave nothing to resize.
    part = image[area.top : max(area.bottom, area.top + 1), area.left : max(area.right, area.left + 1)]
    scale = min(1.0, LONGEST_SIDE / max(part.shape[:2]))
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def as_jpeg(image: Image) -> bytes:
    """Return the picture (RGB) as a JPEG file of quality 88."""
    # OpenCV writes files from BGR.
    done, buffer = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    assert done
    return buffer.tobytes()
