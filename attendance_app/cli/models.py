"""``attendance models``: what the trained networks are, whether they are intact, and how to rebuild them."""

from dataclasses import asdict
from typing import Annotated

import typer

from attendance_app.cli.lab_commands import build_command
from attendance_app.cli.output import Json, print_json, print_table
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


for name in ("build", "build-finder"):
    app.command(name)(build_command(name))
