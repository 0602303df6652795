"""Days, times and shares in the words of a message's language, whatever the language of the window."""

from datetime import datetime
from typing import Final

_DAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}


def day_words(moment: datetime, language: str) -> str:
    """Return the day of a local time, such as "Monday, March 2, 2026".

    In a language whose words the program does not have, it is in figures: day/month/year.
    """
    if language not in _DAYS:
        return f"{moment.day}/{moment.month}/{moment.year}"
    day, month = _DAYS[language][moment.weekday()], _MONTHS[language][moment.month - 1]
    if language == "es":
        return f"{day} {moment.day} de {month} de {moment.year}"
    return f"{day}, {month} {moment.day}, {moment.year}"


def clock_words(moment: datetime, language: str) -> str:
    """Return the time of day of a local time, such as "8:00 AM"; "08:00" in other languages than English."""
    if language != "en":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def percent_words(share: float, language: str) -> str:
    """Return a share from 0 to 1 in percent, such as "80%"; "80 %" in other languages than English."""
    # A no-break space: mail programs break lines where they like.
    return f"{100 * share:.0f}{'' if language == 'en' else chr(160)}%"
