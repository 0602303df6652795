"""The matcher under masks: classes enrolled without masks, probed by masked copies of people nothing was fitted on.

The halves are of people: one half's people fit the model and, each way, the calibration; the other half's are measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.match import STRANGER_PRIOR
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.lab.evaluation.gallery import OpenSetRates
from attendance_app.lab.matcher.masked_faces import CLEAN, DEGRADED, MASKED, UNDER_NOSE, MaskedFaces
from attendance_app.lab.matcher.plda_fit import (
    LogOddsCalibration,
    OpenSetScores,
    fit_calibration,
    fit_two_covariance,
)
from attendance_app.lab.matcher.training import Condition, calibrated_answers, draw_trials, halves_of_people
from attendance_app.services.rates import Rate

STUDENTS, PHOTOS = 30, 3
THRESHOLDS = (0.5, 0.9, 0.95, 0.99)
"""From 0.5 on the product asks the teacher; the others are its three strictnesses (``classifiers/thresholds.py``)."""
PROBES = (CLEAN, DEGRADED, MASKED, UNDER_NOSE)

Whole = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoringMethod:
    """How masked probes are scored: which views fit the model, and probes of which views its calibration."""

    name: str
    fitted: tuple[str, ...]
    calibrated: tuple[str, ...]


UNCHANGED = ScoringMethod("unchanged", (CLEAN, DEGRADED), (CLEAN, DEGRADED))
CALIBRATED = ScoringMethod("calibrated", (CLEAN, DEGRADED), (MASKED,))
FITTED = ScoringMethod("fitted", (CLEAN, DEGRADED, MASKED, UNDER_NOSE), (MASKED,))
"""``UNCHANGED`` is what bare faces get; the product scores masked ones as ``CALIBRATED``."""
# The first two differ in their calibration only: evaluate_masked compares them for the product's two numbers.
WAYS = (UNCHANGED, CALIBRATED, FITTED)


@dataclass(frozen=True, slots=True)
class ComparisonRates:
    """One probe against one student at a ``threshold`` of the probability.

    ``fmr``: share of comparisons with somebody else which pass; ``fnmr``: share of those with oneself which do not.
    """

    threshold: float
    fmr: Rate
    fnmr: Rate


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """One kind of probe scored one way. ``at_fpir``: at 1 % and 0.1 % of strangers named."""

    way: str
    probe: str
    rates: tuple[OpenSetRates, ...]
    comparisons: tuple[ComparisonRates, ...]
    at_fpir: dict[str, OpenSetRates]


@dataclass(frozen=True, slots=True)
class RealReport:
    """Real pictures of masked strangers against classes of LFW people: ``pictures`` of which a face was found in."""

    folder: str
    way: str
    pictures: int
    faces: int
    rates: tuple[OpenSetRates, ...]


@dataclass(frozen=True, slots=True)
class MaskedReport:
    """``found``: share of pictures with a face, by view.

    ``scale`` and ``offset`` make the log odds of a bare face those of a masked one (mean of the halves).
    """

    people: int
    pictures: int
    found: dict[str, Rate]
    scale: float
    offset: float
    probes: tuple[ProbeReport, ...]
    real: tuple[RealReport, ...]


def evaluate_masked(
    faces: MaskedFaces, real: Mapping[str, Floats], encoder_id: str, *, random: Generator
) -> MaskedReport:
    """Measure every way to score masked probes on people whom neither model nor calibration has seen.

    ``real``: encodings of masked strangers by folder, NaN without a face. Raises KnownError with too few people.
    """
    halves = halves_of_people(faces.people, random)
    probes: list[ProbeReport] = []
    strangers: list[RealReport] = []
    calibrations: dict[str, list[LogOddsCalibration]] = {}
    for way in WAYS:
        models = [fit_views(faces, ~np.isin(faces.people, half), way.fitted, encoder_id, random) for half in halves]
        trials = {
            probe: [_trials(faces, half, model, probe, random) for half, model in zip(halves, models, strict=True)]
            for probe in PROBES
        }
        fitted = [_calibrate([trials[probe][half] for probe in way.calibrated]) for half in range(2)]
        calibrations[way.name] = fitted
        crossed = fitted[::-1]  # what one half's people calibrate is measured on the other's
        probes += [_report(way.name, probe, trials[probe], crossed) for probe in PROBES]
        strangers += [
            _real_report(faces, halves, models, crossed, (folder, way.name, encodings), random=random)
            for folder, encodings in real.items()
        ]
    between = [_between(bare, mask) for bare, mask in zip(*(calibrations[one.name] for one in WAYS[:2]), strict=True)]
    scale, offset = np.mean(between, axis=0).tolist()
    return MaskedReport(
        people=sum(len(half) for half in halves),
        pictures=len(faces.people),
        found={name: Rate(int((faces.found(name) & faces.drawn).sum()), int(faces.drawn.sum())) for name in PROBES},
        scale=scale,
        offset=offset,
        probes=tuple(probes),
        real=tuple(strangers),
    )


def _between(bare: LogOddsCalibration, masked: LogOddsCalibration) -> tuple[float, float]:
    """The scale and offset that turn log odds under one calibration into those under the other."""
    scale = masked.scale / bare.scale
    return scale, masked.offset - scale * bare.offset


def fit_views(
    faces: MaskedFaces, rows: NDArray[np.bool_], views: Sequence[str], encoder_id: str, random: Generator
) -> PldaParameters:
    """Fit the two-covariance model to ``views`` of the pictures in ``rows``, uncalibrated."""
    used = [rows & faces.found(view) for view in views]
    pictures = np.concatenate([faces.views[view][chosen] for view, chosen in zip(views, used, strict=True)])
    model = fit_two_covariance(pictures, np.concatenate([faces.people[chosen] for chosen in used]), random=random)
    projection, between = model.diagonalised()
    # Not calibrated yet. Probes are single pictures, so the correlation within a track (1.0) has no influence.
    return PldaParameters(encoder_id, model.mean, projection, between, 1.0, 1.0, 0.0)


def _trials(
    faces: MaskedFaces, half: Whole, model: PldaParameters, probe: str, random: Generator
) -> list[OpenSetScores]:
    """Classes drawn among the half's people; probes in which no face was found are left out."""
    condition = Condition(STUDENTS, PHOTOS, probe)
    chosen = faces.face_set(probe=probe)
    people = half[np.isin(half, chosen.people)]
    drawn = draw_trials(chosen, people, model, condition=condition, random=random)
    return [_found(scores) for scores in drawn]


