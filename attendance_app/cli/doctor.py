"""``attendance doctor``: what works on this machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.cli.output import print_json

if TYPE_CHECKING:
    from attendance_app.services.doctor.check_result import CheckResult


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check libraries, networks, data folder, camera and window; exit status 1 if something essential fails."""
    from attendance_app.services.doctor.checks import examine, is_healthy

    results: list[CheckResult] = []
    for result in examine(cli_context(context).data_folder):
        results.append(result)
        if not as_json:
            typer.echo(f"{result.state.value:8} {result.name}: {_detail(result)}")
            if result.problem is not None:
                typer.echo(f"{'':8} What to do: {_remedy(result)}")
    healthy = is_healthy(results)
    if as_json:
        checks = [
            {"name": each.name, "state": each.state.value, "detail": _detail(each), "remedy": _remedy(each)}
            for each in results
        ]
        print_json({"healthy": healthy, "checks": checks})
    raise typer.Exit(0 if healthy else 1)


def _detail(result: "CheckResult") -> str:
    return result.detail or (message_of(result.problem) if result.problem else "")


def _remedy(result: "CheckResult") -> str:
    return remedy_of(result.problem) if result.problem else ""
