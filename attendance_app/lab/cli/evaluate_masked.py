"""``attendance evaluate masked``: the matcher under masks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.progress import TerminalJob

if TYPE_CHECKING:
    from attendance_app.lab.matcher.masked_evaluation import MaskedReport, ProbeReport
    from attendance_app.services.rates import Rate


def evaluate_masked(
    data: Annotated[list[Path], typer.Option(help="Folder with a folder of pictures per person; may be repeated.")],
    strangers: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of pictures of masked people who are none of them; may be repeated."),
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="Keep encodings here and find them again.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of all that is drawn at random.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Measure the matcher on masks drawn on people whom nothing was fitted on, and on real masked strangers.

    Classes of 30 with 3 photos without a mask. One half of the people fits and calibrates, the other half is
    measured, both ways round: DIR, FPIR and wrong identities, and FMR and FNMR of single comparisons, for each way
    to score masked faces.
    """
    from dataclasses import asdict

    import numpy as np

    from attendance_app.lab.matcher.masked_evaluation import evaluate_masked as measure
    from attendance_app.lab.matcher.masked_faces import read_masked_faces, read_pictures

    # Not auto: the published figures are of HOG (docs/adr/0012).
    reader = open_reader("hog")
    with TerminalJob("Encoding") as job:
        faces = read_masked_faces(reader, data, seed=seed, job=job, cache=cache)
        real = {folder.name: read_pictures(reader, folder, job=job, cache=cache) for folder in strangers or []}
    report = measure(faces, real, reader.encoder_id, random=np.random.default_rng(seed))
    if as_json:
        print_json(asdict(report))
    else:
        _print_report(report)


def _print_report(report: "MaskedReport") -> None:
    typer.echo(f"{report.people} people, {report.pictures} pictures")
    typer.echo(f"masked log odds = {report.scale:.2f} x bare log odds {report.offset:+.2f}")
    print_table(["view", "faces found"], [[name, _percent(rate)] for name, rate in report.found.items()])
    heads = ["scored", "probe", "from", "DIR", "wrong", "FPIR", "FMR", "FNMR"]
    print_table(heads, [line for one in report.probes for line in _lines(one)])
    lines: list[list[Json]] = [
        [one.folder, one.way, f"{one.faces} of {one.pictures}", f"{rates.threshold:g}", _percent(rates.fpir, 3)]
        for one in report.real
        for rates in one.rates
    ]
    if lines:
        print_table(["masked strangers", "scored", "faces found", "from", "FPIR"], lines)


def _lines(one: "ProbeReport") -> list[list[Json]]:
    return [
        [
            one.way,
            one.probe,
            f"{rates.threshold:g}",
            _percent(rates.dir),
            _percent(rates.wrong_identity, 2),
            _percent(rates.fpir, 3),
            _percent(single.fmr, 4),
            _percent(single.fnmr),
        ]
        for rates, single in zip(one.rates, one.comparisons, strict=True)
    ]


def _percent(rate: "Rate", digits: int = 1) -> str:
    return f"{rate.value:.{digits}%}"
