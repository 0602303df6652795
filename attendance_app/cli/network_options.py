"""The option --network: a network of the user's own in place of the one in use."""

from typing import Annotated, TypeAlias

import typer

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
