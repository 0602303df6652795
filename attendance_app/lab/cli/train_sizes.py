"""``attendance train sizes``: what the size of a face changes for the matcher."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.cli.progress import TerminalJob
from attendance_app.lab.cli.evaluate_tracks import print_tracks

if TYPE_CHECKING:
    from attendance_app.lab.matcher.size_training import SizesReport


def train_sizes(
    data: Annotated[list[Path], typer.Option(help="Folder with a folder of pictures per person; may be repeated.")],
    out: Annotated[Path, typer.Option(help="Folder for the parameters, their manifest entry and the report.")],
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of all that is drawn at random.")] = 0,
    cache: Annotated[Path | None, typer.Option(help="Folder in which encodings are kept for the next run.")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fit what the size of a face changes for the matcher, and measure it on people kept apart, size by size.

    Faces are brought to 16 to 80 pixels of width. Half of the people fit the model, the others calibrate it, both ways
    round; each half is measured with what the other one has calibrated. Tracks of three seconds calibrate what many
    looks say, and are measured as by "attendance evaluate tracks". The last columns are those of stock
    face_recognition: the nearest photo within 0.6.
    """
    from dataclasses import asdict

    import numpy as np

    from attendance_app.lab.matcher.filmed_tracks import film
    from attendance_app.lab.matcher.size_training import train_sizes as train
    from attendance_app.lab.matcher.sized_faces import read_sized_faces

    folder_place(out, force=force)
    with TerminalJob("Encoding") as job:
        # Not auto: of whole pictures HOG finds nearly all faces (docs/adr/0012).
        reader = open_reader("hog")
        faces = read_sized_faces(reader, data, seed=seed, job=job, cache=cache)
        tracks = film(reader, faces, seed=seed, job=job, cache=cache)
    report = train(faces, tracks, out, random=np.random.default_rng(seed))
    if as_json:
        print_json(asdict(report))
    else:
        _print_report(report)


def _print_report(report: "SizesReport") -> None:
    typer.echo(f"{report.people} people, {report.pictures} pictures")
    rows = []
    for line in report.lines:
        rates, stock = line.rates, line.stock
        rows.append(
            [
                f"{line.probe}{f', {line.looks} looks' if line.looks > 1 else ''}",
                f"{line.photos} x {line.template}",
                f"{rates.dir.value:.1%}",
                f"{rates.wrong_identity.value:.2%}",
                f"{rates.fpir.value:.3%}",
                f"{line.calibration_error:.1%}",
                f"{stock.dir.value:.1%}",
                f"{stock.wrong_identity.value:.1%}",
                f"{stock.fpir.value:.1%}",
            ]
        )
    print_table(
        ["probe", "enrolled", "DIR", "wrong", "FPIR", "ECE", "stock: DIR", "wrong", "FPIR"],
        rows,
    )
    usual = next(line for line in report.lines if line.usual)
    strictness = [
        [kind, f"{rates.threshold:g}", f"{rates.dir.value:.1%}", f"{rates.fpir.value:.3%}"]
        for kind, rates in usual.by_strictness.items()
    ]
    print_table([f"strictness ({usual.photos} x {usual.template}, {usual.probe})", "from", "DIR", "FPIR"], strictness)
    photographs = [
        [
            f"{one.present:.0%}",
            "yes" if one.cautious else "no",
            f"{one.rates.dir.value:.1%}",
            f"{one.likely.dir.value:.1%}",
            f"{one.rates.wrong_identity.value:.2%}",
            f"{one.rates.fpir.value:.3%}",
        ]
        for one in report.photographs
    ]
    print_table(["photographs: present", "caution", "DIR", "likely", "wrong", "FPIR"], photographs)
    print_tracks(report.tracks)
