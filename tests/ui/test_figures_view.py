"""The tab of figures on the page Reports."""

from collections.abc import Callable

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from PySide6.QtCore import QDate

from attendance_app.services.sheets.reports import report_sheet
from attendance_app.store.database import Store
from attendance_app.ui.i18n import tr
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.reports import FIGURES_TAB, ReportsPage
from attendance_app.ui.printing.pages import sheet_pdf
from attendance_app.words.sheets import sheet_words


@pytest.mark.parametrize("language", ["en", "es"])
def test_figures_are_shown_for_a_span_and_exported(
    window: MainWindow, settle: Callable[[], None], store: Store, language: str
) -> None:
    course = make_class(store, 3)
    for day, statuses in enumerate(("PLA", "PPA", "PAE")):
        make_session(store, course, statuses, day=day)
    window.context.change_settings(language=language)
    window.context.changed("courses")
    page = window.open_page("reports")
    assert isinstance(page, ReportsPage)
    settle()
    page.tabs.setCurrentIndex(FIGURES_TAB)
    model = page.figures.table.model()
    assert [model.index(row, 1).data() for row in range(3)] == ["100 %", "67 %", "0 %"]
    assert cut_words(page.figures) == []
    assert page.figures.first_field.text()
    report = page.figures.report
    assert report is not None
    pdf = sheet_pdf(report_sheet(report, sheet_words(tr)))
    assert pdf.startswith(b"%PDF")
    first = report.sessions[1].started_at.astimezone()
    page.figures.first_field.setDate(QDate(first.year, first.month, first.day))
    settle()
    assert page.figures.report is not None
    assert len(page.figures.report.sessions) == 2
    assert [model.index(row, 1).data() for row in range(3)] == ["100 %", "50 %", "0 %"]
