"""How commands answer: one JSON document, or lines for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"


def print_json(document: Json) -> None:
    """Write one JSON document in UTF-8 to standard output, and nothing else."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    # The bytes themselves: on Windows a pipe has another encoding.
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Json]]) -> None:
    """Write a plain table to standard output, as wide as its cells."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=SIMPLE)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console(highlight=False, markup=False)
    console.print(table)
