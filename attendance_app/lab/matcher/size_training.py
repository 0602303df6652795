"""Makes the file of what the matcher knows of sizes, and measures the whole matcher on people kept apart."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator

from attendance_app.classifiers.match import SIZES as PARAMETER_FILE
from attendance_app.classifiers.match import shipped_plda
from attendance_app.lab.matcher.filmed_tracks import FilmedTracks
from attendance_app.lab.matcher.parameter_files import write_parameters, write_report
from attendance_app.lab.matcher.photograph_measuring import PhotographReport, measure_photographs
from attendance_app.lab.matcher.size_fitting import cross_fitted, sizes_of
from attendance_app.lab.matcher.size_measuring import SizeReport, measure
from attendance_app.lab.matcher.sized_faces import SizedFaces
from attendance_app.lab.matcher.track_calibration import track_calibrator
from attendance_app.lab.matcher.track_measuring import TrackReport, measure_tracks

CARD = "face-sizes-v1.md"
REPORT = "sizes-report.json"


@dataclass(frozen=True, slots=True)
class SizesReport:
    """The results of the training command."""

    people: int
    pictures: int
    worths: tuple[float, ...]
    track_correlation: tuple[float, ...]
    lines: tuple[SizeReport, ...]
    photographs: tuple[PhotographReport, ...]
    tracks: tuple[TrackReport, ...]


def train_sizes(faces: SizedFaces, tracks: FilmedTracks, out: Path, *, random: Generator) -> SizesReport:
    """Write the parameter file, its manifest entry and the report into ``out``.

    Raises KnownError for too few people.
    """
    halves = cross_fitted(faces, random, further=track_calibrator(faces, tracks, random))
    # What ships stands on the shipped model, fitted to everybody; its calibration is the mean of both halves'.
    fitted = [half.model.sizes for half in halves if half.model.sizes is not None]
    sizes = replace(
        sizes_of(faces, np.unique(faces.people), shipped_plda()),
        calibration=np.mean([one.calibration for one in fitted], axis=0),
        track_changes=np.mean([one.track_changes for one in fitted], axis=0),
    )
    report = SizesReport(
        people=len(np.unique(faces.people)),
        pictures=len(faces.people),
        worths=tuple(sizes.worths.tolist()),
        track_correlation=tuple(sizes.track_correlation.tolist()),
        lines=tuple(measure(faces, halves, random=random)),
        photographs=tuple(measure_photographs(faces, halves, random=random)),
        tracks=tuple(measure_tracks(faces, tracks, halves, random=random)),
    )
    write_parameters(
        sizes,
        out / PARAMETER_FILE,
        takes="widths of faces in pixels, and encodings in the space of plda-dlib-v1.npz",
        made_by="attendance train sizes",
        card=CARD,
    )
    write_report(asdict(report), out / REPORT)
    return report
