"""PDF files for commands, which have no window."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from attendance_app.services.cards import Card
from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.i18n import locale_of
from attendance_app.ui.printing.cards import cards_pdf
from attendance_app.ui.printing.pages import sheet_pdf


def pdf_in_language(sheet: Sheet, language: str) -> bytes:
    """Return the sheet as a PDF with dates as ``language`` (en, es) writes them. Starts Qt without a screen."""
    with _qt():
        QLocale.setDefault(locale_of(language))
        return sheet_pdf(sheet)


def cards_without_window(cards: Sequence[Card], title: str) -> bytes:
    """Return students' cards as a PDF. Starts Qt without a screen."""
    with _qt():
        return cards_pdf(cards, title)


@contextmanager
def _qt() -> Iterator[None]:
    """Start Qt without a screen, which fonts need, and end it: a window needs an application of another kind."""
    if QGuiApplication.instance() is not None:
        yield
        return
    platform, locale = os.environ.get("QT_QPA_PLATFORM"), QLocale()
    os.environ["QT_QPA_PLATFORM"] = platform or "offscreen"
    application = QGuiApplication([])
    try:
        yield
    finally:
        application.shutdown()
        QLocale.setDefault(locale)
        if platform is None:
            del os.environ["QT_QPA_PLATFORM"]
