"""How commands answer: one JSON document, or lines for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"

WIDEST = 100_000
"""Columns of a table that goes into a pipe or a file: more than any has."""


def print_json(document: Json) -> None:
    """Write one JSON document in UTF-8 to standard output, and nothing else."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    # The bytes themselves: on Windows a pipe has another encoding.
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Json]]) -> None:
    """Write a plain table to standard output: as wide as its cells, in a terminal no wider than that."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=SIMPLE)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    # Without a terminal Rich takes 80 columns and cuts what is longer, which a pipe or a file must have whole.
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDEST)
    console.print(table)
