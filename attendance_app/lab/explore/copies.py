"""Near-duplicates: perceptual hashes of each picture and of its mirrored, turned and shifted forms.

A hash is the signs of the low frequencies (discrete cosine transform) about their median, after Zauner (2010), so
brightness and contrast do not count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

FREQUENCIES = 12
WINDOW = 32
INNER = 0.8
"""Only the inner part of a picture is hashed, so that a shifted form still lies within it."""
TURNS = (-20, -10, 0, 10, 20)
SHIFTS = ((0, 0), (4, 0), (-4, 0), (0, 4), (0, -4))
"""Degrees, and pixels of a 64-pixel thumbnail."""
NEAR = 24
"""Differing bits, of 143, up to which two pictures count as copies. On masks-report, adjusted Rand index against its
own table for 18, 22, 26, 30 bits: worn incorrectly 0.52, 0.65, 0.70, 0.61; with mask 0.87, 0.84, 0.77, 0.51."""
ROWS = 1024

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Copies:
    """Which pictures are copies: ``groups`` numbers the source group of every picture, 0 first."""

    groups: NDArray[np.intp]
    pairs: int

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Pictures a group."""
        return np.bincount(self.groups)

    @property
    def repeated(self) -> int:
        """Pictures that have at least one copy."""
        return int((self.sizes[self.groups] > 1).sum())

    @property
    def largest(self) -> tuple[int, ...]:
        """Groups of two pictures or more, the largest first."""
        return tuple(int(group) for group in np.argsort(-self.sizes, kind="stable") if self.sizes[group] > 1)


def find_copies(
    thumbnails: NDArray[np.uint8], *, near: int = NEAR, report: Callable[[int, int], None] = lambda _done, _total: None
) -> Copies:
    """Group pictures (n x 64 x 64 grey) that are copies of each other, directly or by way of others."""
    count = len(thumbnails)
    plain = hashes(thumbnails, degrees=0, shift=(0, 0), mirrored=False)
    links = np.zeros((0, 2), dtype=np.intp)
    forms = [(turn, shift, mirrored) for mirrored in (False, True) for turn in TURNS for shift in SHIFTS]
    for done, (turn, shift, mirrored) in enumerate(forms, start=1):
        changed = hashes(thumbnails, degrees=turn, shift=shift, mirrored=mirrored)
        links = np.unique(np.concatenate([links, _near_pairs(plain, changed, near)]), axis=0)
        report(done, len(forms))
    graph = coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(count, count))
    _, groups = connected_components(graph, directed=False)
    return Copies(groups.astype(np.intp), len(links))


def hashes(thumbnails: NDArray[np.uint8], *, degrees: float, shift: tuple[int, int], mirrored: bool) -> Hashes:
    """Hash one form of every thumbnail: n x 3 words of 64 bits."""
    zoom = WINDOW / (thumbnails.shape[1] * INNER)
    middle = thumbnails.shape[1] / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), degrees, zoom)
    matrix[:, 2] += WINDOW / 2 - middle + np.array(shift) * zoom
    windows = np.stack(
        [cv2.warpAffine(one, matrix, (WINDOW, WINDOW), borderMode=cv2.BORDER_REPLICATE) for one in thumbnails]
    )
    if mirrored:
        windows = windows[:, :, ::-1]
    waves = dctn(windows.astype(np.float32), axes=(1, 2), norm="ortho")[:, :FREQUENCIES, :FREQUENCIES]
    # Without the first, which is the mean brightness: 143 are left.
    waves = waves.reshape(len(waves), -1)[:, 1:]
    bits = waves > np.median(waves, axis=1, keepdims=True)
    # Up to 192 bits, three words; the added ones are equal in all hashes.
    filled = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 64)))
    return np.packbits(filled, axis=1).view(np.uint64)


def _near_pairs(plain: Hashes, changed: Hashes, near: int) -> NDArray[np.intp]:
    """Pairs (smaller index first) whose hashes differ in at most ``near`` bits."""
    found: list[NDArray[np.intp]] = []
    for start in range(0, len(plain), ROWS):
        # Part by part: one word of every pair at once would be 650 MB for the report's 8,982 pictures.
        rows = plain[start : start + ROWS]
        distance = np.zeros((len(rows), len(changed)), dtype=np.uint8)
        for word in range(plain.shape[1]):
            distance += np.bitwise_count(rows[:, word, None] ^ changed[None, :, word])
        first, second = np.nonzero(distance <= near)
        pairs = np.column_stack([first + start, second])
        found.append(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1))
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Found groups beside listed ones. ``rand``: adjusted Rand index (1: the same, 0: chance); ``precision``: of the
    found pairs of copies so many are listed; ``recall``: of the listed pairs so many are found."""

    listed_groups: int
    found_groups: int
    rand: float
    precision: float
    recall: float


def agreement(found: NDArray[np.intp], listed: Sequence[str]) -> Agreement:
    """Compare two groupings of the same pictures over all pairs of pictures (Hubert & Arabie 1985)."""
    names, codes = np.unique(np.asarray(listed), return_inverse=True)
    numbers, own = np.unique(found, return_inverse=True)
    together = coo_matrix((np.ones(len(own)), (own, codes)), shape=(len(numbers), len(names))).tocsr().data
    both, ours = _pairs(together), _pairs(np.bincount(own))
    theirs, everything = _pairs(np.bincount(codes)), _pairs(np.array([len(own)]))
    chance = ours * theirs / everything if everything else 0.0
    best = (ours + theirs) / 2
    return Agreement(
        listed_groups=len(names),
        found_groups=len(numbers),
        rand=(both - chance) / (best - chance) if best != chance else 1.0,
        precision=both / ours if ours else 1.0,
        recall=both / theirs if theirs else 1.0,
    )


def _pairs(counts: NDArray[np.generic]) -> float:
    values = counts.astype(np.float64)
    return float((values * (values - 1) / 2).sum())
