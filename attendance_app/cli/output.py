"""How commands answer: one JSON document, or lines for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"


def print_json(document: Json) -> None:
    """Write one JSON document in UTF-8 to standard output, and nothing else."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()
