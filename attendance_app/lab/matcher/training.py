"""Makes the matcher's parameters from folders of pictures: fit, calibrate on people held out, fit on all.

The halves are of people, never of pictures: what calibrates and measures the model are people whom it has not seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.match import PARAMETERS, STRANGER_PRIOR
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.classifiers.thresholds import DECISION_RULES
from attendance_app.domain.faces import Image
from attendance_app.lab.errors import TooFewPeopleForMatcher
from attendance_app.lab.evaluation.face_files import encode_files, pictures_by_person
from attendance_app.lab.evaluation.gallery import OpenSetRates, ProbeScores
from attendance_app.lab.matcher.parameter_files import write_parameters, write_report
from attendance_app.lab.matcher.plda_fit import (
    LogOddsCalibration,
    OpenSetScores,
    fit_calibration,
    fit_two_covariance,
    log_posterior,
    track_correlation,
)
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext

CARD = "plda-dlib-v1.md"
REPORT = "matcher-report.json"
CLASSES_A_HALF = 6
MOST_PROBES = 10
FITTED = ("clean", "degraded", "second")
MOST_STRANGER_PICTURES = 5
FEWEST_PEOPLE = 150

Whole = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind of class: so many ``students`` with ``photos`` each, probed with ``pictures`` of one kind."""

    students: int
    photos: int
    probe: str


CONDITIONS = (
    Condition(10, 3, "clean"),
    Condition(30, 1, "clean"),
    Condition(30, 3, "clean"),
    Condition(30, 5, "clean"),
    Condition(60, 3, "clean"),
    Condition(30, 3, "degraded"),
    Condition(30, 3, "two degraded views"),
)
VIEWS = {"clean": 1, "degraded": 1, "two degraded views": 2}
"""Probes by name, and how many pictures of one face each is the mean of."""


@dataclass(frozen=True, slots=True)
class ConditionReport:
    """``calibration_error``: expected calibration error of the best student's probability, students and strangers
    weighing the same. ``rates``: at the product's thresholds. ``at_fpir``: at 1 % and 0.1 % of strangers named."""

    condition: Condition
    calibration_error: float
    rates: dict[str, OpenSetRates]
    at_fpir: dict[str, OpenSetRates]


@dataclass(frozen=True, slots=True)
class MatcherReport:
    """The results of the training command; ``scale`` and ``offset`` as in ``LogOddsCalibration``."""

    people: int
    pictures: int
    scale: float
    offset: float
    track_correlation: float
    conditions: tuple[ConditionReport, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FaceSet:
    """Encodings (n, 128) of the same pictures by kind of probe, and whose they are (n,)."""

    probes: dict[str, Floats]
    people: Whole


def train_matcher(
    reader: FaceReader, folders: Sequence[Path], out: Path, *, random: Generator, job: JobContext
) -> MatcherReport:
    """Write the parameter file, its manifest entry and the report into ``out``.

    Raises KnownError when the folders hold too few people to hold half of them out.
    """
    faces = read_faces(reader, folders, random=random, job=job)
    halves = halves_of_people(faces.people, random)
    models = [_fit(faces, ~held, reader.encoder_id, random) for held in (np.isin(faces.people, h) for h in halves)]
    trials = {
        condition: [
            trial
            for half, model in zip(halves, models, strict=True)
            for trial in draw_trials(faces, half, model, condition=condition, random=random)
        ]
        for condition in CONDITIONS
    }
    # One scale and one offset for all kinds of classes together (docs/adr/0040).
    calibration = fit_calibration([t for some in trials.values() for t in some], stranger_prior=STRANGER_PRIOR)
    # What ships is fitted to everybody; the figures are those of the two models fitted to a half.
    model = _fit(faces, np.ones(len(faces.people), dtype=bool), reader.encoder_id, random)
    model = replace(model, scale=calibration.scale, offset=calibration.offset)
    report = MatcherReport(
        people=sum(len(half) for half in halves),
        pictures=len(faces.people),
        scale=model.scale,
        offset=model.offset,
        track_correlation=model.track_correlation,
        conditions=tuple(_measure(condition, some, calibration) for condition, some in trials.items() if some),
    )
    write_parameters(
        model, out / PARAMETERS, takes="encodings: float (n, 128)", made_by="attendance train matcher", card=CARD
    )
    write_report(asdict(report), out / REPORT)
    return report


def halves_of_people(owners: Whole, random: Generator) -> list[Whole]:
    """Draw two halves of the people to whom pictures belong; raises KnownError if they are too few."""
    people = np.unique(owners)
    if len(people) < FEWEST_PEOPLE:
        raise TooFewPeopleForMatcher(count=len(people), needed=FEWEST_PEOPLE)
    shuffled = random.permutation(people)
    return [shuffled[::2], shuffled[1::2]]


def read_faces(reader: FaceReader, folders: Sequence[Path], *, random: Generator, job: JobContext) -> FaceSet:
    """Encode every picture clean and in two degraded views; those without a face in any are left out."""
    listed = [
        (person, file)
        for folder in folders
        for person, pictures in pictures_by_person(folder).items()
        for file in pictures
    ]
    files = [file for _, file in listed]
    clean = encode_files(reader, files, job=job)
    views = [encode_files(reader, files, job=job, view=lambda image: degraded(image, random)) for _ in range(2)]
    # The same pictures in every view, so that the kinds of probes can be compared.
    usable = clean.usable & views[0].usable & views[1].usable
    _, people = np.unique([person for person, _ in listed], return_inverse=True)
    first, second = (view.encodings[usable].astype(np.float64) for view in views)
    probes = {
        "clean": clean.encodings[usable].astype(np.float64),
        "degraded": first,
        "second": second,
        "two degraded views": (first + second) / 2,
    }
    return FaceSet(probes, people[usable])


def degraded(image: Image, random: Generator) -> Image:
    """Return a photo as a camera at the front of a classroom would have it: smaller, blurred, darker, noisy.

    A 250 pixel LFW picture comes out with a face of about 60 to 90 pixels.
    """
    import cv2

    scale = random.uniform(0.55, 0.85)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), random.uniform(0.3, 1.0)).astype(np.float32)
    noisy = blurred * random.uniform(0.5, 1.0) + random.normal(0.0, random.uniform(1.0, 4.0), blurred.shape)
    worse: Image = np.clip(noisy, 0, 255).astype(np.uint8)
    return worse


