"""Calibrates what the mean of a track's looks says beside a single look.

The looks of a track share the photo; what is their own, noise and pixels, averages out. The mean of twelve looks at a
small face says more than the formula of the model has it, since that knows clean small faces and noisy ones together.
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.matcher.filmed_tracks import ENROLLED, LOOKS, SIZES, FilmedTracks
from attendance_app.lab.matcher.size_fitting import (
    KNOTS,
    DrawnClass,
    Floats,
    Further,
    Scored,
    fit_cell,
    ratios_of,
)
from attendance_app.lab.matcher.sized_faces import WHOLE, SizedFaces, SizedView, Whole

CLASSES = 12
"""Drawn to calibrate."""
STUDENTS = 30


def track_calibrator(faces: SizedFaces, tracks: FilmedTracks, random: Generator) -> Further:
    """Return what adds ``track_changes`` to a calibrated model, for ``cross_fitted``."""

    def calibrate(calibrated: PldaParameters, bare: PldaParameters, people: Whole) -> PldaParameters:
        sizes = calibrated.sizes
        assert sizes is not None
        classes = [draw_filmed(faces, tracks, people, random) for _ in range(CLASSES)]
        matchers = [one.matcher(faces.views[WHOLE], bare) for one in classes]
        changes = {}
        for size in SIZES:
            start = sizes.calibration[KNOTS.index(size), -1]

            def fitted(view: SizedView, looks: int, start: Floats = start) -> Floats:
                scored = [
                    Scored(ratios_of(matcher, view, one.probes, looks=looks), ENROLLED, one)
                    for matcher, one in zip(matchers, classes, strict=True)
                ]
                found: Floats = fit_cell(scored, 1.0, start=start)[0]
                return found

            # Both are fitted to the same films: what sets these apart from other pictures must not count as the looks'.
            changes[size] = fitted(tracks.tracks[size], LOOKS) - fitted(tracks.looks[size], 1)
            # Too few people are filmed to say how seldom a stranger is named: caution stays.
            changes[size][-1] = 0.0
        # Smaller faces than were filmed change as the smallest, larger ones as the largest.
        filmed = [min(max(size, min(SIZES)), max(SIZES)) for size in (*KNOTS, max(KNOTS))]
        return replace(calibrated, sizes=replace(sizes, track_changes=np.stack([changes[size] for size in filmed])))

    return calibrate


def draw_filmed(faces: SizedFaces, tracks: FilmedTracks, people: Whole, random: Generator) -> DrawnClass:
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
