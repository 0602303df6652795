"""Backups as files: how they are called, which there are, and which are dropped for newer ones."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

FOLDER: Final = "backups"
"""In the data folder."""
DAYS, WEEKS, MONTHS = 7, 4, 12
"""Of how many days, weeks and months the last backup is kept."""
OTHERS: Final = 10
"""How many backups of the other reasons are kept."""

_NAME: Final = re.compile(r"attendance-([0-9a-f]{8})-(\d{8}T\d{6}Z)-([a-z]+)\.sqlite3")
_TIME: Final = "%Y%m%dT%H%M%SZ"


class Reason(StrEnum):
    """Why a backup was made."""

    DAY = "day"
    """By the program itself, after changes."""
    HAND = "hand"
    """Somebody asked for it."""
    RESTORE = "restore"
    """The state before another one was restored."""
    KEY = "key"
    """The state before the register was encrypted, or made plain."""
    SCHEMA = "schema"
    """The state before a migration."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One file. It was verified before it got its name. ``register``: the register that it is a copy of."""

    path: Path
    register: str
    made_at: datetime
    reason: Reason


def backup_of(path: Path) -> Backup | None:
    """Read a backup's name; None for any other file."""
    match = _NAME.fullmatch(path.name)
    if match is None or match[3] not in set(Reason):
        return None
    made_at = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
    return Backup(path, match[1], made_at, Reason(match[3]))


def new_backup(folder: Path, register: str, reason: Reason, at: datetime) -> Backup:
    """Return a backup with a name that is free, for a file yet to be made."""
    moment = at.astimezone(UTC).replace(microsecond=0)
    # A name has whole seconds; a second backup within one gets the next.
    while any(one.made_at == moment for one in backups_in(folder, register)):
        moment += timedelta(seconds=1)
    path = folder / f"attendance-{register}-{moment.strftime(_TIME)}-{reason}.sqlite3"
    return Backup(path, register, moment, reason)


def backups_in(folder: Path, register: str | None = None) -> tuple[Backup, ...]:
    """Return the backups of a folder, newest first: those of one register, or all."""
    try:
        found = [backup_of(path) for path in folder.glob("attendance-*.sqlite3")]
    except OSError:  # a folder that is not connected
        return ()
    ours = [one for one in found if one is not None and register in {None, one.register}]
    return tuple(sorted(ours, key=lambda one: one.made_at, reverse=True))


def outdated(backups: Iterable[Backup]) -> tuple[Backup, ...]:
    """Return the backups that newer ones make superfluous.

    Of those made by the program the last of each of the last 7 days, 4 weeks and 12 months that have one is kept: days
    without a backup don't count, so that a summer costs nothing. Of the others the newest are kept.
    """
    newest_first = sorted(backups, key=lambda one: one.made_at, reverse=True)
    daily = [one for one in newest_first if one.reason is Reason.DAY]
    kept = {one.path for one in [one for one in newest_first if one.reason is not Reason.DAY][:OTHERS]}
    for count, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        kept |= {one.path for one in _last_of_each(daily, period)[:count]}
    return tuple(one for one in newest_first if one.path not in kept)


def _last_of_each(newest_first: list[Backup], period: Callable[[date], object]) -> list[Backup]:
    last: dict[object, Backup] = {}
    for one in newest_first:
        last.setdefault(period(one.made_at.astimezone().date()), one)
    return list(last.values())


def _day(day: date) -> object:
    return day


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month
