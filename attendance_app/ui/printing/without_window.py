"""PDF files for commands, which have no window."""

import os

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.i18n import locale_of
from attendance_app.ui.printing.pages import sheet_pdf


def pdf_in_language(sheet: Sheet, language: str) -> bytes:
    """Return the sheet as a PDF with dates as ``language`` (en, es) writes them. Starts Qt without a screen."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # Kept by Qt itself; without it there are no fonts.
        _applications.append(QGuiApplication([]))
    QLocale.setDefault(locale_of(language))
    return sheet_pdf(sheet)


_applications: list[QGuiApplication] = []
"""Python would delete one that nobody holds."""
