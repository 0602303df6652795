"""Measures the matcher by the size of the face, on people whom neither its model nor its calibration has seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.face_sizes import USUAL_PHOTOS
from attendance_app.classifiers.match import EncodingMatcher
from attendance_app.classifiers.thresholds import DECISION_RULES, DEFAULT_RULE
from attendance_app.lab.evaluation.gallery import OpenSetRates, ProbeScores
from attendance_app.lab.matcher.size_fitting import DrawnClass, HeldOut, draw_class
from attendance_app.lab.matcher.sized_faces import AGAIN, BLURRED, CAMERA, SIZES, WHOLE, SizedFaces, size_name
from attendance_app.lab.matcher.training import calibration_error

STUDENTS = 30
MEASURED = 6
"""Classes drawn of each half of the people."""
STOCK_TOLERANCE = 0.6
"""face_recognition's own."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: ``photos`` of the view ``template`` enrolled, and the mean of the views ``probes``."""

    probes: tuple[str, ...]
    template: str = WHOLE
    photos: int = USUAL_PHOTOS


CASES = (
    *(Case((view,)) for view in (*map(size_name, SIZES), WHOLE, BLURRED, CAMERA)),
    *(Case((AGAIN[size],)) for size in sorted(AGAIN)),
    *(Case((size_name(size), AGAIN[size])) for size in (24, 40, 80)),
    *(Case((view,), photos=1) for view in (size_name(24), size_name(40), size_name(80), WHOLE)),
    *(
        Case((view,), size_name(template), photos)
        for template in (20, 24, 32)
        for photos in (1, 3)
        for view in (size_name(24), size_name(32), size_name(80), WHOLE)
    ),
)


@dataclass(frozen=True, slots=True)
class SizeReport:
    """Classes of 30 with ``photos`` a student of the view ``template``, one look or two at the view ``probe``.

    ``rates``: of the product's rule at its default, and ``by_strictness`` at each. ``stock``: the nearest photo within
    face_recognition's tolerance.
    """

    probe: str
    template: str
    photos: int
    looks: int
    calibration_error: float
    rates: OpenSetRates
    by_strictness: dict[str, OpenSetRates]
    stock: OpenSetRates

    @property
    def usual(self) -> bool:
        """Whether these are the large faces and the photos of which the window tells the rates."""
        return (self.probe, self.template, self.photos, self.looks) == (WHOLE, WHOLE, USUAL_PHOTOS, 1)


def measure(faces: SizedFaces, halves: Sequence[HeldOut], *, random: Generator) -> Iterator[SizeReport]:
    """Ask the matcher itself, with the widths that a detector has, case by case."""
    pictures = {person: np.flatnonzero(faces.people == person) for person in np.unique(faces.people).tolist()}
    for case in CASES:
        answers = [
            _answers(faces, case, draw_class(half.people, pictures, (STUDENTS, case.photos), random), half)
            for half in halves
            for _ in range(MEASURED)
        ]
        product, stock = (pooled(of_all) for of_all in zip(*answers, strict=True))
        yield SizeReport(
            probe=case.probes[0],
            looks=len(case.probes),
            template=case.template,
            photos=case.photos,
            calibration_error=calibration_error(product),
            rates=product.rates(DEFAULT_RULE.accept),
            by_strictness={kind.value: product.rates(rule.accept) for kind, rule in DECISION_RULES.items()},
            stock=stock.rates(-STOCK_TOLERANCE),
        )


def _answers(faces: SizedFaces, case: Case, drawn: DrawnClass, half: HeldOut) -> tuple[ProbeScores, ProbeScores]:
    """The product's scores and stock's."""
    matcher = drawn.matcher(faces.views[case.template], half.model)
    looks = [faces.views[view] for view in case.probes]
    probes = np.mean([look.encodings[drawn.probes] for look in looks], axis=0)
    face_px = np.mean([look.face_px[drawn.probes] for look in looks], axis=0)
    distances = matcher.distances(probes)
    return (
        asked(matcher, drawn, probes, face_px, looks=len(looks)),
        ProbeScores(distances.argmin(axis=1), -distances.min(axis=1), drawn.truth),
    )


def asked(matcher: EncodingMatcher, drawn: DrawnClass, probes: Floats, face_px: Floats, *, looks: int) -> ProbeScores:
    """The best student of every probe, the mean of so many ``looks``, and its probability."""
    posterior = matcher.posterior(probes, looks, face_px=face_px)[:, :-1]
    return ProbeScores(posterior.argmax(axis=1), posterior.max(axis=1), drawn.truth)


def pooled(scores: Sequence[ProbeScores]) -> ProbeScores:
    """The scores of several classes as if they were one's."""
    parts = [(one.best, one.score, one.truth) for one in scores]
    return ProbeScores(*(np.concatenate(column) for column in zip(*parts, strict=True)))
