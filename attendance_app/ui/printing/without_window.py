"""PDF files for commands, which have no window."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from attendance_app.services.cards import Card
from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.i18n import locale_of
from attendance_app.ui.printing.cards import cards_pdf
from attendance_app.ui.printing.pages import sheet_pdf


def pdf_in_language(sheet: Sheet, language: str) -> bytes:
    """Return the sheet as a PDF with dates as ``language`` (en, es) writes them. Starts Qt without a screen."""
    _start_qt()
    QLocale.setDefault(locale_of(language))
    return sheet_pdf(sheet)


def cards_without_window(cards: Sequence[Card], title: str) -> bytes:
    """Return students' cards as a PDF. Starts Qt without a screen."""
    _start_qt()
    return cards_pdf(cards, title)


def _start_qt() -> None:
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # Kept by Qt itself; without it there are no fonts.
        _applications.append(QGuiApplication([]))


_applications: list[QGuiApplication] = []
"""Python would delete one that nobody holds."""
