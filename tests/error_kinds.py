"""The kinds of known errors, and one error of each, made from the annotations of its details."""

import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import attendance_app
from attendance_app.config.errors import SettingsError
from attendance_app.domain.errors import KnownError, ModelFileError, NotFoundError, SourceError, StoreError
from attendance_app.lab.errors import TooFewPeople
from attendance_app.services.errors import LookTooPoor
from attendance_app.store.errors import InUseError

GROUPS: set[type[KnownError]] = {
    NotFoundError,
    ModelFileError,
    SettingsError,
    SourceError,
    StoreError,
    InUseError,
    TooFewPeople,
    LookTooPoor,
}


def all_kinds() -> list[type[KnownError]]:
    """Every class below KnownError that is not a group of kinds."""
    for module in pkgutil.walk_packages(attendance_app.__path__, "attendance_app."):
        # A class is known to its base only once its module has been imported.
        if module.name.rpartition(".")[2] == "errors":
            importlib.import_module(module.name)
    kinds = [each for each in _below(KnownError) if each not in GROUPS]
    return sorted(kinds, key=lambda kind: kind.__name__)


def kinds_of_the_window() -> list[type[KnownError]]:
    """Every kind but those that only a command raises."""
    return [kind for kind in all_kinds() if not kind.__module__.startswith("attendance_app.cli.")]


def kinds_of_the_laboratory() -> list[type[KnownError]]:
    """The kinds that ``attendance_app.lab`` raises."""
    return [kind for kind in all_kinds() if kind.__module__.startswith("attendance_app.lab.")]


def _below(kind: type[KnownError]) -> Iterator[type[KnownError]]:
    for each in _of_the_program(kind):
        yield each
        yield from _below(each)


def _of_the_program(kind: type[KnownError]) -> list[type[KnownError]]:
    return [each for each in kind.__subclasses__() if each.__module__.startswith("attendance_app.")]


def made(kind: type[KnownError]) -> KnownError:
    """Return an error of the kind, each detail a value of its annotated type."""
    return kind(**{name: _value(hint, name) for name, hint in _details(kind).items()})  # type: ignore[arg-type]


def _details(kind: type[KnownError]) -> dict[str, object]:
    hints = typing.get_type_hints(kind)
    return {name: hints[name] for name in kind.detail_names()}


def _value(hint: object, name: str) -> object:
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        # The first of "X | None" is X: words have to do with a value first of all.
        return _value(typing.get_args(hint)[0], name)
    if typing.get_origin(hint) is tuple:
        return (f"first {name}", f"second {name}")
    if isinstance(hint, type) and issubclass(hint, KnownError):
        return made(next(kind for kind in all_kinds() if issubclass(kind, hint)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return {str: f"the {name}", int: 3, float: 0.5, Path: Path("folder") / name}[typing.cast("type", hint)]
