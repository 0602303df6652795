"""A sheet as an XLSX workbook: title, facts, coloured statuses, totals, laid out for the screen and for paper."""

import io
from datetime import date, datetime, time
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from attendance_app.domain.sessions import Status
from attendance_app.services.sheets.looks import HEAD, INK, LINE, TINTS
from attendance_app.services.sheets.sheet import Cell, Sheet

WIDEST: Final = 40
"""Of a column, in characters: a long remark is wrapped."""
LETTERS_WIDE: Final = 6
"""Width in characters of a column of letters."""
UPRIGHT_POINTS: Final = 96
"""Height of a row with dates and times written upwards."""
PORTRAIT_COLUMNS: Final = 9
"""More columns are printed across."""

_THIN = Side(style="thin", color=LINE)
_EDGE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOP, _MIDDLE = Alignment(vertical="top", wrap_text=True), Alignment(horizontal="center", vertical="top")


def sheet_xlsx(sheet: Sheet) -> bytes:
    """Return a workbook of one sheet. Text is never taken for a formula; the totals are formulas, so that they follow
    what somebody corrects in the file."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = _page_name(sheet)
    _Page(sheet, page).fill()
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _font(colour: str, *, bold: bool = False, size: int = 11) -> Font:
    # Without a name, programs take different fonts.
    return Font(name="Calibri", size=size, bold=bold, color=colour)


def _page_name(sheet: Sheet) -> str:
    # Spreadsheets refuse these signs, and more than 31 of any.
    return "".join(sign for sign in sheet.title if sign not in "[]:*?/\\'")[:31].strip() or "1"


class _Page:
    def __init__(self, sheet: Sheet, page: Worksheet) -> None:
        self._sheet = sheet
        self._page = page
        self._letters = sheet.status_column is None
        # Row 1 is the title; a free row stands before the table.
        self._head = 3 + len(sheet.facts)

    def fill(self) -> None:
        page, sheet = self._page, self._sheet
        self._put(1, 1, sheet.title).font = _font(INK, bold=True, size=16)
        for row, (what, value) in enumerate(sheet.facts, start=2):
            self._put(row, 1, what).font = _font(INK, bold=True)
            self._put(row, 2, value).alignment = Alignment(horizontal="left")
        for column, title in enumerate(sheet.header, start=1):
            cell = self._put(self._head, column, title)
            cell.font, cell.fill = _font("FFFFFF", bold=True), PatternFill("solid", fgColor=HEAD)
            upright = self._letters and isinstance(title, datetime)
            cell.alignment = Alignment(vertical="bottom", wrap_text=True, text_rotation=90 if upright else 0)
            cell.border = _EDGE
        for row, cells in enumerate(sheet.rows, start=self._head + 1):
            for column, value in enumerate(cells, start=1):
                cell = self._put(row, column, value)
                cell.border = _EDGE
                in_middle = isinstance(value, int | float | time) or (self._letters and isinstance(value, Status))
                cell.alignment = _MIDDLE if in_middle else _TOP
        if sheet.totals:
            self._add_totals(self._head + len(sheet.rows) + 2)
        self._lay_out()
        page.freeze_panes = f"{get_column_letter(self._names + 1)}{self._head + 1}"
        page.auto_filter.ref = f"A{self._head}:{get_column_letter(len(sheet.header))}{self._head + len(sheet.rows)}"

    @property
    def _names(self) -> int:
        """Number of columns that say who it is; they stay when the rest is moved."""
        words = self._sheet.words
        return sum(
            title in {words.list_number, words.number, words.name, words.family_name, words.given_name}
            for title in self._sheet.header
        )

    def _put(self, row: int, column: int, value: Cell) -> BookCell:
        cell = self._page.cell(row, column)
        assert isinstance(cell, BookCell)
        match value:
            case Status():
                words = self._sheet.words
                cell.value = (words.letters if self._letters else words.statuses)[value]
                cell.fill, cell.font = PatternFill("solid", fgColor=TINTS[value].paper), _font(TINTS[value].ink)
            case str():
                cell.value = value
                cell.data_type = "s"  # not "f", whatever it begins with
                # Excel would take the text for a formula again as soon as somebody edits the cell.
                cell.quotePrefix = True
                cell.font = _font(INK)
            case _:
                cell.value = value
                cell.number_format = _format(value)
                cell.font = _font(INK)
        return cell

    def _add_totals(self, row: int) -> None:
        sheet, page = self._sheet, self._page
        self._put(row, 1, sheet.words.total).font = _font(INK, bold=True)
        for offset, status in enumerate(Status, start=1):
            sign = self._put(row + offset, 1, status)
            sign.alignment, sign.border = _MIDDLE if self._letters else _TOP, _EDGE
            count = page.cell(row + offset, 2)
            count.value, count.alignment = self._counted(status), Alignment(horizontal="left")
            if self._letters:
                self._put(row + offset, 3, sheet.words.statuses[status])
        if sheet.signed:
            for offset, caption in ((7, sheet.words.teacher), (9, sheet.words.signature)):
                self._put(row + offset, 1, caption)
                for column in range(2, 5):
                    page.cell(row + offset, column).border = Border(bottom=Side(style="thin", color=INK))

    def _counted(self, status: Status) -> str:
        """A formula, whose name and separator are English in the file and the user's in every spreadsheet."""
        sheet, words = self._sheet, self._sheet.words
        first = sheet.status_column if sheet.status_column is not None else self._names
        # Of a course over time every column between the names and the figures.
        last = first if not self._letters else first + sum(isinstance(title, datetime) for title in sheet.header) - 1
        top, bottom = self._head + 1, self._head + max(1, len(sheet.rows))
        sign = (words.letters if self._letters else words.statuses)[status].replace('"', '""')
        return f'=COUNTIF({get_column_letter(first + 1)}{top}:{get_column_letter(last + 1)}{bottom},"{sign}")'

    def _lay_out(self) -> None:
        sheet, page = self._sheet, self._page
        for column, title in enumerate(sheet.header, start=1):
            is_letters = self._letters and isinstance(title, datetime)
            # The title in row 1 and the facts run over the columns beside them.
            longest = max(len(_shown(row[column - 1], sheet)) for row in (sheet.header, *sheet.rows))
            width = LETTERS_WIDE if is_letters else min(longest + 3, WIDEST)
            page.column_dimensions[get_column_letter(column)].width = max(width, self._least_width(column))
        if self._letters and any(isinstance(title, datetime) for title in sheet.header):
            page.row_dimensions[self._head].height = UPRIGHT_POINTS
        page.page_setup.orientation = "landscape" if len(sheet.header) > PORTRAIT_COLUMNS else "portrait"
        page.page_setup.paperSize = page.PAPERSIZE_A4
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        page.print_title_rows = f"{self._head}:{self._head}"
        assert page.oddFooter is not None
        assert page.oddFooter.center is not None
        page.oddFooter.center.text = "&P / &N"

    def _least_width(self, column: int) -> int:
        """Captions of facts and totals stand in the first column."""
        words = self._sheet.words
        captions = [what for what, _ in self._sheet.facts] + [words.total, words.teacher, words.signature]
        return max(map(len, captions)) + 3 if column == 1 else 0


def _shown(value: Cell, sheet: Sheet) -> str:
    """About what a cell shows, for its width."""
    if isinstance(value, Status):
        return sheet.words.statuses[value]
    return "100%" if isinstance(value, float) else str(value)


def _format(value: Cell) -> str:
    match value:
        case datetime():
            return "yyyy-mm-dd hh:mm"
        case date():
            return "yyyy-mm-dd"
        case time():
            return "hh:mm"
        case float():
            return "0%"
    return "General"
