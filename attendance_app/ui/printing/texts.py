"""The cells of a sheet as texts for paper; dates and times as ``QLocale()`` writes them."""

from datetime import date, datetime, time

from PySide6.QtCore import QDate, QLocale, QTime

from attendance_app.domain.sessions import Status
from attendance_app.services.sheets.sheet import Cell, Sheet

SHORT, LONG = QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat


def header_text(title: str | datetime) -> str:
    """A column's title; a session's date over its time, for narrow columns."""
    if isinstance(title, datetime):
        return f"{title.day}\n{QLocale().toString(_day(title), 'MMM')}\n{title:%H:%M}"
    return title


def cell_text(value: Cell, sheet: Sheet) -> str:
    """A cell as the sheet shows it: statuses as words, or as letters in a course over time."""
    match value:
        case None:
            text = ""
        case Status():
            text = (sheet.words.letters if sheet.status_column is None else sheet.words.statuses)[value]
        case datetime():
            text = f"{QLocale().toString(_day(value), SHORT)} {_clock(value.time())}"
        case date():
            text = QLocale().toString(_day(value), LONG)
        case time():
            text = _clock(value)
        case float():
            text = f"{100 * value:.0f} %"
        case _:
            text = str(value)
    return text


def _day(moment: date) -> QDate:
    return QDate(moment.year, moment.month, moment.day)


def _clock(moment: time) -> str:
    return QLocale().toString(QTime(moment.hour, moment.minute), SHORT)
