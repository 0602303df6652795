"""Writes values as TOML; Python's own ``tomllib`` only reads it."""

import json
import math
from datetime import date, datetime, time
from typing import Final

LONGEST_NUMBER: Final = 10**18
"""From here on a number is written in hexadecimal: Python refuses to write one of thousands of digits."""


def as_toml(value: object) -> str:
    """Return a value of a TOML document on one line. A text serves as a key too."""
    match value:
        # bool before int, of which it is a kind.
        case str() | bool():
            # JSON escapes what TOML does, and DEL, which TOML forbids, has to be escaped besides.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case float() if not math.isfinite(value):
            return str(value)  # nan, inf and -inf are TOML's words as well
        case int() | float():
            return hex(value) if isinstance(value, int) and abs(value) >= LONGEST_NUMBER else repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{as_toml(key)} = {as_toml(each)}" for key, each in value.items()) + "}"
        case _:
            raise TypeError(type(value).__name__)
