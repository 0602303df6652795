"""Finds faces of any size from 10 pixels on: CenterFace over the whole picture and, for large pictures, over tiles."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Image
from attendance_app.networks.files import FINDER
from attendance_app.networks.runtime import default_threads, open_network
from attendance_app.vision.proposals import NOTHING, Proposals, decoded, joined

TILE_SIDE: Final = 768
"""Longest side of what is searched at once: 190 MB. A whole frame of 1920 x 1080 would take 640 MB."""
WHOLE_PIXELS: Final = TILE_SIDE * TILE_SIDE
"""A larger picture is reduced to this many pixels for the search of the whole, which finds the faces that tiles
would cut."""
OVERLAP: Final = 96
"""Pixels that tiles have in common: faces up to 64 are whole in one of them, larger ones are found in the whole of
all pictures up to 18 megapixels (at 12 pixels)."""


class FaceFinder:
    """CenterFace. Calls may come from several threads at once; each search releases Python's lock."""

    def __init__(self, threads: int | None = None) -> None:
        """Open the network; ``threads`` (default: two, where there are two) search tiles side by side.

        Raises ModelFileError when the network's file is missing or altered.
        """
        self._threads = default_threads() if threads is None else threads
        # One thread a tile: two threads in one tile spend a third of their time waiting for each other.
        self._network = open_network(FINDER, threads=1)
        facts = self._network.get_modelmeta().custom_metadata_map
        # Sides of the input are multiples of ``stride``; one point of the outputs stands for ``cell`` pixels a side.
        self._stride, self._cell = int(facts["stride"]), int(facts["cell"])

    def find(self, image: Image, *, scale: float = 1.0, above: float = 0.5) -> Proposals:
        """Find the faces of an RGB picture with a score above ``above`` (0 to 1), highest score first.

        ``scale``: the factor by which the picture is scaled for the search. At 1 the smallest faces found are about 10
        pixels high.
        """
        height, width = image.shape[:2]
        rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
        whole = min(1.0, math.sqrt(WHOLE_PIXELS / (rows * columns)))
        if whole == 1:
            return joined([self._searched(image, scale, above)])
        picture = _resized(image, columns, rows)
        with ThreadPoolExecutor(self._threads) as pool:
            reduced = pool.submit(self._searched, picture, whole, above)
            parts = list(pool.map(lambda tile: self._in_tile(picture, tile, above), _tiles(columns, rows)))
            found = [part.placed(1 / scale, 0, 0) for part in [reduced.result(), *parts]]
        return joined(found)

    def _searched(self, image: Image, scale: float, above: float) -> Proposals:
        """Search the whole picture at once, scaled by ``scale``; places are in the pixels of ``image``."""
        height, width = image.shape[:2]
        picture = _resized(image, max(1, round(width * scale)), max(1, round(height * scale)))
        return self._proposals(picture, above).placed(1 / scale, 0, 0)

    def _in_tile(self, picture: Image, tile: Box, above: float) -> Proposals:
        """Find the faces of a tile, without those cut by an edge inside the picture: the neighbouring tile has them
        whole."""
        height, width = picture.shape[:2]
        found = self._proposals(picture[tile.top : tile.bottom, tile.left : tile.right], above)
        left, top, right, bottom = found.boxes.T
        # Within a pixel of an inner edge a box counts as cut: the network places edges to fractions of a pixel only.
        whole = (left > 1) | (tile.left == 0)
        whole &= (top > 1) | (tile.top == 0)
        whole &= (right < tile.width - 1) | (tile.right == width)
        whole &= (bottom < tile.height - 1) | (tile.bottom == height)
        return found.taken(whole).placed(1.0, tile.left, tile.top)

    def _proposals(self, picture: Image, above: float) -> Proposals:
        """Run the network on a picture as it is; places are in its pixels."""
        rows, columns = picture.shape[:2]
        # Black at the right and at the bottom, so that places need no shift.
        padded = np.zeros((1, _filled(rows, self._stride), _filled(columns, self._stride), 3), dtype=np.uint8)
        padded[0, :rows, :columns] = picture
        heatmap, sizes, offsets, points = (output[0] for output in self._network.run(None, {"picture": padded}))
        if not (heatmap > above).any():
            return NOTHING
        return decoded(heatmap, sizes, offsets, points, cell=self._cell, above=above)


def _filled(length: int, stride: int) -> int:
    return math.ceil(length / stride) * stride


def _resized(image: Image, columns: int, rows: int) -> Image:
    if image.shape[:2] == (rows, columns):
        return image
    # Averaging when shrinking: interpolation would skip pixels, and with them small faces.
    method = cv2.INTER_LINEAR if columns > image.shape[1] else cv2.INTER_AREA
    return np.asarray(cv2.resize(np.ascontiguousarray(image), (columns, rows), interpolation=method), dtype=np.uint8)


def _tiles(width: int, height: int) -> Iterator[Box]:
    """Boxes of nearly one size that cover the picture, as few as there can be of ``TILE_SIDE``."""
    for top, bottom in _spans(height):
        for left, right in _spans(width):
            yield Box(left, top, right, bottom)


def _spans(length: int) -> list[tuple[int, int]]:
    """Split a side into parts of equal length that overlap by ``OVERLAP`` or a little more."""
    count = max(1, math.ceil((length - OVERLAP) / (TILE_SIDE - OVERLAP)))
    size = min(length, math.ceil((length + (count - 1) * OVERLAP) / count))
    starts = [round(index * (length - size) / max(1, count - 1)) for index in range(count)]
    return [(start, start + size) for start in starts]
