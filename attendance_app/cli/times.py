"""Moments as commands show them: in the local time of this machine."""

from datetime import datetime


def machine_time(moment: datetime) -> str:
    """For JSON: ISO 8601 with the distance from UTC, so that no program has to guess."""
    return moment.astimezone().isoformat()


def shown_time(moment: datetime | None) -> str:
    """For people, to the minute; empty for what has not happened yet."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")
