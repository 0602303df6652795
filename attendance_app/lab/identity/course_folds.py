"""Which of a course's photos each of the networks learns from, and which ones test it.

Beside the network that learns all photos, there is one a fold. A fold keeps back some photos of most students, and the
other students as a whole: for its network these are strangers. Every photo is tried once as its student's and once as
a stranger's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FOLDS = 4

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Indices of photos: ``learnt``; ``own``, kept back of students who are learnt; ``strangers``: all photos of those
    who are not."""

    learnt: Indices
    own: Indices
    strangers: Indices


def make_folds(owners: Indices, *, folds: int = FOLDS) -> tuple[Fold, ...]:
    """Divide photos, whose students are ``owners`` (n,). Students with a single photo are tried as strangers only."""
    students, counts = np.unique(owners, return_counts=True)
    count = min(folds, len(students))
    as_stranger, as_own = np.empty(len(owners), np.intp), np.full(len(owners), -1)
    for place, student in enumerate(students):
        photos = np.flatnonzero(owners == student)
        as_stranger[photos] = place % count
        if counts[place] > 1:
            # Begun elsewhere for each student, so that folds keep about as many photos back.
            others = (place % count + 1 + (place // count + np.arange(len(photos))) % (count - 1)) % count
            as_own[photos] = others
    every = np.arange(len(owners))
    return tuple(
        Fold(
            learnt=every[(as_stranger != fold) & (as_own != fold)],
            own=every[(as_stranger != fold) & (as_own == fold)],
            strangers=every[as_stranger == fold],
        )
        for fold in range(count)
    )
