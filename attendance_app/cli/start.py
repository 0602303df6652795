"""Where ``attendance`` begins: the window opens without Typer, which takes a fifth of a second to import."""

import logging
import os
import sys
from pathlib import Path

from attendance_app.domain.errors import Cancelled, KnownError

MARKS_NOT_SAVED = 3
"""Exit status of a session whose marks could not all be written to the register."""


def run() -> None:
    """Entry point of the console script."""
    # For the owner only, whatever is written and wherever: names of students, faces, networks that have learnt them.
    os.umask(0o077)
    try:
        sys.exit(_run(sys.argv[1:]))
    except KnownError as error:
        sys.exit(report(error))
    except Cancelled:
        sys.stderr.write("Stopped. What was done up to here is kept.\n")
        # What shells expect of a program that Ctrl-C has ended: 128 + SIGINT.
        sys.exit(130)


def _run(arguments: list[str]) -> int:
    if not asks_for_the_window_alone(arguments):
        from attendance_app.cli.main import run_command

        return run_command(arguments)
    from attendance_app.cli.window import open_window

    log_to_stderr(verbose=False)
    # Typer would read the variable; here it is not asked.
    home = arguments[1] if arguments else os.environ.get("ATTENDANCE_HOME", "")
    return open_window(Path(home) if home else None)


def asks_for_the_window_alone(arguments: list[str]) -> bool:
    """Whether there is nothing to parse but a data folder."""
    match arguments:
        case []:
            return True
        case ["--home", folder]:
            return bool(folder) and not folder.startswith("-")
    return False


def log_to_stderr(*, verbose: bool) -> None:
    """Log to standard error: all from INFO on with ``verbose``, else warnings and errors only."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )


def report(error: KnownError) -> int:
    """Say what is wrong and what to do; return the exit status."""
    from attendance_app.cli.messages import message_of, remedy_of
    from attendance_app.services.errors import MarksInFile, MarksInNoFile

    sys.stderr.write(f"Error: {message_of(error)}\nWhat to do: {remedy_of(error)}\n")
    return MARKS_NOT_SAVED if isinstance(error, MarksInFile | MarksInNoFile) else 1
