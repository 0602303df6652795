"""How well the identity network names people, with dlib's encodings on the very same pictures beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.identity import IdentityClassifier, fit_head
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.lab.errors import TooFewPeopleToTest
from attendance_app.services.rates import Rate

Posterior: TypeAlias = NDArray[np.float64]

STUDENTS = 30
PHOTOS = 5


@dataclass(frozen=True, slots=True)
class ClassRates:
    """What a class meets, one picture at a time.

    ``named``: students whose own name scores highest (no stranger allowed for). ``marked``: students named right at
    the program's threshold (DIR). ``wrongly_marked``: students given another's name at it. ``strangers_accepted``:
    strangers given a name at it (FPIR). ``marked_at_1_percent``: DIR at the threshold that accepts 1 % of strangers.
    ``calibration_error``: expected calibration error of the highest answer, strangers and students weighing alike.
    """

    named: Rate
    marked: Rate
    wrongly_marked: Rate
    strangers_accepted: Rate
    marked_at_1_percent: Rate
    calibration_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One way to recognise: its embeddings of all pictures, and the model that scores them."""

    name: str
    embeddings: NDArray[np.float32]
    parameters: PldaParameters


@dataclass(frozen=True, slots=True, eq=False)
class DrawnClass:
    """One class: the pictures enrolled with the students they show, and the probes with theirs (-1: a stranger)."""

    enrolled: NDArray[np.intp]
    owners: NDArray[np.intp]
    probes: NDArray[np.intp]
    truth: NDArray[np.intp]


def draw_class(
    people: NDArray[np.intp], random: Generator, *, students: int = STUDENTS, photos: int = PHOTOS
) -> DrawnClass:
    """Choose students with more than ``photos`` pictures; the rest of theirs, and everybody else's, are the probes.

    Raises KnownError if fewer than two people have that many.
    """
    numbers, counts = np.unique(people, return_counts=True)
    able = random.permutation(numbers[counts > photos])[:students]
    if len(able) < 2:
        raise TooFewPeopleToTest(able=len(able), photos=photos)
    enrolled, owners, probes, truth = [], [], [], []
    for column, person in enumerate(able):
        own = random.permutation(np.flatnonzero(people == person))
        enrolled.append(own[:photos])
        owners.append(np.full(photos, column))
        probes.append(own[photos:])
        truth.append(np.full(len(own) - photos, column))
    strangers = np.flatnonzero(~np.isin(people, able))
    return DrawnClass(
        np.concatenate(enrolled),
        np.concatenate(owners),
        np.concatenate([*probes, strangers]),
        np.concatenate([*truth, np.full(len(strangers), -1)]),
    )


def posterior_of(method: Method, draw: DrawnClass) -> Posterior:
    """Enrol the class and return the probabilities of its probes, (t, students + 1)."""
    ids = tuple(range(int(draw.owners.max()) + 1))
    head = fit_head(method.embeddings[draw.enrolled], draw.owners, student_ids=ids, parameters=method.parameters)
    return IdentityClassifier(head, method.parameters).posterior(method.embeddings[draw.probes])


def rates(answers: Sequence[tuple[Posterior, NDArray[np.intp]]], *, accept: float = DEFAULT_RULE.accept) -> ClassRates:
    """Sum up the answers to several classes: pairs of probabilities and truth (-1: a stranger)."""
    best = np.concatenate([p[:, :-1].argmax(axis=1) for p, _ in answers])
    top = np.concatenate([p[:, :-1].max(axis=1) for p, _ in answers])
    truth = np.concatenate([t for _, t in answers])
    stranger, right = truth < 0, best == truth
    students = int((~stranger).sum())
    # "higher" takes the score of a stranger; above it lie 1 % of the strangers at most.
    strict = float(np.quantile(top[stranger], 0.99, method="higher")) if stranger.any() else 0.0
    return ClassRates(
        named=Rate(int(right[~stranger].sum()), students),
        marked=Rate(int((right & (top >= accept))[~stranger].sum()), students),
        wrongly_marked=Rate(int((~right & (top >= accept))[~stranger].sum()), students),
        strangers_accepted=Rate(int((top >= accept)[stranger].sum()), int(stranger.sum())),
        marked_at_1_percent=Rate(int((right & (top > strict))[~stranger].sum()), students),
        calibration_error=_calibration_error(top, right, stranger),
    )


def _calibration_error(top: NDArray[np.float64], right: NDArray[np.bool_], stranger: NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015): the mean over bins of the distance between
    the stated probability and the share that is right."""
    # Half each, as the matcher's prior has it: there are far more pictures of strangers than of students.
    weights = np.where(stranger, 0.5 / max(1, stranger.sum()), 0.5 / max(1, (~stranger).sum()))
    # Ten bins; a probability of exactly 1 belongs into the last.
    bins = np.clip((top * 10).astype(int), 0, 9)
    error = 0.0
    for number in range(10):
        chosen = bins == number
        mass = weights[chosen].sum()
        if mass > 0:
            gap = np.average(top[chosen], weights=weights[chosen]) - np.average(right[chosen], weights=weights[chosen])
            error += mass * abs(float(gap))
    return float(error / weights.sum())


def evaluate_classes(
    methods: Sequence[Method],
    people: NDArray[np.intp],
    *,
    classes: int,
    seed: int,
    students: int = STUDENTS,
    photos: int = PHOTOS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, ClassRates]:
    """Draw the same classes for every method; ``people`` (n,): whose picture each embedding is of."""
    random = np.random.default_rng(seed)
    # Drawn before any method is asked, so that all of them answer for the same classes.
    draws = [draw_class(people, random, students=students, photos=photos) for _ in range(classes)]
    found = {}
    for done, method in enumerate(methods):
        progress(done, len(methods))
        found[method.name] = rates([(posterior_of(method, draw), draw.truth) for draw in draws])
    progress(len(methods), len(methods))
    return found


def evaluate_report_split(method: Method, files: Sequence[Path], learn: frozenset[Path], test: frozenset[Path]) -> Rate:
    """Learn the report's people from its training pictures, name its test pictures."""
    numbers = np.unique([file.parent.name for file in files], return_inverse=True)[1].astype(np.intp)
    enrolled = np.array([index for index, file in enumerate(files) if file in learn], np.intp)
    probes = np.array([index for index, file in enumerate(files) if file in test], np.intp)
    present, owners = np.unique(numbers[enrolled], return_inverse=True)
    truth = np.searchsorted(present, numbers[probes])
    answers = posterior_of(method, DrawnClass(enrolled, owners.astype(np.intp), probes, truth))
    return Rate(int((answers[:, :-1].argmax(axis=1) == truth).sum()), len(truth))
