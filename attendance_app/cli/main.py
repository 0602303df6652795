"""The command ``attendance``: assembles the groups."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.commands import LazyGroup
from attendance_app.cli.context import CliContext
from attendance_app.cli.start import log_to_stderr

app = typer.Typer(
    name="attendance",
    cls=LazyGroup,
    help="Classroom attendance by camera. Without a command it opens the window.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    # With it, ``--help`` would import Rich and, for their summaries, every command.
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
    log_to_stderr(verbose=verbose)
    context.obj = CliContext(home=home)
    if context.invoked_subcommand is None:
        from attendance_app.cli.window import open_window

        raise typer.Exit(open_window(context.obj.home))


def _move_home_first(arguments: list[str]) -> list[str]:
    """Accept ``--home DIR`` behind a command as well as before it."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        # What follows is no option, even if it looks like one.
        if word == "--":
            rest += [word, *words]
        elif word == "--home":
            front += [word, next(words, "")]
        elif word.startswith("--home="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def run_command(arguments: list[str]) -> int:
    """Run a command with its options. Raises KnownError, Cancelled, and SystemExit with the command's status."""
    app(_move_home_first(arguments))
    return 0
