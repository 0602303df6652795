"""``attendance unlock``: open an encrypted register or backup with its recovery key."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.context import cli_context


def unlock(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A backup; by default the register.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Open an encrypted register, or a backup of another computer, with its recovery key.

    The key is asked for, or read from standard input, and kept as that of a register made here.
    """
    from attendance_app.store.database import FILE_NAME
    from attendance_app.store.protection import protection_of
    from attendance_app.store.protection import unlock as keep_key

    path = file or cli_context(context).data_folder / FILE_NAME
    found = protection_of(path)
    if not found.encrypted:
        typer.echo(f"{path} is not encrypted.")
        return
    if found.place is not None:
        typer.echo(f"The key of {path} is on this computer already.")
        return
    keep_key(path, typer.prompt("Recovery key"))
    typer.echo("Unlocked.")
