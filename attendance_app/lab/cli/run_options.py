"""Options of the training commands about their run folder."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from attendance_app.cli.output_place import folder_place

Resume: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        file_okay=False,
        help="Go on with the run in this folder, which was stopped or broken off: from its last whole epoch, with the "
        "settings that it was begun with.",
    ),
]


def say_page(run: Path) -> None:
    """Say where the page of a training is, in both languages."""
    from attendance_app.networks.own import PAGES

    typer.echo(f"Page of the training: {run / PAGES['en']} (in Spanish: {PAGES['es']})")


def run_place(out: Path, *, force: bool) -> Path:
    """Check the folder for a run before the work begins; one in which a run failed at once is used again."""
    from attendance_app.lab.runs import abandoned

    return out if abandoned(out) else folder_place(out, force=force)
