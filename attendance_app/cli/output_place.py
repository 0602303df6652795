"""Where a command writes: an existing file is asked about in a terminal, elsewhere it needs ``--force``."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from attendance_app.services.output.files import OutputFile

Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already, without asking.")]


def file_place(path: Path, formats: Collection[str], *, wanted: str | None = None, force: bool) -> "OutputFile":
    """Check the file before the work begins. Raises KnownError, Abort when the user declines."""
    from attendance_app.services.output.files import claim_file

    return claim_file(path, formats, wanted=wanted, may_replace=lambda there: force or _agreed(there))


def folder_place(path: Path, *, force: bool) -> Path:
    """Check the folder before the work begins. Raises KnownError, Abort when the user declines."""
    from attendance_app.services.output.files import claim_folder

    return claim_folder(path, may_replace=lambda there: force or _agreed(there))


def refuse_marks_file(path: Path | None) -> None:
    """Check the file for marks that can't be saved before the session begins. Raises KnownError."""
    from attendance_app.services.errors import MarksFileThere
    from attendance_app.services.output.errors import NotWritten

    if path is None:
        return
    try:
        there = path.exists()
    except OSError as error:
        raise NotWritten(path=path, reason=error.strerror or str(error)) from error
    if there:
        raise MarksFileThere(path=path)


def _agreed(path: Path) -> bool:
    if not _in_terminal():
        return False
    question = f"There are files in {path}. Replace those of the same names?" if path.is_dir() else f"Replace {path}?"
    return typer.confirm(question, abort=True, err=True)


def _in_terminal() -> bool:
    # The question is written to standard error, since standard output may go into a file.
    return sys.stdin.isatty() and sys.stderr.isatty()
