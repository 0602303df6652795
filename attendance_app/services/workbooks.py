"""One table as an XLSX workbook."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
WIDEST = 40
"""Of a column, in characters: a long remark must not push the others off the screen."""


def workbook(title: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet: header bold and frozen, filters on, text never taken for a formula."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row_number, row in enumerate([header, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row_number, column)
            assert isinstance(cell, Cell)
            _fill(cell, value)
            if row_number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for column, cells in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value)) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = min(longest + 2, WIDEST)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(cell: Cell, value: object) -> None:
    if isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)  # spreadsheets know no zones
        cell.number_format = TIME_FORMAT
    elif isinstance(value, Enum):
        cell.value = str(value.value)
    elif isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # not "f", whatever it begins with
        # Excel would take the text for a formula again as soon as somebody edits the cell.
        cell.quotePrefix = True
    else:
        assert value is None or isinstance(value, int | float)
        cell.value = value
