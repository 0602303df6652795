"""Measures names in photographs of a room: a class enrolled from one photograph is met in another, among strangers.

The photographs are made of small faces of people whom neither the model nor its calibration has seen. All faces of one
are settled together, as a session does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.match import EncodingMatcher
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.domain.people import Gallery, Student
from attendance_app.domain.roll_call import assign, shows_class
from attendance_app.lab.evaluation.gallery import OpenSetRates, ProbeScores
from attendance_app.lab.matcher.size_fitting import HeldOut
from attendance_app.lab.matcher.size_measuring import pooled
from attendance_app.lab.matcher.sized_faces import AGAIN, SizedFaces, size_name

STUDENTS, STRANGERS, PHOTOGRAPHS = 37, 30, 100
"""Students of a class, strangers in each photograph, and photographs of each half of the people."""
PRESENT = (0.9, 0.5, 0.0)
"""Shares of the class that are in the photograph."""
SIZES = {16: 0.3, 20: 0.37, 24: 0.18, 32: 0.1, 56: 0.05}
"""Widths of the faces and their shares: as in two photographs of a class of 45 (a median of 18 and 19 pixels)."""
FILMED = 0.25
"""Share of the faces with a camera's noise."""

Whole = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PhotographReport:
    """Photographs with the share ``present`` of the class. ``cautious``: with the caution for small faces that are
    looked at alone, also where the photograph surely shows the class.

    ``rates``: at the default rule; ``likely``: from where the teacher is asked.
    """

    present: float
    cautious: bool
    rates: OpenSetRates
    likely: OpenSetRates


def measure_photographs(
    faces: SizedFaces, halves: Sequence[HeldOut], *, random: Generator
) -> Iterator[PhotographReport]:
    """Settle the same photographs with and without caution."""
    for present in PRESENT:
        answers = [_answers(faces, half, present, random) for half in halves for _ in range(PHOTOGRAPHS)]
        for cautious, scores in zip((True, False), zip(*answers, strict=True), strict=True):
            everybody = pooled(scores)
            yield PhotographReport(
                present, cautious, everybody.rates(DEFAULT_RULE.accept), everybody.rates(DEFAULT_RULE.review)
            )


def _answers(faces: SizedFaces, half: HeldOut, present: float, random: Generator) -> tuple[ProbeScores, ProbeScores]:
    """Draw a class and a photograph; return who is named, with caution and without."""
    pictures = {person: random.permutation(np.flatnonzero(faces.people == person)) for person in half.people.tolist()}
    several = [person for person, rows in pictures.items() if len(rows) > 1]
    chosen = random.permutation(several)[:STUDENTS].tolist()
    others = random.permutation([person for person in pictures if person not in set(chosen)])[:STRANGERS].tolist()
    encodings, face_px = _photographed(faces, [pictures[person][0] for person in chosen], random)
    students = tuple(Student(place, str(place), str(place)) for place in range(len(chosen)))
    owners = np.arange(len(chosen), dtype=np.intp)
    enrolled = Gallery(half.model.encoder_id, students, encodings.astype(np.float32), owners, face_px)
    matcher = EncodingMatcher(enrolled, half.model)
    here = np.flatnonzero(random.random(len(chosen)) < present)
    rows = [pictures[chosen[place]][1] for place in here.tolist()] + [pictures[person][0] for person in others]
    truth = np.concatenate([here, np.full(len(others), -1)]).astype(np.intp)
    probes, probe_px = _photographed(faces, rows, random)
    with_caution, without = (
        _settled(matcher, probes, probe_px, truth, cautious=cautious) for cautious in (True, False)
    )
    return with_caution, without


def _photographed(faces: SizedFaces, rows: Sequence[int], random: Generator) -> tuple[Floats, Floats]:
    """Encodings (n, 128) and sizes (n,) of these pictures' faces, each as far away as some faces of a class are."""
    sizes = random.choice(list(SIZES), len(rows), p=list(SIZES.values()))
    filmed = random.random(len(rows)) < FILMED
    views = [
        faces.views[AGAIN[size] if noisy else size_name(size)]
        for size, noisy in zip(sizes.tolist(), filmed.tolist(), strict=True)
    ]
    encodings = np.stack([view.encodings[row] for view, row in zip(views, rows, strict=True)])
    return encodings, np.array([view.face_px[row] for view, row in zip(views, rows, strict=True)])


def _settled(matcher: EncodingMatcher, probes: Floats, face_px: Floats, truth: Whole, *, cautious: bool) -> ProbeScores:
    answers = assign(matcher.posterior(probes, 1, face_px=face_px))
    # As a session does: without caution only where the photograph surely shows the class.
    if not cautious and shows_class(answers, DEFAULT_RULE.accept):
        answers = assign(matcher.posterior(probes, 1, face_px=face_px, cautious=False))
    return ProbeScores(
        best=np.array([-1 if student is None else student for student, _ in answers], dtype=np.intp),
        # The probability of somebody who is nobody's is that of a stranger.
        score=np.array([0.0 if student is None else probability for student, probability in answers]),
        truth=truth,
    )
