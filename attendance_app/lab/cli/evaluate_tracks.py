"""``attendance evaluate tracks``: three seconds of a face in a film, by its size."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.progress import TerminalJob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attendance_app.lab.matcher.track_measuring import TrackReport


def evaluate_tracks(
    data: Annotated[list[Path], typer.Option(help="Folder with a folder of pictures per person; may be repeated.")],
    cache: Annotated[Path | None, typer.Option(help="Keep encodings here and find them again.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of all that is drawn at random.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Measure what twelve looks at one face, three seconds of a film, say more than the first of them.

    The looks share the photo and the camera; noise, pixels and boxes are their own. Model and calibration are fitted as
    by "attendance train sizes", to one half of the people, and measured on the other, both ways round: classes of 30
    with 3 photos, at the default rule.
    """
    from dataclasses import asdict

    import numpy as np

    from attendance_app.lab.matcher.filmed_tracks import film
    from attendance_app.lab.matcher.size_fitting import cross_fitted
    from attendance_app.lab.matcher.sized_faces import read_sized_faces
    from attendance_app.lab.matcher.track_calibration import track_calibrator
    from attendance_app.lab.matcher.track_measuring import measure_tracks

    # Not auto: of whole pictures HOG finds nearly all faces (docs/adr/0012).
    reader = open_reader("hog")
    with TerminalJob("Encoding") as job:
        faces = read_sized_faces(reader, data, seed=seed, job=job, cache=cache)
        tracks = film(reader, faces, seed=seed, job=job, cache=cache)
    random = np.random.default_rng(seed)
    halves = cross_fitted(faces, random, further=track_calibrator(faces, tracks, random))
    reports = measure_tracks(faces, tracks, halves, random=random)
    if as_json:
        print_json([asdict(one) for one in reports])
    else:
        print_tracks(reports)


def print_tracks(reports: "Sequence[TrackReport]") -> None:
    """Print tracks and their first looks by the size of the face."""
    print_table(["tracks of", "looks", "DIR", "wrong", "likely", "FPIR", "ECE"], [_line(one) for one in reports])


def _line(one: "TrackReport") -> list[str]:
    return [
        f"{one.size} px",
        str(one.looks),
        f"{one.rates.dir.value:.1%}",
        f"{one.rates.wrong_identity.value:.2%}",
        f"{one.likely.dir.value:.1%}",
        f"{one.rates.fpir.value:.3%}",
        f"{one.calibration_error:.1%}",
    ]
