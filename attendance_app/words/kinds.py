"""The words for one kind of error, as templates, and how its details fill them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from attendance_app.domain.errors import KnownError


@dataclass(frozen=True, slots=True)
class Words:
    """Templates in ``str.format`` syntax with the kind's details as names: English, and the key of a translation.

    An empty remedy means that the window and the command line each have one of their own. A detail that is an error
    itself is an ``InnerWords`` to the template: ``{cause.message}``, ``{cause.remedy}``.
    """

    message: str
    remedy: str = ""


Table: TypeAlias = dict[type[KnownError], Words]


@dataclass(frozen=True, slots=True)
class InnerWords:
    """The filled words of an error that another one has as a detail."""

    message: str
    remedy: str


def filled(template: str, error: KnownError, worded: Callable[[KnownError], InnerWords]) -> str:
    """Fill a template from the details; ``worded`` gives the words of an error inside the error."""
    return template.format(**{name: _shown(value, worded) for name, value in error.details.items()})


def _shown(value: object, worded: Callable[[KnownError], InnerWords]) -> object:
    if isinstance(value, KnownError):
        return worded(value)
    # Details that list something are tuples.
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
