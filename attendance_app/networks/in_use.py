"""Which networks of one's own are in use, for all courses or for one; without a choice it is the program's.

The choice is a JSON file beside the networks: ``{"all": {KIND: NAME}, "courses": {ID: {KIND: NAME}}}``.
"""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from attendance_app.networks.errors import ChoiceDamaged, OwnNetworkNotWritten
from attendance_app.networks.files import OWN_NETWORKS
from attendance_app.networks.own import NetworkKind

FILE: Final = "in-use.json"
Choices: TypeAlias = dict[tuple[NetworkKind, int | None], str]
"""Kind, and course id or None for all courses -> the network's name."""


def read_choices(home: Path) -> Choices:
    """Return every choice of the data folder. Raises ChoiceDamaged."""
    path = home / OWN_NETWORKS / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        choices: Choices = {(NetworkKind(kind), None): str(name) for kind, name in document["all"].items()}
        for course, chosen in document["courses"].items():
            choices |= {(NetworkKind(kind), int(course)): str(name) for kind, name in chosen.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ChoiceDamaged(path=path) from error
    return choices


def chosen(home: Path, kind: NetworkKind, course_id: int | None = None) -> str | None:
    """Return the name of the network in use, the course's own choice first; None: the program's."""
    choices = read_choices(home)
    return choices.get((kind, course_id)) or choices.get((kind, None))


def choose(home: Path, kind: NetworkKind, name: str | None, course_id: int | None = None) -> None:
    """Use the network ``name`` for a course, or for all that have no choice of their own; None: no choice.

    Raises ChoiceDamaged, OwnNetworkNotWritten.
    """
    choices = read_choices(home)
    choices.pop((kind, course_id), None)
    if name is not None:
        choices[kind, course_id] = name
    _write(home, choices)


def choose_shipped(home: Path, course_id: int | None = None) -> None:
    """Forget the choices for a course; without one all choices. A damaged file is replaced.

    Raises OwnNetworkNotWritten.
    """
    choices = {} if course_id is None else read_choices(home)
    _write(home, {key: name for key, name in choices.items() if key[1] != course_id})


def forget(home: Path, name: str) -> None:
    """Forget every choice of the network ``name``. Raises ChoiceDamaged, OwnNetworkNotWritten."""
    choices = read_choices(home)
    if name in choices.values():
        _write(home, {key: one for key, one in choices.items() if one != name})


def _write(home: Path, choices: Choices) -> None:
    path = home / OWN_NETWORKS / FILE
    if not choices and not path.exists():
        return
    courses: dict[str, dict[str, str]] = {}
    for (kind, course_id), name in choices.items():
        if course_id is not None:
            courses.setdefault(str(course_id), {})[kind.value] = name
    document = {"all": {kind.value: name for (kind, one), name in choices.items() if one is None}, "courses": courses}
    draft = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(document, indent=2) + "\n")
        Path(draft).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(draft).unlink()
        raise OwnNetworkNotWritten(folder=path.parent, reason=error.strerror or str(error)) from error
