"""The option --network: a network of the user's own in place of the one in use."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from attendance_app.networks.own import OwnNetwork

NetworkOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--network", help="A network of your own: its name in `attendance models list`, or a run folder."),
]
NetworkOptions: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--network",
        help="A network of your own, for masks or faces, in place of the one in use: its name in `attendance models "
        "list`, or a run folder. May be given once for each kind.",
    ),
]


def say_network(own: "OwnNetwork | None") -> None:
    """Say on standard error that a network of the user's own answers; nothing for the program's."""
    if own is not None:
        typer.echo(f"These are the answers of {own.name}, a network of your own.", err=True)
