"""Which students of a roster the matcher can't tell apart."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from attendance_app.classifiers.match import STRANGER_PRIOR, EncodingMatcher
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import LOOKALIKE_FROM
from attendance_app.domain.people import Gallery, Student


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Two students of whom neither is named with certainty; ``probability`` that their photos show one person."""

    first: Student
    second: Student
    probability: float


@dataclass(frozen=True, slots=True)
class MisplacedPhoto:
    """An enrolled photo, by its row in the gallery, that fits another student better than its owner's other photos."""

    row: int
    owner: Student
    fits: Student


def lookalikes(gallery: Gallery, parameters: PldaParameters | None = None) -> list[LookAlikes]:
    """Return the pairs of students who look alike, likeliest first; raise KnownError as EncodingMatcher does."""
    matcher = EncodingMatcher(gallery, parameters)
    owners = np.unique(gallery.owners).tolist()
    if len(owners) < 2:
        return []
    means = np.stack([gallery.encodings[gallery.owners == owner].mean(axis=0) for owner in owners])
    photos = np.array([int((gallery.owners == owner).sum()) for owner in owners])
    # (students, students): row i has the mean of student i's photos as a probe, against every student's template.
    odds = matcher.log_odds(means, photos, face_px=matcher.template_px)
    # The prior odds of one student against a stranger, as ``posterior`` has them.
    prior = np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / len(owners))
    # The odds differ with which of the two is the probe, since their numbers of photos differ: the greater counts.
    probability = expit(np.maximum(odds, odds.T) + prior)
    students = gallery.students
    found = [
        LookAlikes(students[owners[i]], students[owners[j]], float(probability[i, j]))
        for i, j in zip(*np.triu_indices(len(owners), k=1), strict=True)
        if probability[i, j] >= LOOKALIKE_FROM
    ]
    return sorted(found, key=lambda pair: pair.probability, reverse=True)
