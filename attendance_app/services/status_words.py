"""What schools write for a status, in English and Spanish: the one list for all tables that are read."""

import re
from collections.abc import Mapping
from typing import Final

from attendance_app.domain.people import sort_key
from attendance_app.domain.sessions import Status

WORDS: Final[Mapping[str, Status]] = {
    **dict.fromkeys(("p", "present", "presente", "asistio", "asistencia", "✓", "✔"), Status.PRESENT),
    **dict.fromkeys(("l", "r", "late", "retardo", "retraso", "tarde", "tardanza"), Status.LATE),
    **dict.fromkeys(("f", "absent", "ausente", "falta", "inasistencia"), Status.ABSENT),
    **dict.fromkeys(("e", "j", "excused", "justificada", "justificado", "falta justificada"), Status.EXCUSED),
}
"""By words as ``status_key`` makes them. The letter A is not among them: it is absent in English and present (asistió)
in Spanish."""

_POINTS: Final = re.compile(r"\s*\(.*\)\s*$")
"""Moodle writes the points behind the letter: P (2/2)."""


def status_key(text: str) -> str:
    """Return a status as ``WORDS`` has it: without case, accents, points and doubled spaces."""
    return " ".join(sort_key(_POINTS.sub("", text)).split())
