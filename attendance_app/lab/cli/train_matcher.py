"""``attendance train matcher``: the parameters by which faces are compared with the roster."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.cli.progress import TerminalJob

if TYPE_CHECKING:
    from attendance_app.lab.matcher.training import MatcherReport


def train_matcher(
    data: Annotated[list[Path], typer.Option(help="Folder with a folder of pictures per person; may be repeated.")],
    out: Annotated[Path, typer.Option(help="Folder for the parameters, their manifest entry and the report.")],
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of all that is drawn at random.")] = 0,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fit and calibrate the face matcher: half of the people fit, the others calibrate, both ways round.

    The report has, for each kind of class (students, photos of each, kind of probe), the expected calibration error
    and DIR, FPIR and wrong identities at the product's thresholds and at 1 % and 0.1 % of strangers named.
    """
    from dataclasses import asdict

    import numpy as np

    from attendance_app.lab.matcher.training import train_matcher as train

    folder_place(out, force=force)
    with TerminalJob("Encoding") as job:
        # Not auto: the published figures are of HOG (docs/adr/0012).
        report = train(open_reader("hog"), data, out, random=np.random.default_rng(seed), job=job)
    if as_json:
        print_json(asdict(report))
    else:
        _print_report(report)


def _print_report(report: "MatcherReport") -> None:
    typer.echo(
        f"{report.people} people, {report.pictures} pictures: scale {report.scale:.3f}, offset {report.offset:.2f}, "
        f"track correlation {report.track_correlation:.2f}"
    )
    rows = []
    for line in report.conditions:
        balanced, one, tenth = line.rates["balanced"], line.at_fpir["0.01"], line.at_fpir["0.001"]
        rows.append(
            [
                f"{line.condition.students} x {line.condition.photos}, {line.condition.probe}",
                f"{line.calibration_error:.3f}",
                f"{balanced.dir.value:.1%}",
                f"{balanced.fpir.value:.3%}",
                f"{balanced.wrong_identity.value:.2%}",
                f"{one.dir.value:.1%}",
                f"{tenth.dir.value:.1%}",
            ]
        )
    print_table(["class", "ECE", "DIR", "FPIR", "wrong", "DIR at 1 %", "DIR at 0.1 %"], rows)
