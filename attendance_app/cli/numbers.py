"""Numbers on the command line, with their bounds: a wrong one is an error of usage, never a traceback."""

import math
from typing import Annotated, Final, Literal

import typer

LARGEST_ID: Final = 2**63 - 1
"""SQLite's integers end here."""
LARGEST_SEED: Final = 2**32 - 1
"""NumPy's and TensorFlow's seeds end here."""
MINUTES_A_DAY: Final = 24 * 60
SECONDS_A_WEEK: Final = 7 * 24 * 3600


def finite(value: float | None) -> float | None:
    """Refuse "nan", which lies within every range."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a number")
    return value


SessionId = Annotated[
    int, typer.Argument(min=1, max=LARGEST_ID, help="The session's number; see `attendance session list`.")
]
LateAfter = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=MINUTES_A_DAY,
        callback=finite,
        help="Minutes after which who comes is late; by default as in the settings.",
    ),
]
Turn = Annotated[
    Literal["0", "90", "180", "270"],
    typer.Option(
        help="Turn the pictures clockwise by so many degrees, where they lie on their side or stand on their head."
    ),
]
