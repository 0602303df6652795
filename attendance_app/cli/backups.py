"""``attendance backups``: which there are, and whether they can be restored."""

from typing import Annotated

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.times import machine_time, shown_time

HEADINGS = ("backup", "made", "why", "kB", "courses", "students", "sessions", "marks", "state")
WHY = {
    "day": "by itself",
    "hand": "asked for",
    "restore": "before a restore",
    "key": "before encryption was changed",
    "schema": "before a new version",
}


def backups(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the backups, newest first, each opened, checked and counted."""
    from attendance_app.domain.errors import KnownError
    from attendance_app.store.backups import contents_of, local_backups, second_place, second_place_missing

    home = cli_context(context).data_folder
    rows: list[dict[str, Json]] = []
    for one in local_backups(home):
        row: dict[str, Json] = {
            "backup": one.path.stem,
            "made": machine_time(one.made_at) if as_json else shown_time(one.made_at),
            "why": one.reason.value if as_json else WHY[one.reason],
            "kB": one.path.stat().st_size // 1000,
        }
        try:
            found = contents_of(one.path)
        except KnownError:
            row |= {"courses": None, "students": None, "sessions": None, "marks": None, "state": "damaged"}
        else:
            row |= {"courses": found.courses, "students": found.students, "sessions": found.sessions}
            row |= {"marks": found.marks, "state": "whole"}
        rows.append(row)
    if as_json:
        print_json(rows)
        return
    print_table(HEADINGS, [list(row.values()) for row in rows])
    place = second_place(home)
    if place is not None:
        state = " (not connected)" if second_place_missing(home) else ""
        typer.echo(f"Second place: {place}{state}")
