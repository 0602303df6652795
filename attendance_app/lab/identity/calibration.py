"""The calibrated model of a backbone's embeddings: what makes probabilities of them.

A network's embeddings of people whom it was trained with lie closer together than those of anybody else, so the model
and its calibration are judged on people who were kept from both: the unseen people, half of them at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.match import STRANGER_PRIOR, shipped_parameters
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.lab.matcher.plda_fit import (
    FitOptions,
    LogOddsCalibration,
    OpenSetScores,
    calibration_loss,
    fit_calibration,
    fit_two_covariance,
)

PHOTOS = (1, 2, 3, 5)
"""Photos enrolled a student, in the classes that calibrate: what a teacher may have."""
SHRINK_WITHIN = (0.65, 0.75, 0.85)
"""How far a photo's own variance is drawn to a sphere; the unseen people choose."""
_STUDENTS = 25
_MOST_PROBES = 5
HALVINGS = 4
_CLASSES = 3
_START = LogOddsCalibration(scale=0.12, offset=1.0, bend=0.1)


@dataclass(frozen=True, slots=True, eq=False)
class NamedEmbeddings:
    """``embeddings`` (n, 128) and, for each, whose picture it is: ``people`` (n,), any whole numbers."""

    embeddings: NDArray[np.float32]
    people: NDArray[np.intp]

    def of(self, people: NDArray[np.intp]) -> "NamedEmbeddings":
        chosen = np.isin(self.people, people)
        return NamedEmbeddings(self.embeddings[chosen], self.people[chosen])


def names_to_numbers(files: Sequence[Path]) -> NDArray[np.intp]:
    """Return for each file a number that its folder's name decides: equal for pictures of one person."""
    _, numbers = np.unique([file.parent.name for file in files], return_inverse=True)
    return np.asarray(numbers, np.intp)


def fit_parameters(
    seen: NamedEmbeddings,
    unseen: NamedEmbeddings,
    *,
    encoder_id: str,
    seed: int,
    shrink_within: Sequence[float] = SHRINK_WITHIN,
    halvings: int = HALVINGS,
) -> PldaParameters:
    """Fit the model to everybody's embeddings; how smooth it is and its calibration, to people it was not fitted to.

    More ``halvings`` of the unseen people, fresh ones each, steady the choice among ``shrink_within``.
    """
    random = np.random.default_rng(seed)
    found = []
    for within in shrink_within:
        options = FitOptions(shrink_within=within)
        # The same classes for each, so that the losses differ by the shrinkage only.
        fresh = np.random.default_rng(seed)
        classes = [
            scores for _ in range(halvings) for scores in _classes_of_strangers_to_it(seen, unseen, options, fresh)
        ]
        calibration = fit_calibration(classes, stranger_prior=STRANGER_PRIOR, start=_START)
        loss = calibration_loss(classes, calibration, stranger_prior=STRANGER_PRIOR)
        found.append((loss, options, calibration))
    _, options, calibration = min(found, key=lambda one: one[0])
    model = _fit(seen, unseen, options, random)
    return replace(
        model,
        encoder_id=encoder_id,
        scale=calibration.scale,
        offset=calibration.offset,
        bend=calibration.bend,
    )


def _fit(seen: NamedEmbeddings, unseen: NamedEmbeddings, options: FitOptions, random: Generator) -> PldaParameters:
    # Both number their people from 0.
    people = np.concatenate([seen.people, unseen.people + seen.people.max(initial=-1) + 1])
    everybody = np.concatenate([seen.embeddings, unseen.embeddings])
    model = fit_two_covariance(everybody, people, random=random, options=options)
    projection, between = model.diagonalised()
    # That of dlib's encodings: two views of one photo are needed to measure it, and here each picture has one.
    common = shipped_parameters().track_correlation
    return PldaParameters("", model.mean, projection, between, common, scale=1.0, offset=0.0)


def _classes_of_strangers_to_it(
    seen: NamedEmbeddings, unseen: NamedEmbeddings, options: FitOptions, random: Generator
) -> Iterator[OpenSetScores]:
    """Yield classes made of each half of the unseen people, scored by a model of everybody else."""
    people = random.permutation(np.unique(unseen.people))
    for held, others in ((people[::2], people[1::2]), (people[1::2], people[::2])):
        model = _fit(seen, unseen.of(others), options, random)
        strange = unseen.of(held)
        faces = model.project(strange.embeddings)
        for photos in PHOTOS:
            if _able(strange.people, photos).size >= 2:
                for _ in range(_CLASSES):
                    yield _scored_class(model, faces, strange.people, photos=photos, random=random)


def _able(people: NDArray[np.intp], photos: int) -> NDArray[np.intp]:
    """Return the people with more than so many pictures."""
    numbers, counts = np.unique(people, return_counts=True)
    return np.asarray(numbers[counts > photos], np.intp)


def _scored_class(
    model: PldaParameters, faces: NDArray[np.float64], people: NDArray[np.intp], *, photos: int, random: Generator
) -> OpenSetScores:
    """Make up a class with ``photos`` a student; their other pictures are probes, all other people strangers.

    At least half of the people are strangers, however few there are.
    """
    most = min(_STUDENTS, len(np.unique(people)) // 2)
    students = random.permutation(_able(people, photos))[:most]
    shuffled = [random.permutation(np.flatnonzero(people == student)) for student in students]
    means = np.stack([faces[own[:photos]].mean(axis=0) for own in shuffled])
    probes = [own[photos : photos + _MOST_PROBES] for own in shuffled]
    strangers = np.flatnonzero(~np.isin(people, students))
    owners = np.repeat(np.arange(len(probes), dtype=np.intp), [len(own) for own in probes])
    templates = Templates(means, np.full(len(students), float(photos)))
    table = ScoreTable(between=model.between, templates=templates, count=1.0)
    return OpenSetScores(
        ratios=table.ratios(faces[np.concatenate([*probes, strangers])]),
        truth=np.concatenate([owners, np.full(len(strangers), -1, np.intp)]),
        # A student counts once, however many pictures of that student are probes.
        weights=np.concatenate([1.0 / np.bincount(owners)[owners], np.ones(len(strangers))]),
    )
