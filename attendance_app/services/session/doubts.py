"""Doubts that more pictures won't resolve (look-alikes, differing classifiers), and faces that the teacher has
named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from attendance_app.classifiers.lookalikes import LookAlikes

OWN_OPINION_FROM = 0.5
"""A classifier counts as having an opinion when it gives one student at least this probability."""


class AlternativesKind(Enum):
    """Why the teacher is asked to choose."""

    LOOK_ALIKES = "look-alikes"
    OPINIONS = "opinions"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Two students of whom a face may be either.

    For OPINIONS ``first`` is the student that the encodings name and ``second`` the one that the in-house network
    names.
    """

    kind: AlternativesKind
    first: int
    second: int

    @property
    def student_ids(self) -> tuple[int, int]:
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class TopMatch:
    """The most likely student for a face by one classifier, None for nobody of the roster."""

    student_id: int | None
    probability: float


def look_alike_ids(pairs: Iterable["LookAlikes"]) -> dict[int, frozenset[int]]:
    """Return for each student who has look-alikes the ids of those."""
    found: dict[int, set[int]] = {}
    for pair in pairs:
        found.setdefault(pair.first.id, set()).add(pair.second.id)
        found.setdefault(pair.second.id, set()).add(pair.first.id)
    return {student_id: frozenset(others) for student_id, others in found.items()}


def alternatives_about(
    student_id: int,
    probabilities: Mapping[int, float],
    *,
    opinions: tuple[TopMatch, TopMatch] | None,
    alike: Mapping[int, frozenset[int]],
) -> Alternatives | None:
    """Return the two students to choose from when a face is perhaps ``student_id``, None if there is no other
    candidate.

    ``probabilities``: the face's, by student id. ``opinions``: those of the encodings and of the network, where both
    were used; a difference between them is reported before a likeness of two students.
    """
    if opinions is not None and all(opinion.probability >= OWN_OPINION_FROM for opinion in opinions):
        first, second = opinions[0].student_id, opinions[1].student_id
        if first is not None and second is not None and first != second and student_id in {first, second}:
            return Alternatives(AlternativesKind.OPINIONS, first, second)
    others = alike.get(student_id, frozenset()) & probabilities.keys()
    if not others:
        return None
    # Sorted, so that of two equally likely ones it is always the same.
    likeliest = max(sorted(others), key=lambda other: probabilities[other])
    return Alternatives(AlternativesKind.LOOK_ALIKES, student_id, likeliest)


def apply_names(
    posterior: NDArray[np.float64], tracks: Sequence[int], named: Mapping[int, int], column: Mapping[int, int]
) -> NDArray[np.float64]:
    """Assign faces that the teacher has named to their students, and those students to no other face in the frame.

    ``posterior``: faces x (students + 1), the last column "a stranger"; ``named``: student ids by track; ``column``:
    columns by student id. The probability that another face loses goes to its other students (so the second of two
    look-alikes becomes sure), not to "a stranger", because one person may be in the picture twice.
    """
    result = posterior.copy()
    for row, track in enumerate(tracks):
        # -1 is nobody's id: a face that was not named has no column.
        place = column.get(named.get(track, -1))
        if place is None:
            continue
        # What is left for the other columns is scaled up to 1; a face that was wholly that student has nothing left.
        left = np.maximum(1 - result[:, [place]], 1e-9)
        result[:, :-1] = np.minimum(result[:, :-1] / left, 1)
        result[:, place] = 0
        result[row] = 0
        result[row, place] = 1
    return result
