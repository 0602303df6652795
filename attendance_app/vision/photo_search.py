"""Small faces in large photos: the picture searched as a whole for large faces and, enlarged, in tiles for small ones.

A detector's smallest face is about 80 pixels, so small faces need enlarging; but its work and memory grow with the
picture's area (dlib's CNN: about 0.25 GB a megapixel), and a class photo of 4000 x 3000 pixels can't be enlarged whole.
"""

import math
from collections.abc import Iterator

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.detect import Detector

LARGEST_SCALE = 2.0
"""A face of 40 pixels then has the 80 that the detectors need; a smaller one has too few pixels to recognise."""
SEARCHED_PIXELS = 18e6
"""At most this much is searched, after enlarging: some seconds on two cores with dlib's CNN."""
TILE_PIXELS = 3e6
"""At most this much at once: less than 1 GB with dlib's CNN."""
SMALLEST_FACE = 80
"""Pixels a side that dlib's detectors need."""
ROOM = 1.3
"""Tiles overlap by this many sides of the smallest face that the search of the whole picture finds."""
SAME_FACE = 0.35
"""Intersection over union from which two finds are one face."""
FINDER_SCALE = 1.5
"""How much a photo is enlarged for a detector that finds small faces by itself: one of 10 pixels is then found."""
FINDER_PIXELS = 9e6
"""At most this much is searched by such a detector: 1.5 seconds on two cores."""
INSIDE = 0.6
"""Share of a find's area inside a surer one from which it is a part of that face, cut off by a tile's edge."""


def photo_scale(width: int, height: int) -> float:
    """How much a photo is enlarged (or, a very large one, shrunk) for the search of small faces."""
    return min(LARGEST_SCALE, math.sqrt(SEARCHED_PIXELS / (width * height)))


def finder_scale(width: int, height: int) -> float:
    """How much a photo is enlarged or shrunk for a detector that finds small faces by itself."""
    return min(FINDER_SCALE, math.sqrt(FINDER_PIXELS / (width * height)))


def find_in_photo(detector: Detector, image: Image, *, threshold: float = 0.0) -> list[Detection]:
    """Find the faces of an RGB photo from about 40 pixels on (60 in one of 9 megapixels), surest first.

    ``threshold`` is the confidence to exceed, as in ``Detector.detect``.
    """
    height, width = image.shape[:2]
    scale = photo_scale(width, height)
    if detector.any_size:
        return detector.detect(image, upsample=finder_scale(width, height), threshold=threshold)
    whole = min(scale, math.sqrt(TILE_PIXELS / (width * height)))
    found = detector.detect(image, upsample=whole, threshold=threshold)
    if whole < scale:
        for tile in tiles(width, height, side=math.sqrt(TILE_PIXELS) / scale, overlap=ROOM * SMALLEST_FACE / whole):
            part = image[tile.top : tile.bottom, tile.left : tile.right]
            for one in detector.detect(part, upsample=scale, threshold=threshold):
                found.append(Detection(one.box.moved(tile.left, tile.top), one.confidence))
    return merged(found)


def find_main(detector: Detector, image: Image) -> list[Detection]:
    """Find the largest faces of an RGB photo, in bounded memory: a large photo is shrunk for the search.

    Only where that finds none a large photo is searched for small faces too. Boxes are in the photo's own pixels, so
    that points and chips are taken at full resolution.
    """
    scale = math.sqrt(TILE_PIXELS / (image.shape[0] * image.shape[1]))
    if scale >= 1:
        return detector.detect(image)
    return detector.detect(image, upsample=scale) or find_in_photo(detector, image)


def find_all(detector: Detector, image: Image, *, upsample: float) -> list[Detection]:
    """Find all faces of a picture in ``upsample`` times its size; a large one in bounded memory (``find_in_photo``)."""
    height, width = image.shape[:2]
    if detector.any_size:
        return detector.detect(image, upsample=upsample * finder_scale(width, height))
    if height * width * upsample**2 <= TILE_PIXELS:
        return detector.detect(image, upsample=upsample)
    return find_in_photo(detector, image)


def tiles(width: int, height: int, *, side: float, overlap: float) -> Iterator[Box]:
    """Boxes of one size, ``side`` long at most, that cover a picture and overlap by at least ``overlap`` pixels."""
    across, down = _starts(width, side, overlap), _starts(height, side, overlap)
    tile_width, tile_height = min(width, math.floor(side)), min(height, math.floor(side))
    for top in down:
        for left in across:
            yield Box(left, top, left + tile_width, top + tile_height)


def _starts(length: int, side: float, overlap: float) -> list[int]:
    size = min(length, math.floor(side))
    # A larger overlap than half a tile would make endlessly many.
    overlap = min(overlap, size / 2)
    count = 1 + math.ceil((length - size) / (size - overlap))
    return [round(index * (length - size) / max(1, count - 1)) for index in range(count)]


def merged(found: list[Detection]) -> list[Detection]:
    """The finds without those that show a part or all of a surer one, surest first."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda detection: detection.confidence, reverse=True):
        if not any(_same(one.box, other.box) for other in kept):
            kept.append(one)
    return kept


def _same(one: Box, surer: Box) -> bool:
    smaller = min(one.area, surer.area)
    # 1 at least: a box without an area is inside everything.
    return one.iou(surer) >= SAME_FACE or one.intersection(surer) >= INSIDE * max(1, smaller)
