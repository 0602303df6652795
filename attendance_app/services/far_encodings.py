"""Encodings as from afar of photos that were enrolled without: before there were any, or from the picture of a roll."""

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Box, Detection
from attendance_app.domain.people import Course
from attendance_app.services.face_reader import FaceReader
from attendance_app.store.database import Store
from attendance_app.vision.crop import MARGIN
from attendance_app.vision.photo import photo_from_bytes


def make_missing(store: Store, course: Course, reader: FaceReader) -> int:
    """Make them of the thumbnails that are kept; return of how many photos. Others are compared without."""
    chips: dict[int, NDArray[np.uint8]] = {}
    for template_id, jpeg in store.templates.without_far(course.id, reader.encoder_id).items():
        try:
            chips[template_id] = _chip(reader, jpeg)
        except SourceError:
            continue
    if not chips:
        return 0
    encodings = reader.encode_afar(np.stack(list(chips.values())))
    with store.write() as tx:
        for template_id, encoding in zip(chips, encodings, strict=True):
            tx.templates.set_far(template_id, encoding)
    return len(chips)


def _chip(reader: FaceReader, jpeg: bytes) -> NDArray[np.uint8]:
    image = photo_from_bytes(jpeg, name="thumbnail")
    height, width = image.shape[:2]
    # ``cut`` leaves the same margin on all sides, but for faces at the border of their photo.
    x, y, half = width / 2, height / 2, max(width, height) / MARGIN / 2
    middle = Box(round(x - half), round(y - half), round(x + half), round(y + half))
    found = [one.box for one in reader.find(image)] or [middle]
    nearest = min(found, key=lambda box: (box.center[0] - x) ** 2 + (box.center[1] - y) ** 2)
    chip: NDArray[np.uint8] = reader.chips(image, reader.poses(image, [Detection(nearest, 1.0)]))[0]
    return chip
