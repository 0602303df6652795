"""Measures what three seconds of a track are worth, on people whom neither the model nor its calibration has seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.lab.evaluation.gallery import OpenSetRates
from attendance_app.lab.matcher.filmed_tracks import LOOKS, SIZES, FilmedTracks
from attendance_app.lab.matcher.size_fitting import DrawnClass, HeldOut
from attendance_app.lab.matcher.size_measuring import asked, pooled
from attendance_app.lab.matcher.sized_faces import WHOLE, SizedFaces, SizedView
from attendance_app.lab.matcher.track_calibration import draw_filmed
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
    drawn = [(half, draw_filmed(faces, tracks, half.people, random)) for half in halves for _ in range(CLASSES)]
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
