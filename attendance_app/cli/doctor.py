"""``attendance doctor``: what works on this machine."""

from typing import Annotated

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check libraries, networks, data folder, camera and window; exit status 1 if something essential fails."""
    from attendance_app.services.doctor.checks import CheckResult, examine, is_healthy

    results: list[CheckResult] = []
    for result in examine(cli_context(context).data_folder):
        results.append(result)
        if not as_json:
            typer.echo(f"{result.state.value:8} {result.name}: {result.detail}")
            if result.remedy:
                typer.echo(f"{'':8} What to do: {result.remedy}")
    healthy = is_healthy(results)
    if as_json:
        checks = [
            {"name": each.name, "state": each.state.value, "detail": each.detail, "remedy": each.remedy}
            for each in results
        ]
        print_json({"healthy": healthy, "checks": checks})
    raise typer.Exit(0 if healthy else 1)
