"""``attendance backup``: back up the register now."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json


def backup(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help="Copy it into this folder as well.", file_okay=False, exists=True)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Back up the register now: courses, students, photos, faces, sessions and marks, verified by opening and counting.

    The program does so by itself after a day with changes. --to makes one more copy, which is yours to look after:
    erasing a student does not reach it.
    """
    from attendance_app.cli.messages import message_of, remedy_of
    from attendance_app.store.backup_files import Reason
    from attendance_app.store.backups import contents_of, copy_backup

    with open_data(cli_context(context).data_folder) as store:
        done = store.back_up(Reason.HAND, utc_now())
    found = contents_of(done.backup.path)
    copy = copy_backup(done.backup, to) if to is not None else None
    if done.second_problem is not None:
        typer.echo(f"{message_of(done.second_problem)} {remedy_of(done.second_problem)}", err=True)
    if as_json:
        counts = {"courses": found.courses, "students": found.students, "sessions": found.sessions}
        print_json({"backup": str(done.backup.path), "copy": str(copy) if copy else None, **counts})
        return
    typer.echo(
        f"Backed up and verified: {found.courses} courses, {found.students} students, {found.sessions} sessions, "
        f"{found.marks} marks."
    )
    for path in (done.backup.path, copy):
        if path is not None:
            typer.echo(str(path))
