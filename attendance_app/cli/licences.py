"""``attendance licences``: what the program consists of."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.output_place import Force, file_place


def licences(
    sbom: Annotated[
        Path | None, typer.Option(help="Write a software bill of materials (CycloneDX 1.6, JSON) into this file.")
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List what the program consists of: packages, networks and icons, with versions and licences."""
    from attendance_app.services.components import bill_of_materials, components

    parts = components()
    if sbom is not None:
        file_place(sbom, ("json",), force=force).write(bill_of_materials(parts).encode())
        typer.echo(str(sbom))
    elif as_json:
        print_json(
            [{"kind": one.kind, "name": one.name, "version": one.version, "licence": one.licence} for one in parts]
        )
    else:
        print_table(
            ["kind", "name", "version", "licence"], [[one.kind, one.name, one.version, one.licence] for one in parts]
        )
