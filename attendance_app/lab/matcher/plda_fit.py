"""Fits the matcher's two-covariance model and its calibration. NumPy and SciPy only.

``encoding = mean + person + photo``, ``person ~ N(0, between)``, ``photo ~ N(0, within)``; both covariances by
expectation-maximisation (Brümmer and de Villiers, Odyssey 2010), then shrunk towards a sphere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """Found by search over people held out (docs/adr/0040).

    ``steps`` of expectation-maximisation; few, since more overfit. ``shrink_within`` and ``shrink_between``: how far
    each covariance is drawn to a sphere of the same trace. ``most_photos`` of one person are used.
    """

    steps: int = 5
    shrink_within: float = 0.5
    shrink_between: float = 0.3
    # LFW has 530 pictures of one person; without a limit that one would decide what photos of anybody differ in.
    most_photos: int = 60


@dataclass(frozen=True, slots=True, eq=False)
class TwoCovariance:
    """``mean`` (d,), ``between`` and ``within`` (d, d) of encodings of length 1."""

    mean: Floats
    between: Floats
    within: Floats

    def diagonalised(self) -> tuple[Floats, Floats]:
        """Return the map (d, d) that makes ``within`` the identity, and what ``between`` becomes: its diagonal (d,)."""
        # Solves between v = value within v, with v' within v = 1: in these directions within is the identity.
        values, vectors = eigh(self.between, self.within)
        # SciPy sorts them upwards; here the directions that tell people apart best come first.
        order = np.argsort(-values)
        return vectors[:, order], np.maximum(values[order], 1e-6)


def unit_length(encodings: ArrayLike) -> Floats:
    """Bring encodings (n, 128) to length 1."""
    faces = np.asarray(encodings, dtype=np.float64)
    unit: Floats = faces / np.maximum(np.linalg.norm(faces, axis=1, keepdims=True), 1e-9)
    return unit


def fit_two_covariance(
    encodings: ArrayLike, people: Whole, *, random: Generator, options: FitOptions | None = None
) -> TwoCovariance:
    """Fit to encodings (n, 128) of ``people`` (n,), numbers that say whose picture each is."""
    options = options or FitOptions()
    chosen = _at_most(people, options.most_photos, random)
    faces = unit_length(encodings)[chosen]
    _, owner, counts = np.unique(people[chosen], return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), faces.shape[1]))
    np.add.at(sums, owner, faces)
    mean = (sums / counts[:, np.newaxis]).mean(axis=0)
    faces, sums = faces - mean, sums - counts[:, np.newaxis] * mean
    between, within = _moments(faces, owner, counts, sums)
    total = faces.T @ faces
    for _ in range(options.steps):
        between, within = _improve(total, counts, sums, between=between, within=within)
    return TwoCovariance(mean, _shrunk(between, options.shrink_between), _shrunk(within, options.shrink_within))


def _at_most(people: Whole, most: int, random: Generator) -> Whole:
    shuffled = random.permutation(len(people))
    kept: list[int] = []
    seen: dict[int, int] = {}
    for index in shuffled.tolist():
        person = int(people[index])
        seen[person] = seen.get(person, 0) + 1
        if seen[person] <= most:
            kept.append(index)
    return np.array(sorted(kept), dtype=np.intp)


def _moments(faces: Floats, owner: Whole, counts: Whole, sums: Floats) -> tuple[Floats, Floats]:
    """Where to start: pooled scatter about the persons' means, and the scatter of the means less the photos' part."""
    # The mean of n photos still scatters by within / n, which is no difference between people.
    means = sums / counts[:, np.newaxis]
    rest = faces - means[owner]
    within = rest.T @ rest / max(len(faces) - len(counts), 1) + 1e-6 * np.eye(faces.shape[1])
    between = means.T @ means / len(counts) - within * (1.0 / counts).mean()
    # The difference of two estimates can have negative values, which no covariance has.
    values, vectors = np.linalg.eigh(between)
    return (vectors * np.maximum(values, 1e-6)) @ vectors.T, within


def _improve(total: Floats, counts: Whole, sums: Floats, *, between: Floats, within: Floats) -> tuple[Floats, Floats]:
    """One step of expectation-maximisation."""
    between_inverse, within_inverse = np.linalg.inv(between), np.linalg.inv(within)
    persons = np.empty_like(sums)
    scatter, weighted = np.zeros_like(between), np.zeros_like(between)
    for count in np.unique(counts):
        rows = counts == count
        # How uncertain a person is after so many photos depends on their number only: worked out once for each.
        covariance = np.linalg.inv(between_inverse + count * within_inverse)
        persons[rows] = sums[rows] @ within_inverse @ covariance
        scatter += rows.sum() * covariance
        weighted += rows.sum() * count * covariance
    cross = sums.T @ persons
    weighted += (persons * counts[:, np.newaxis]).T @ persons
    return (scatter + persons.T @ persons) / len(counts), (total - cross - cross.T + weighted) / counts.sum()


def _shrunk(covariance: Floats, share: float) -> Floats:
    size = len(covariance)
    # The same trace: the spread as a whole stays, only its shape becomes rounder.
    sphere = np.eye(size) * np.trace(covariance) / size
    drawn: Floats = (1 - share) * (covariance + covariance.T) / 2 + share * sphere
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class OpenSetScores:
    """Log likelihood ratios of probes against one class.

    ``ratios`` (t, s); ``truth`` (t,): the column of the student, -1 for a stranger; ``weights`` (t,).
    """

    ratios: Floats
    truth: Whole
    weights: Floats


@dataclass(frozen=True, slots=True)
class LogOddsCalibration:
    """What makes log odds of a log likelihood ratio x: ``scale`` x + ``offset`` + ``bend`` log(1 + exp(x))."""

    scale: float
    offset: float
    bend: float = 0.0


def log_posterior(ratios: Floats, calibration: LogOddsCalibration, *, stranger_prior: float) -> Floats:
    """Return log probabilities (t, s + 1) of each student and, last, a stranger; students are equally likely."""
    each = np.log((1 - stranger_prior) / ratios.shape[1])
    evidence = np.column_stack([_log_odds(ratios, calibration) + each, np.full(len(ratios), np.log(stranger_prior))])
    result: Floats = evidence - np.logaddexp.reduce(evidence, axis=1, keepdims=True)
    return result


def _log_odds(ratios: Floats, calibration: LogOddsCalibration) -> Floats:
    odds: Floats = calibration.scale * ratios + calibration.offset
    return odds + calibration.bend * np.logaddexp(0.0, ratios) if calibration.bend else odds


def fit_calibration(
    classes: Sequence[OpenSetScores], *, stranger_prior: float, start: LogOddsCalibration | None = None
) -> LogOddsCalibration:
    """Fit to scores of people whom the model has not seen: the least ``calibration_loss``, searched from ``start``.

    A bend of 0 stays 0. From an offset of 0 the search takes tiny steps; where many are needed, give another start.
    """
    start = start or LogOddsCalibration(0.3, 0.0)

    def loss(values: Floats) -> float:
        return calibration_loss(classes, LogOddsCalibration(*values.tolist()), stranger_prior=stranger_prior)

    # Nelder-Mead begins with steps of 5 % of each value, and of 0.00025 where it is 0: hence the starts other than 0.
    values = np.array([start.scale, start.offset, start.bend] if start.bend else [start.scale, start.offset])
    found = minimize(loss, values, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
    return LogOddsCalibration(*found.x.tolist())


def calibration_loss(
    classes: Sequence[OpenSetScores], calibration: LogOddsCalibration, *, stranger_prior: float
) -> float:
    """Return the mean -log P(truth), students and strangers weighing in each class as ``stranger_prior`` says."""
    return float(np.mean([_loss(scores, calibration, stranger_prior) for scores in classes]))


def _loss(scores: OpenSetScores, calibration: LogOddsCalibration, stranger_prior: float) -> float:
    logs = log_posterior(scores.ratios, calibration, stranger_prior=stranger_prior)
    costs = -logs[np.arange(len(logs)), scores.truth]
    stranger = scores.truth < 0
    known = float(np.average(costs[~stranger], weights=scores.weights[~stranger]))
    unknown = float(np.average(costs[stranger], weights=scores.weights[stranger]))
    return (1 - stranger_prior) * known + stranger_prior * unknown


def track_correlation(first: Floats, second: Floats, owners: Whole) -> float:
    """Return which share of a photo's variance two views of the same photo have in common, 0 to 1.

    ``first`` and ``second``: projected encodings (n, d) of the two views; ``owners`` (n,): whose photo. Persons with
    one photo say nothing and are left out.
    """
    _, owner, counts = np.unique(owners, return_inverse=True, return_counts=True)

    def rest(faces: Floats) -> Floats:
        sums = np.zeros((len(counts), faces.shape[1]))
        np.add.at(sums, owner, faces)
        return faces - (sums / counts[:, np.newaxis])[owner]

    one, other = rest(first), rest(second)
    common, total = float((one * other).sum()), float((one**2).sum() + (other**2).sum()) / 2
    return min(max(common / total, 0.0), 1.0) if total else 1.0
