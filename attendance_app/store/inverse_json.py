"""Inverses as JSON: a list of objects with the class's name and its fields."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from attendance_app.store.changes import Inverse
from attendance_app.store.inverses import INVERSES

_KINDS = {kind.__name__: kind for kind in INVERSES}


def to_json(inverses: Sequence[Inverse]) -> str:
    """Return inverses as text. Raises KeyError for one that must not be stored (a bug of ours)."""
    return json.dumps([{"kind": _KINDS[type(one).__name__].__name__, **_plain(one)} for one in inverses])


def from_json(text: str) -> tuple[Inverse, ...]:
    """Return the inverses that ``to_json`` has written."""
    return tuple(_decoded_value(_KINDS[document.pop("kind")], document) for document in json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _decoded_value(kind: Any, value: Any) -> Any:
    """Return a value of ``kind``, which is a field's annotation."""
    if value is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(_decoded_value(get_args(kind)[0], one) for one in value)
    # Of "X | None" the X.
    kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _decoded_value(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    if issubclass(kind, date | time):
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum) else value
