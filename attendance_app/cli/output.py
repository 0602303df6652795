"""How commands answer: one JSON document, or lines for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"

MANY = 1_000
"""Rows of a table that is not fitted into the terminal, which takes 40 s for 20,000."""


def print_json(document: Json) -> None:
    """Write one JSON document in UTF-8 to standard output, and nothing else."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    # The bytes themselves: on Windows a pipe has another encoding.
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Json]]) -> None:
    """Write a plain table to standard output: as wide as its cells, in a terminal no wider than that."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty() or len(rows) > MANY:
        _print_whole(headings, cells)
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=SIMPLE)
    for row in cells:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def _print_whole(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The same table with every cell whole, which a pipe or a file must have; Rich would take 2 ms a row."""
    from rich.cells import cell_len

    lines = [[" ".join(cell.split("\n")) for cell in row] for row in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    blank = " " * (sum(widths) + 3 * len(widths) + 1)
    shown = [
        "  " + "   ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    rule = f" {'─' * (len(blank) - 2)} "
    sys.stdout.write("\n".join([blank, f"{shown[0]}  ", rule, *(f"{line}  " for line in shown[1:]), blank, ""]))