def _fit(faces: FaceSet, rows: NDArray[np.bool_], encoder_id: str, random: Generator) -> PldaParameters:
    """Fit to the clean pictures and both degraded views, so that a poor picture counts as what a photo can be."""
    people = faces.people[rows]
    pictures = np.concatenate([faces.probes[view][rows] for view in FITTED])
    model = fit_two_covariance(pictures, np.tile(people, len(FITTED)), random=random)
    projection, between = model.diagonalised()
    # Not calibrated yet: a scale of 1 and an offset of 0.
    parameters = PldaParameters(encoder_id, model.mean, projection, between, 1.0, 1.0, 0.0)
    common = track_correlation(
        parameters.project(faces.probes["degraded"][rows]), parameters.project(faces.probes["second"][rows]), people
    )
    return replace(parameters, track_correlation=common)


def draw_trials(
    faces: FaceSet, people: Whole, model: PldaParameters, *, condition: Condition, random: Generator
) -> Iterator[OpenSetScores]:
    """Draw classes among ``people``, enrolled with clean photos; everybody else of them is a stranger."""
    pictures = {int(person): np.flatnonzero(faces.people == person) for person in people}
    eligible = [person for person, rows in pictures.items() if len(rows) > condition.photos]
    # This kind of class is left out of the report then.
    if len(eligible) < condition.students:
        return
    probes = model.project(faces.probes[condition.probe])
    enrolled = model.project(faces.probes["clean"])
    # Two views of one photo are worth hardly more than one (docs/adr/0040).
    worth = model.effective_count(VIEWS.get(condition.probe, 1))
    for _ in range(CLASSES_A_HALF):
        students = random.permutation(eligible)[: condition.students].tolist()
        shuffled = [random.permutation(pictures[person]) for person in students]
        means = np.stack([enrolled[rows[: condition.photos]].mean(axis=0) for rows in shuffled])
        templates = Templates(means, np.full(len(students), float(condition.photos)))
        again = [rows[condition.photos : condition.photos + MOST_PROBES] for rows in shuffled]
        others = [rows[:MOST_STRANGER_PICTURES] for person, rows in pictures.items() if person not in set(students)]
        owners = np.repeat(np.arange(len(again), dtype=np.intp), [len(rows) for rows in again])
        strangers = sum(len(rows) for rows in others)
        table = ScoreTable(between=model.between, templates=templates, count=worth)
        yield OpenSetScores(
            ratios=table.ratios(probes[np.concatenate([*again, *others])]),
            truth=np.concatenate([owners, np.full(strangers, -1, dtype=np.intp)]),
            # A student counts once, however many pictures of that student are probes.
            weights=np.concatenate([1.0 / np.bincount(owners)[owners], np.ones(strangers)]),
        )


def _measure(condition: Condition, trials: Sequence[OpenSetScores], calibration: LogOddsCalibration) -> ConditionReport:
    answers = calibrated_answers([(trial, calibration) for trial in trials])
    return ConditionReport(
        condition,
        calibration_error=calibration_error(answers),
        rates={strictness.value: answers.rates(rule.accept) for strictness, rule in DECISION_RULES.items()},
        at_fpir={"0.01": answers.at_fpir(0.01), "0.001": answers.at_fpir(0.001)},
    )


def calibrated_answers(pairs: Sequence[tuple[OpenSetScores, LogOddsCalibration]]) -> ProbeScores:
    """The best student of every probe and its probability, each trial's by the calibration beside it."""
    posteriors = [
        np.exp(log_posterior(trial.ratios, calibration, stranger_prior=STRANGER_PRIOR))[:, :-1]
        for trial, calibration in pairs
    ]
    return ProbeScores(
        best=np.concatenate([posterior.argmax(axis=1) for posterior in posteriors]),
        score=np.concatenate([posterior.max(axis=1) for posterior in posteriors]),
        truth=np.concatenate([trial.truth for trial, _ in pairs]),
    )


def calibration_error(answers: ProbeScores, bins: int = 10) -> float:
    """Return the expected calibration error: mean gap, over bins of probability, between probability and share right.

    Students' and strangers' probes weigh half each, as the matcher's prior has it.
    """
    student = answers.truth >= 0
    weights = np.where(student, 0.5 / max(student.sum(), 1), 0.5 / max((~student).sum(), 1))
    right = student & (answers.best == answers.truth)
    rows = np.clip((answers.score * bins).astype(np.intp), 0, bins - 1)
    gaps = np.bincount(rows, weights=weights * (right - answers.score), minlength=bins)
    return float(np.abs(gaps).sum())
