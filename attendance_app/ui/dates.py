"""Dates and numbers as the user's country writes them. Times arrive in UTC and are shown in local time."""

from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QTime

SHORT, LONG = QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat


def day(moment: datetime, *, long: bool = False) -> str:
    """The local date."""
    local = moment.astimezone()
    return QLocale().toString(QDate(local.year, local.month, local.day), LONG if long else SHORT)


def weekday_and_day(moment: datetime) -> str:
    """Such as "Sat 21 Nov"."""
    local = moment.astimezone()
    return QLocale().toString(QDate(local.year, local.month, local.day), "ddd d MMM")


def time(moment: datetime) -> str:
    """The local time without seconds."""
    local = moment.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), SHORT)


def day_and_time(moment: datetime) -> str:
    return f"{day(moment)} {time(moment)}"


def elapsed(length: timedelta) -> str:
    """Such as 04:12 or 1:04:12."""
    # Negative only when the clock was set back.
    seconds = max(0, int(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def percent(share: float, decimals: int = 0) -> str:
    """A share from 0 to 1 as a percentage."""
    return f"{QLocale().toString(100 * share, 'f', decimals)} %"


def number(value: int) -> str:
    return QLocale().toString(value)


def day_over_month(moment: datetime) -> str:
    """Such as "21" over "Nov", for narrow columns."""
    local = moment.astimezone()
    day_of = QDate(local.year, local.month, local.day)
    return f"{local.day}\n{QLocale().toString(day_of, 'MMM')}"
