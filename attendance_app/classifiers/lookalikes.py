"""Which students of a roster can't be told apart, and which photos may be somebody else's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from attendance_app.classifiers.match import STRANGER_PRIOR, EncodingMatcher
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import LOOKALIKE_FROM
from attendance_app.domain.people import Gallery, Student


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Two students of whom the camera will name neither surely; ``probability`` that their photos show one person."""

    first: Student
    second: Student
    probability: float


@dataclass(frozen=True, slots=True)
class Suspect:
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
    odds = matcher.log_odds(means, photos)
    prior = np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / len(owners))
    probability = expit(np.maximum(odds, odds.T) + prior)
    students = gallery.students
    found = [
        LookAlikes(students[owners[i]], students[owners[j]], float(probability[i, j]))
        for i, j in zip(*np.triu_indices(len(owners), k=1), strict=True)
        if probability[i, j] >= LOOKALIKE_FROM
    ]
    return sorted(found, key=lambda pair: pair.probability, reverse=True)


def suspects(gallery: Gallery, parameters: PldaParameters | None = None) -> list[Suspect]:
    """Return the photos which fit another student, and fit that student better than their owner's other photos.

    A student's only photo can't be judged this way; ``lookalikes`` finds it.
    """
    found = []
    for row, owner in enumerate(gallery.owners.tolist()):
        if int((gallery.owners == owner).sum()) > 1:
            best = _best_without(gallery, row, parameters)
            if best is not None and best != owner:
                found.append(Suspect(row, gallery.students[owner], gallery.students[best]))
    return found


def _best_without(gallery: Gallery, row: int, parameters: PldaParameters | None) -> int | None:
    rest = np.delete(np.arange(len(gallery.owners)), row)
    others = Gallery(gallery.encoder_id, gallery.students, gallery.encodings[rest], gallery.owners[rest])
    posterior: NDArray[np.float64] = EncodingMatcher(others, parameters).posterior(gallery.encodings[[row]], [1])[0]
    best = int(posterior.argmax())
    return best if best < len(gallery.students) else None
