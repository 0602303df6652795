"""Finds photos of a batch that seem to show another student, by comparing them with each other and with enrolled
photos."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding

ANOTHER_BELOW = 0.42
"""A photo is refused when its Euclidean distance to another student's photo is below this and its own student's
photos are farther away."""
WEAK_ANOTHER_BELOW = 0.3
"""The same where one of the two photos is weak: faces cut out of one class photograph are all alike. Chosen on the
densest of four, where 27 of 45 people have somebody else's face within 0.42 and nobody within 0.3; in the three others
6 of 30, 7 of 32 and 11 of 35 have one within 0.42, nobody within 0.3 (``python -m benchmarks.weak_photos``)."""
SAME_PICTURE_BELOW = 0.02
"""Encodings of the same file differ by 0, those of one picture saved twice by a few hundredths."""
UNLIKE_FROM = 0.6
"""A photo is doubtful when all other photos of its student are at least this far away: dlib's own threshold for one
person."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """A photo with its student's number; ``sure``: the teacher has confirmed the student, so that likeness to others
    doesn't matter. ``weak``: its face is small or blurred (``domain.people.WEAK_BELOW``)."""

    owner: str
    encoding: Encoding
    sure: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """The result of comparing one photo.

    ``other``: the number of the student it resembles; ``refused``: it is nearer to that student than to its own
    student's photos; ``same_picture``: it is the same picture as one of that student's; ``unlike``: it resembles no
    other photo of its own student.
    """

    other: str | None = None
    refused: bool = False
    same_picture: bool = False
    unlike: bool = False


def compare_photos(photos: Sequence[LabelledPhoto], enrolled: Sequence[LabelledPhoto]) -> list[ComparisonResult]:
    """Return one result per photo.

    Photos that fit another student best are set aside first, and the rest is judged without them: otherwise one
    misplaced photo would make the photos of the student it shows look wrong. When two students have only the photos in
    question, both are refused.
    """
    if not photos:
        return []
    batch = _Batch(photos, enrolled)
    # Each round sets at least one photo aside, so it ends.
    while True:
        misplaced = batch.most_misplaced()
        if not len(misplaced):
            break
        batch.refused[misplaced] = True
        batch.counted[misplaced] = False
    return [batch.finding(row) for row in range(len(photos))]


class _Batch:
    """Distances of n photos to themselves and to m enrolled ones, and which of all n + m still count."""

    def __init__(self, photos: Sequence[LabelledPhoto], enrolled: Sequence[LabelledPhoto]) -> None:
        everybody = [*photos, *enrolled]
        self._owners = [one.owner for one in everybody]
        owners = np.array(self._owners)
        encodings = np.stack([one.encoding for one in everybody]).astype(np.float64)
        self._distances = _distances(encodings[: len(photos)], encodings)
        own = owners[: len(photos), None] == owners[None, :]
        # A photo has distance 0 to itself, which would always be its nearest.
        itself = np.eye(len(photos), len(everybody), dtype=np.bool_)
        self._own = own & ~itself
        self._others = ~own
        sure = np.array([one.sure for one in everybody])
        # A teacher's word overrules a likeness, but not the same picture under two names.
        settled = (sure[: len(photos), None] | sure[None, :]) & (self._distances >= SAME_PICTURE_BELOW)
        weak = np.array([one.weak for one in everybody])
        self._alike = self._distances < alike_below(weak[: len(photos), None], weak[None, :])
        self._open = self._others & ~settled & self._alike
        self.counted = np.ones(len(everybody), np.bool_)
        self.refused = np.zeros(len(photos), np.bool_)

    def most_misplaced(self) -> NDArray[np.intp]:
        """Return the photos, still counted, that fit another student best in relation to their own.

        First come those contradicted by the student's other photos, one at a time. Then come, all at once, those
        without other photos of the student, because nothing tells which of them is misplaced. Then come the others.
        """
        count = len(self.refused)
        own, other = self._nearest(self._own), self._nearest(self._open)
        misplaced = self.counted[:count] & (other < own)
        if not misplaced.any():
            return np.empty(0, np.intp)
        alone = misplaced & np.isinf(own)
        contradicted = misplaced & ~alone & (own >= ANOTHER_BELOW)
        if alone.any() and not contradicted.any():
            return np.flatnonzero(alone)
        excess = np.full(count, -np.inf)
        chosen = contradicted if contradicted.any() else misplaced
        excess[chosen] = own[chosen] - other[chosen]
        # Equal but for rounding: which of them is set aside must not depend on their order.
        return np.flatnonzero(excess >= excess.max() - 1e-9)

    def finding(self, row: int) -> ComparisonResult:
        """Judge one photo by the photos that still count; one set aside by the student it was nearest to."""
        others = self._others[row] & (self.counted if not self.refused[row] else True)
        distances = np.where(others, self._distances[row], np.inf)
        nearest = int(distances.argmin())
        own = float(np.where(self._own[row] & self.counted, self._distances[row], np.inf).min(initial=np.inf))
        like = np.where(self._alike[row], distances, np.inf)
        return ComparisonResult(
            other=self._owners[int(like.argmin())] if np.isfinite(like).any() else None,
            refused=bool(self.refused[row]),
            same_picture=bool(distances[nearest] < SAME_PICTURE_BELOW),
            unlike=not self.refused[row] and UNLIKE_FROM < own < np.inf,
        )

    def _nearest(self, which: NDArray[np.bool_]) -> NDArray[np.float64]:
        counted = which & self.counted[None, :]
        return np.asarray(np.where(counted, self._distances, np.inf).min(axis=1, initial=np.inf))


def alike_below(weak: NDArray[np.bool_], other_weak: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the distances below which photos look like another student's, by whether each of the two is weak."""
    return np.where(weak | other_weak, WEAK_ANOTHER_BELOW, ANOTHER_BELOW)


def _distances(some: NDArray[np.float64], all_of_them: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Euclidean distances (n, m) of encodings (n, 128) to encodings (m, 128)."""
    # |a - b|² = |a|² + |b|² - 2ab; rounding can make it slightly negative.
    squared = (some**2).sum(axis=1)[:, None] + (all_of_them**2).sum(axis=1)[None, :] - 2 * some @ all_of_them.T
    return np.asarray(np.sqrt(np.maximum(squared, 0)))
