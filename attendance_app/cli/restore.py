"""``attendance restore``: put a backup in the register's place."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json

if TYPE_CHECKING:
    from attendance_app.store.restore import Difference, Restored

KINDS = {
    "course": "courses",
    "student": "students",
    "enrolment": "places on class lists",
    "consent": "consents",
    "face_template": "photos",
    "session": "sessions",
    "mark": "marks",
}
SHOWN = 5
"""Names in a line."""


def restore(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A file, a name from 'attendance backups', or 'latest'.", metavar="FILE")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Put a backup in the register's place; the present state is backed up first.

    Erased students and withdrawn faces do not come back. Windows must be closed and no session may be recorded.
    """
    from attendance_app.store.database import FILE_NAME, LOCK_NAME, WINDOW_LOCK_NAME
    from attendance_app.store.recording_lock import recording_lock, window_lock
    from attendance_app.store.restore import find_backup, plan_restore
    from attendance_app.store.restore import restore as put_back

    home = cli_context(context).data_folder
    file, register = find_backup(home, name), home / FILE_NAME
    if dry_run:
        done = plan_restore(register, file)
    else:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as held:
            held.enter_context(recording_lock(home / LOCK_NAME))
            held.enter_context(window_lock(home / WINDOW_LOCK_NAME))
            done = put_back(register, file, utc_now())
    if as_json:
        print_json(_document(done))
    else:
        _print(done, dry_run=dry_run)


def _document(done: "Restored") -> Json:
    return {
        "source": str(done.source),
        "differences": {
            KINDS[one.kind]: {"back": list(one.back), "gone": list(one.gone), "changed": one.changed}
            for one in done.differences
        },
        "kept": done.kept.path.stem if done.kept else None,
        "aside": str(done.aside) if done.aside else None,
    }


def _print(done: "Restored", *, dry_run: bool) -> None:
    lines = [line for one in done.differences for line in _lines(one)]
    typer.echo(f"{'Restoring' if dry_run else 'Restored'} {done.source}")
    typer.echo("\n".join(lines) if lines else "  No difference from the register.")
    if dry_run:
        typer.echo("Nothing was changed: this was a dry run.")
    if done.kept is not None:
        typer.echo(f"To go back: attendance restore {done.kept.path.stem}")
    if done.aside is not None:
        typer.echo(f"The damaged register was put aside: {done.aside}")


def _lines(one: "Difference") -> list[str]:
    what, lines = KINDS[one.kind], []
    for word, names in (("come back", one.back), ("vanish", one.gone)):
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            lines.append(f"  {what}: {len(names)} {word}: {', '.join(names[:SHOWN])}{more}")
    if one.changed:
        lines.append(f"  {what}: {one.changed} change")
    return lines
