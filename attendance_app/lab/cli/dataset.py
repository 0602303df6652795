"""``attendance dataset``: looking at folders of pictures before training on them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import print_json
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.cli.progress import TerminalJob

app = typer.Typer(help="Look at data sets of pictures.", no_args_is_help=True)


@app.callback()
def dataset() -> None:
    """Look at data sets of pictures."""


@app.command()
def explore(
    folder: Annotated[Path, typer.Argument(help="Folder with a folder of pictures for each class.")],
    out: Annotated[Path, typer.Option(help="Folder for the page, the plots and the table.")],
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Which samples are shown.")] = 0,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Counts, sizes, brightness, sharpness and copies a class, as plots and one HTML page (index.html)."""
    from attendance_app.lab.explore.report import explore as explore_folder

    folder_place(out, force=force)
    with TerminalJob("Exploring") as job:
        result = explore_folder(folder, out, seed=seed, report=job.report)
    labels = result.found.labels
    counts = {label: len(result.found.of_class(label)) for label in labels}
    if as_json:
        print_json(
            {
                "page": str(result.page),
                "pictures": counts,
                "unreadable": [str(path) for path in result.found.unreadable],
                "groups": len(result.copies.sizes),
                "pictures_with_copies": result.copies.repeated,
                "agreement": {label: asdict(one) for label, one in result.agreements.items()},
            }
        )
        return
    for label, count in counts.items():
        typer.echo(f"{label}: {count} pictures")
    typer.echo(f"{len(result.copies.sizes)} source groups; {result.copies.repeated} pictures have a copy")
    for label, one in result.agreements.items():
        typer.echo(
            f"{label}: {one.found_groups} groups found, {one.listed_groups} listed; pairs right {one.precision:.1%}, "
            f"pairs found {one.recall:.1%}, adjusted Rand index {one.rand:.3f}"
        )
    for path in result.found.unreadable:
        typer.echo(f"no picture: {path}", err=True)
    typer.echo(f"Page: {result.page}")
