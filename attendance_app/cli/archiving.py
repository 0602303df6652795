"""What the commands that archive have in common."""

from typing import Annotated

import typer

Undo = Annotated[bool, typer.Option("--undo", help="Take it out of the archive again.")]


def say_archived(what: str, *, archived: bool) -> None:
    """Say what became of ``what`` (a course or a student, with its code or number)."""
    typer.echo(f"{what} is {'archived' if archived else 'active again'}.")
