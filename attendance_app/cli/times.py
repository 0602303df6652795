"""Moments as commands show them: in the local time of this machine."""

from datetime import UTC, datetime

import typer

from attendance_app.domain.sessions import YEARS


def machine_time(moment: datetime) -> str:
    """For JSON: ISO 8601 with the distance from UTC, so that no program has to guess."""
    return moment.astimezone().isoformat()


def shown_time(moment: datetime | None) -> str:
    """For people, to the minute; empty for what has not happened yet."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


def read_moment(text: str) -> datetime:
    """Read a time of this machine's time zone, or one with its distance from UTC."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise typer.BadParameter(f"{text} is not a time such as 2026-03-02T09:05") from error
    if moment.year not in YEARS:
        raise typer.BadParameter(f"{text} is not between {YEARS.start} and {YEARS.stop}")
    return moment
