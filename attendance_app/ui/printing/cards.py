"""Students' QR cards on A4, ten a page, to be cut out."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from attendance_app.services.cards import Card
from attendance_app.services.sheets.looks import INK, LINE
from attendance_app.ui.printing.blocks import Pens

COLUMNS, ROWS = 2, 5
MARGIN_MM = 10.0
BORDER = 4
"""Squares of white round a QR code, without which it is not found."""
NAME, SMALL = 13.0, 9.0
"""Sizes of letters in points."""


def cards_pdf(cards: Sequence[Card], title: str) -> bytes:
    """Return the cards as a PDF. There must be a QGuiApplication, whose fonts are used."""
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setTitle(title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    width, height = writer.width() / COLUMNS, writer.height() / ROWS
    painter = QPainter(writer)
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if number and not place:
            writer.newPage()
        rect = QRectF(place % COLUMNS * width, place // COLUMNS * height, width, height)
        _draw(painter, Pens(writer), rect, card)
    painter.end()
    content.close()
    return bytes(content.data().data())


def _draw(painter: QPainter, pens: Pens, rect: QRectF, card: Card) -> None:
    painter.setPen(QPen(QColor(f"#{LINE}"), pens.points(0.5), Qt.PenStyle.DashLine))
    painter.drawRect(rect)  # where to cut
    square = rect.height() / (len(card.modules) + 2 * BORDER)
    painter.setPen(Qt.PenStyle.NoPen)
    for y, row in enumerate(card.modules, start=BORDER):
        for x, dark in enumerate(row, start=BORDER):
            if dark:
                place = QRectF(rect.left() + x * square, rect.top() + y * square, square, square)
                painter.fillRect(place, Qt.GlobalColor.black)
    painter.setPen(QColor(f"#{INK}"))
    gap = BORDER * square
    words = QRectF(rect.left() + rect.height(), rect.top() + gap, rect.width() - rect.height() - gap / 2, 0)
    number = "" if card.list_number is None else f"{card.list_number}. "
    wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.setFont(pens.font(NAME, bold=True))
    words.setHeight(rect.height() * 0.55)
    painter.drawText(words, wrapped, number + card.name)
    painter.setFont(pens.font(SMALL))
    words.setTop(rect.top() + rect.height() * 0.7)
    words.setBottom(rect.bottom() - gap / 2)
    painter.drawText(words, wrapped, card.course)
