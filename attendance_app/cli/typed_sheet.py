"""``attendance session type``: a paper sheet typed back."""

from typing import Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import SessionId


def type_sheet(
    context: typer.Context,
    session_id: SessionId,
    letters: Annotated[
        str, typer.Argument(help="One letter a student in the order of the list: P, L, A, E (or R, F, J), - for none.")
    ],
) -> None:
    """Type a paper sheet into a session's register, one letter a student: attendance session type 12 "PPLAP PE-PP"."""
    from attendance_app.services.registers import session_register
    from attendance_app.services.typed_sheet import apply_typed, read_letters

    with open_data(cli_context(context).data_folder) as store:
        register = session_register(store, session_id)
        statuses = read_letters(letters, register)
        with store.write() as tx:
            changed = apply_typed(tx, register, statuses, at=utc_now())
    typer.echo(f"{changed} of {len(register.lines)} marks set.")
