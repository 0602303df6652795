"""Do the photos of one batch lie with the right students? Each with all others of the batch and with the enrolled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding

ANOTHER_BELOW = 0.42
"""A photo this near (Euclidean) to another student's and farther from the student's own is refused."""
SAME_PICTURE_BELOW = 0.02
"""Encodings of one file differ by nothing, of one picture saved twice by some hundredths."""
UNLIKE_FROM = 0.6
"""Beyond dlib's own threshold for one person from all other photos of the student: somebody else's, maybe."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """A photo with its student's number; ``sure``: a person has said that it is the student, however alike."""

    owner: str
    encoding: Encoding
    sure: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """What comparing says of a photo.

    ``other``: the number of the student whom it is like; ``refused``: nearer to them than to its own student's
    photos; ``same_picture``: it is that student's very picture; ``unlike``: it is like no other photo of its student.
    """

    other: str | None = None
    refused: bool = False
    same_picture: bool = False
    unlike: bool = False


def compare_photos(photos: Sequence[LabelledPhoto], enrolled: Sequence[LabelledPhoto]) -> list[ComparisonResult]:
    """Return a finding a photo. Photos that fit another student worst are set aside first: the rest is judged
    without them, so that one stray photo does not cast doubt on those of the student it shows. Where two students
    have nothing else to tell them apart by, both are refused.
    """
    if not photos:
        return []
    batch = _Batch(photos, enrolled)
    while True:
        strays = batch.worst_strays()
        if not len(strays):
            break
        batch.refused[strays] = True
        batch.alive[strays] = False
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
        itself = np.eye(len(photos), len(everybody), dtype=np.bool_)
        self._own = own & ~itself
        self._others = ~own
        sure = np.array([one.sure for one in everybody])
        settled = (sure[: len(photos), None] | sure[None, :]) & (self._distances >= SAME_PICTURE_BELOW)
        self._open = self._others & ~settled
        self.alive = np.ones(len(everybody), np.bool_)
        self.refused = np.zeros(len(photos), np.bool_)

    def worst_strays(self) -> NDArray[np.intp]:
        """The photos, still counted, that fit another student and their own the least.

        First those that the student's other photos speak against, one by one; then all of which nothing more is
        known, since none of them is more a stray than the others; then the rest.
        """
        count = len(self.refused)
        own, other = self._nearest(self._own), self._nearest(self._open)
        stray = self.alive[:count] & (other < ANOTHER_BELOW) & (other < own)
        if not stray.any():
            return np.empty(0, np.intp)
        alone = stray & np.isinf(own)
        contradicted = stray & ~alone & (own >= ANOTHER_BELOW)
        if alone.any() and not contradicted.any():
            return np.flatnonzero(alone)
        excess = np.full(count, -np.inf)
        chosen = contradicted if contradicted.any() else stray
        excess[chosen] = own[chosen] - other[chosen]
        return np.flatnonzero(excess >= excess.max() - 1e-9)

    def finding(self, row: int) -> ComparisonResult:
        """Judge one photo by what is left, a stray by the student it was nearest to."""
        others = self._others[row] & (self.alive if not self.refused[row] else True)
        distances = np.where(others, self._distances[row], np.inf)
        nearest = int(distances.argmin())
        own = float(np.where(self._own[row] & self.alive, self._distances[row], np.inf).min(initial=np.inf))
        like = distances[nearest] < ANOTHER_BELOW
        return ComparisonResult(
            other=self._owners[nearest] if like else None,
            refused=bool(self.refused[row]),
            same_picture=bool(distances[nearest] < SAME_PICTURE_BELOW),
            unlike=not self.refused[row] and UNLIKE_FROM < own < np.inf,
        )

    def _nearest(self, which: NDArray[np.bool_]) -> NDArray[np.float64]:
        counted = which & self.alive[None, :]
        return np.asarray(np.where(counted, self._distances, np.inf).min(axis=1, initial=np.inf))


def _distances(some: NDArray[np.float64], all_of_them: NDArray[np.float64]) -> NDArray[np.float64]:
    squared = (some**2).sum(axis=1)[:, None] + (all_of_them**2).sum(axis=1)[None, :] - 2 * some @ all_of_them.T
    return np.asarray(np.sqrt(np.maximum(squared, 0)))
