"""Messages for families: what they are about, and the school's texts for them, one for each language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from attendance_app.domain.people import tidy

LONGEST_LANGUAGE: Final = 40
_OWN_NAMES: Final = {"english": "en", "inglés": "en", "español": "es", "spanish": "es", "castellano": "es"}


class MessageKind(StrEnum):
    """What a message is about."""

    ABSENT = "absent"
    """A student's absence in one session."""
    BELOW = "below"
    """A student whose attendance is below the limit."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """The school's text in one language: a subject and a body, both with fields such as {name}."""

    subject: str
    body: str


def language_key(name: str) -> str:
    """Return what a language typed by the school is kept under: ``en``, ``es``, or its name as typed."""
    name = tidy(name)
    folded = name.casefold()
    return folded if folded in {"en", "es"} else _OWN_NAMES.get(folded, name)
