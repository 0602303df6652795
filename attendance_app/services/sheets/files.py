"""Sheets as files: CSV with the separator that the teacher's spreadsheet expects, and XLSX laid out for the eye."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from attendance_app.domain.sessions import Status
from attendance_app.services.exports import BYTE_ORDER_MARK
from attendance_app.services.output.files import OutputFile
from attendance_app.services.sheets.sheet import Cell, Sheet
from attendance_app.services.tables.safe_text import safe_cell

SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""Excel takes the one of its system: the semicolon where a comma stands before decimals."""

FORMATS: Final = ("csv", "xlsx", "pdf")


def write_sheet(sheet: Sheet, out: OutputFile, *, separator: str, pdf: Callable[[Sheet], bytes]) -> None:
    """Write a sheet in one of ``FORMATS``, as ``out`` says, whole or not at all. Raises KnownError.

    ``pdf`` lays it out on pages, which takes Qt.
    """
    from attendance_app.services.sheets.workbook import sheet_xlsx

    writers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: sheet_csv(sheet, separator),
        "xlsx": lambda: sheet_xlsx(sheet),
        "pdf": lambda: pdf(sheet),
    }
    out.write(writers[out.format]())


def sheet_csv(sheet: Sheet, separator: str) -> bytes:
    """Return the header and the rows as UTF-8 with byte order mark; no cell that a spreadsheet would run."""
    # The csv module ends lines with \r\n; they must not be translated once more.
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=separator)
    rows = [[_plain(cell, sheet) for cell in row] for row in (sheet.header, *sheet.rows)]
    if sheet.version:
        # A table has no room above it: the version stands in each line.
        rows = [[*row, sheet.words.version if place == 0 else sheet.version] for place, row in enumerate(rows)]
    writer.writerows(rows)
    return text.getvalue().encode()


def _plain(cell: Cell, sheet: Sheet) -> str:
    """A cell as text: dates as ISO 8601, which every spreadsheet reads, times to the minute, a share in percent."""
    match cell:
        case None:
            text = ""
        case Status():
            text = sheet.words.statuses[cell]
        case datetime():
            text = f"{cell:%Y-%m-%d %H:%M}"
        case date():
            text = cell.isoformat()
        case time():
            text = f"{cell:%H:%M}"
        case float():
            text = f"{100 * cell:.0f} %"
        case _:
            text = safe_cell(str(cell))
    return text
