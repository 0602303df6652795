"""Measures what three seconds of a track are worth, on people whom neither the model nor its calibration has seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.lab.evaluation.gallery import OpenSetRates
from attendance_app.lab.matcher.filmed_tracks import ENROLLED, LOOKS, SIZES, FilmedTracks
from attendance_app.lab.matcher.size_fitting import DrawnClass, HeldOut, Whole
from attendance_app.lab.matcher.size_measuring import STUDENTS, asked, pooled
from attendance_app.lab.matcher.sized_faces import WHOLE, SizedFaces, SizedView
from attendance_app.lab.matcher.training import calibration_error

CLASSES = 12
"""Drawn of each half of the people."""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """Classes of 30 with three photos each; ``looks`` at faces of one ``size``, at the product's default rule.

    ``likely``: the share of the students' tracks that are named right at even odds, so that the teacher is asked.
    """

    size: int
    looks: int
    calibration_error: float
    rates: OpenSetRates
    likely: OpenSetRates


def measure_tracks(
    faces: SizedFaces, tracks: FilmedTracks, halves: Sequence[HeldOut], *, random: Generator
) -> list[TrackReport]:
    """Compare the first look of every track and the whole of it with the same classes."""
    drawn = [(half, _draw_class(faces, tracks, half.people, random)) for half in halves for _ in range(CLASSES)]
    return [
        _report(faces, views[size], drawn, size=size, looks=looks)
        for size in SIZES
        for looks, views in ((1, tracks.looks), (LOOKS, tracks.tracks))
    ]


def _report(
    faces: SizedFaces, view: SizedView, drawn: Sequence[tuple[HeldOut, DrawnClass]], *, size: int, looks: int
) -> TrackReport:
    scores = pooled(
        [
            asked(
                one.matcher(faces.views[WHOLE], half.model),
                one,
                view.encodings[one.probes],
                view.face_px[one.probes],
                looks=looks,
            )
            for half, one in drawn
        ]
    )
    return TrackReport(
        size, looks, calibration_error(scores), scores.rates(DEFAULT_RULE.accept), scores.rates(DEFAULT_RULE.review)
    )


def _draw_class(faces: SizedFaces, tracks: FilmedTracks, people: Whole, random: Generator) -> DrawnClass:
    """Draw students, enrolled with pictures that were not filmed; ``probes`` are places in ``tracks.rows``."""
    owners = faces.people[tracks.rows]
    filmed = set(tracks.rows.tolist())
    spare = {
        person: [row for row in np.flatnonzero(faces.people == person).tolist() if row not in filmed]
        for person in np.intersect1d(people, owners).tolist()
    }
    able = [person for person, rows in spare.items() if len(rows) >= ENROLLED]
    students = random.permutation(able)[: min(STUDENTS, len(able) // 2)].tolist()
    place = {person: number for number, person in enumerate(students)}
    probes = np.flatnonzero(np.isin(owners, people))
    truth = np.array([place.get(person, -1) for person in owners[probes].tolist()], dtype=np.intp)
    return DrawnClass(tuple(random.permutation(spare[one])[:ENROLLED] for one in students), probes, truth)
