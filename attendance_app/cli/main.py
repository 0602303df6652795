"""The command ``attendance``: assembles the groups and turns known errors into one line and exit status 1."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.commands import LazyGroup
from attendance_app.cli.context import CliContext
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.errors import MarksInFile, MarksInNoFile

MARKS_NOT_SAVED = 3
"""Exit status of a session whose marks could not all be written to the register."""

app = typer.Typer(
    name="attendance",
    cls=LazyGroup,
    help="Classroom attendance by camera. Without a command it opens the window.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(envvar="ATTENDANCE_HOME", help="Data folder; by default the platform's own place."),
    ] = None,
    verbose: Annotated[bool, typer.Option(help="Log to standard error what the program does.")] = False,
) -> None:
    """Classroom attendance by camera. Without a command it opens the window."""
    import logging

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
    context.obj = CliContext(home=home)
    if context.invoked_subcommand is None:
        from attendance_app.cli.window import open_window

        raise typer.Exit(open_window(context.obj.home))


def _hoist_home(arguments: list[str]) -> list[str]:
    """Accept ``--home DIR`` behind a command as well as before it."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--home":
            front += [word, next(words, "")]
        elif word.startswith("--home="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def run() -> None:
    """Entry point of the console script."""
    try:
        app(_hoist_home(sys.argv[1:]))
    except KnownError as error:
        from attendance_app.cli.messages import message_of, remedy_of

        typer.echo(f"Error: {message_of(error)}\nWhat to do: {remedy_of(error)}", err=True)
        sys.exit(MARKS_NOT_SAVED if isinstance(error, MarksInFile | MarksInNoFile) else 1)
    except Cancelled:
        typer.echo("Stopped. What was done up to here is kept.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    run()