def _found(scores: OpenSetScores) -> OpenSetScores:
    # NaN: no face was found in this probe. How often that happens is reported apart, as ``found``.
    rows = np.isfinite(scores.ratios).all(axis=1)
    return OpenSetScores(scores.ratios[rows], scores.truth[rows], scores.weights[rows])


def _calibrate(trials: Sequence[Sequence[OpenSetScores]]) -> LogOddsCalibration:
    return fit_calibration([one for some in trials for one in some], stranger_prior=STRANGER_PRIOR)


def _report(
    way: str, probe: str, halves: Sequence[Sequence[OpenSetScores]], calibrations: Sequence[LogOddsCalibration]
) -> ProbeReport:
    pairs = [(one, calibration) for some, calibration in zip(halves, calibrations, strict=True) for one in some]
    answers = calibrated_answers(pairs)
    return ProbeReport(
        way=way,
        probe=probe,
        rates=tuple(answers.rates(threshold) for threshold in THRESHOLDS),
        comparisons=tuple(_comparisons(pairs, threshold) for threshold in THRESHOLDS),
        at_fpir={"0.01": answers.at_fpir(0.01), "0.001": answers.at_fpir(0.001)},
    )


def _comparisons(pairs: Sequence[tuple[OpenSetScores, LogOddsCalibration]], threshold: float) -> ComparisonRates:
    """Each probe against each student alone, with the prior that a student has in a class."""
    passed_others = others = failed_own = own = 0
    for one, calibration in pairs:
        # The log odds that one student has before anything is seen.
        prior = np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / one.ratios.shape[1])
        passed = calibration.scale * one.ratios + calibration.offset + prior >= np.log(threshold / (1 - threshold))
        mated = one.truth[:, np.newaxis] == np.arange(one.ratios.shape[1])
        passed_others, others = passed_others + int((passed & ~mated).sum()), others + int((~mated).sum())
        failed_own, own = failed_own + int((mated & ~passed).sum()), own + int(mated.sum())
    return ComparisonRates(threshold, fmr=Rate(passed_others, others), fnmr=Rate(failed_own, own))


def _real_report(
    faces: MaskedFaces,
    halves: Sequence[Whole],
    models: Sequence[PldaParameters],
    calibrations: Sequence[LogOddsCalibration],
    source: tuple[str, str, Floats],
    *,
    random: Generator,
) -> RealReport:
    folder, way, encodings = source
    usable = encodings[np.isfinite(encodings).all(axis=1)]
    pairs = [
        (_strangers(_templates(faces, half, model, random), model, usable), calibration)
        for half, model, calibration in zip(halves, models, calibrations, strict=True)
        for _ in range(CLASSES)
    ]
    answers = calibrated_answers(pairs)
    return RealReport(folder, way, len(encodings), len(usable), tuple(answers.rates(one) for one in THRESHOLDS))


CLASSES = 6
"""Of each half, drawn anew."""


def _templates(faces: MaskedFaces, half: Whole, model: PldaParameters, random: Generator) -> Templates:
    found = faces.found(CLEAN)
    rows = {person: np.flatnonzero(found & (faces.people == person)) for person in half.tolist()}
    eligible = [person for person, pictures in rows.items() if len(pictures) > PHOTOS]
    students = random.permutation(eligible)[:STUDENTS].tolist()
    enrolled = [model.project(faces.views[CLEAN][random.permutation(rows[one])[:PHOTOS]]) for one in students]
    means = np.stack([photos.mean(axis=0) for photos in enrolled])
    return Templates(means, np.full(len(students), float(PHOTOS)))


def _strangers(templates: Templates, model: PldaParameters, encodings: Floats) -> OpenSetScores:
    table = ScoreTable(between=model.between, templates=templates, count=1.0)
    nobody = np.full(len(encodings), -1, dtype=np.intp)
    return OpenSetScores(table.ratios(model.project(encodings)), nobody, np.ones(len(encodings)))
