"""Sheets laid out on pages: as a PDF, or for the printer that the user picks."""

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from attendance_app.domain.sessions import Status
from attendance_app.services.sheets.looks import INK
from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.printing.blocks import Block, Curve, Line, Pens, Row, Totals, row_height
from attendance_app.ui.printing.table_columns import column_groups, column_widths
from attendance_app.ui.printing.texts import cell_text, header_text

ACROSS_FROM = 9
"""Columns from which the paper lies on its side."""
MARGIN_MM = 14.0
TITLE, TEXT, FOOT = 15.0, 9.0, 8.0
"""Sizes of letters in points."""
CURVE = 110.0
"""Height of a chart in points."""


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF on A4. There must be a QGuiApplication, whose fonts are used."""
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setTitle(sheet.title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    print_sheet(sheet, writer)
    content.close()
    return bytes(content.data().data())


def print_sheet(sheet: Sheet, device: QPagedPaintDevice) -> None:
    """Draw the sheet on the pages of a PDF writer or of a printer, each with its number at the foot."""
    across = len(sheet.header) > ACROSS_FROM
    device.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)
    device.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    pens = Pens(device)
    foot = pens.points(2 * FOOT)
    width, height = float(device.width()), float(device.height()) - foot
    pages = _paged(_blocks(sheet, pens, width), height)
    painter = QPainter(device)
    for number, page in enumerate(pages, start=1):
        if number > 1:
            device.newPage()
        top = 0.0
        for block in page:
            block.draw(painter, top)
            top += block.height
        painter.setFont(pens.font(FOOT))
        painter.setPen(QColor(f"#{INK}"))
        place = QRectF(0, height, width, foot)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, f"{number} / {len(pages)}"
        )
    painter.end()


def _paged(blocks: Iterator[Block], height: float) -> list[list[Block]]:
    """Fill pages from the top; a table that goes on overleaf begins there with its titles again."""
    pages: list[list[Block]] = [[]]
    used, head = 0.0, None
    for block in blocks:
        if isinstance(block, Row) and block.head:
            head = block
            # Titles at the foot of a page, without a row, would be of no use.
            needed = 2 * block.height
        else:
            needed = block.height
        if pages[-1] and used + needed > height:
            pages.append([])
            used = 0.0
            if head is not None and isinstance(block, Row) and not block.head:
                pages[-1].append(head)
                used = head.height
        pages[-1].append(block)
        used += block.height
    return pages


def _blocks(sheet: Sheet, pens: Pens, width: float) -> Iterator[Block]:
    title, text, bold = pens.font(TITLE, bold=True), pens.font(TEXT), pens.font(TEXT, bold=True)
    metrics, heads = pens.metrics(text), pens.metrics(bold)
    line, padding = metrics.height(), pens.points(2.5)
    shown = pens.metrics(title).elidedText(sheet.title, Qt.TextElideMode.ElideRight, width)
    yield Line(pens, pens.metrics(title).height() + pens.points(3), ((0.0, shown, title),))
    captions = [*(what for what, _ in sheet.facts), sheet.words.teacher, sheet.words.signature]
    indent = max(map(heads.horizontalAdvance, captions)) + pens.points(8)
    for what, value in sheet.facts:
        yield Line(pens, line, ((0.0, what, bold), (indent, cell_text(value, sheet), text)))
    if sheet.curve:
        yield Line(pens, line, ())
        yield Curve(pens, pens.points(CURVE), width, sheet.curve, sheet.limit, text)
    centred = sheet.status_column is None
    for columns in column_groups(sheet):
        yield Line(pens, line, ())
        widths = tuple(column_widths(sheet, columns, room=width, metrics=metrics, heads=heads, padding=padding))
        titles = tuple(header_text(sheet.header[column]) for column in columns)
        high = row_height(titles, widths, metrics=heads, padding=padding)
        yield Row(pens, high, widths, titles, (None,) * len(columns), bold, padding, head=True)
        for row in sheet.rows:
            cells = [row[column] for column in columns]
            texts = tuple(cell_text(cell, sheet) for cell in cells)
            statuses = tuple(cell if isinstance(cell, Status) else None for cell in cells)
            high = row_height(texts, widths, metrics=metrics, padding=padding)
            yield Row(pens, high, widths, texts, statuses, text, padding, centred=centred)
    yield Line(pens, line, ())
    if sheet.totals:
        yield Totals(pens, 2 * line, sheet.words.total, tuple(_counts(sheet)), text)
    if sheet.signed:
        for caption in (sheet.words.teacher, sheet.words.signature):
            yield Line(pens, 2.5 * line, ((0.0, caption, text), (indent, "_" * 40, text)))


def _counts(sheet: Sheet) -> Iterator[tuple[Status, str]]:
    for status in Status:
        word, letter = sheet.words.statuses[status], sheet.words.letters[status]
        # Letters are explained, words explain themselves.
        yield (
            status,
            f"{letter} = {word}: {sheet.count(status)}"
            if sheet.status_column is None
            else f"{word}: {sheet.count(status)}",
        )
