"""The calibrated model of a backbone's embeddings: what makes probabilities of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.match import STRANGER_PRIOR, shipped_parameters
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.training.plda import FitOptions, OpenSetScores, fit_calibration, fit_two_covariance

_CLASSES = 40
_STUDENTS = 25
_PHOTOS = 4


@dataclass(frozen=True, slots=True, eq=False)
class NamedEmbeddings:
    """``embeddings`` (n, 128) and, for each, whose picture it is: ``people`` (n,), any whole numbers."""

    embeddings: NDArray[np.float32]
    people: NDArray[np.intp]


def names_to_numbers(files: Sequence[Path]) -> NDArray[np.intp]:
    """Return for each file a number that its folder's name decides: equal for pictures of one person."""
    _, numbers = np.unique([file.parent.name for file in files], return_inverse=True)
    return np.asarray(numbers, np.intp)


def fit_parameters(
    seen: NamedEmbeddings, unseen: NamedEmbeddings, *, encoder_id: str, seed: int, options: FitOptions | None = None
) -> PldaParameters:
    """Fit the model to everybody's embeddings, and its calibration to those of people whom the network hasn't seen."""
    random = np.random.default_rng(seed)
    people = np.concatenate([seen.people, unseen.people + seen.people.max(initial=-1) + 1])
    everybody = np.concatenate([seen.embeddings, unseen.embeddings])
    model = fit_two_covariance(everybody, people, random=random, options=options)
    projection, between = model.diagonalised()
    plain = PldaParameters(
        encoder_id=encoder_id,
        mean=model.mean,
        projection=projection,
        between=between,
        track_correlation=shipped_parameters().track_correlation,
        scale=1.0,
        offset=0.0,
    )
    classes = [_scored_class(plain, unseen, random) for _ in range(_CLASSES)]
    calibration = fit_calibration(classes, stranger_prior=STRANGER_PRIOR)
    return PldaParameters(
        encoder_id=encoder_id,
        mean=plain.mean,
        projection=plain.projection,
        between=plain.between,
        track_correlation=plain.track_correlation,
        scale=calibration.scale,
        offset=calibration.offset,
    )


def _scored_class(parameters: PldaParameters, unseen: NamedEmbeddings, random: Generator) -> OpenSetScores:
    """Make up a class of people with two pictures or more; one picture of each is the probe, all others strangers."""
    numbers, counts = np.unique(unseen.people, return_counts=True)
    students = random.permutation(numbers[counts >= 2])[:_STUDENTS]
    faces = parameters.project(unseen.embeddings)
    means, worth, probes, truth = [], [], [], []
    for column, student in enumerate(students):
        own = random.permutation(np.flatnonzero(unseen.people == student))
        enrolled = own[1 : 1 + _PHOTOS]
        means.append(faces[enrolled].mean(axis=0))
        worth.append(len(enrolled))
        probes.append(own[0])
        truth.append(column)
    strangers = np.flatnonzero(~np.isin(unseen.people, students))
    templates = Templates(np.stack(means), np.array(worth, np.float64))
    table = ScoreTable(between=parameters.between, templates=templates, count=1.0)
    chosen = np.concatenate([np.array(probes, np.intp), strangers])
    labels = np.concatenate([np.array(truth, np.intp), np.full(len(strangers), -1)])
    return OpenSetScores(table.ratios(faces[chosen]), labels, np.ones(len(labels)))
