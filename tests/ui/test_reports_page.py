from collections.abc import Callable

import pytest
from classroom import make_class, make_session
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from attendance_app.config.settings_file import read_settings
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.reports import ReportsPage
from attendance_app.ui.pages.sessions import SessionsPage

Settle = Callable[[], None]


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> ReportsPage:
    course = make_class(store, 3)
    for day, letters in enumerate(("PPA", "PLA", "PEP", "PPA")):
        make_session(store, course, letters, day=day)
    window.context.changed("courses")
    settle()
    opened = window.open_page("reports")
    assert isinstance(opened, ReportsPage)
    settle()
    return opened


def test_shares_and_who_is_below_the_limit(page: ReportsPage) -> None:
    lines = [page._model.rows[row] for row in range(page._model.rowCount())]
    assert [line.share for line in lines] == [1.0, 1.0, 0.25]
    assert [line.below for line in lines] == [False, False, True]
    page.below_button.click()
    assert page._model.rowCount() == 1


def test_the_limit_moves_by_keyboard_in_the_chart_and_is_kept(page: ReportsPage, settle: Settle, store: Store) -> None:
    QTest.keyClick(page.chart, Qt.Key.Key_PageDown)
    QTest.keyClick(page.chart, Qt.Key.Key_Up)
    assert page.limit_box.value() == 71
    page.close_down()
    settle()
    assert read_settings(store.home).settings.attendance_limit_percent == 71


def test_the_limit_is_dragged_by_its_line(page: ReportsPage) -> None:
    from PySide6.QtCore import QPoint

    plot = page.chart._plot()
    at_80, at_20 = (round(plot.bottom() - plot.height() * share) for share in (0.8, 0.2))
    x = round(plot.center().x())
    QTest.mousePress(page.chart, Qt.MouseButton.LeftButton, pos=QPoint(x, at_80))
    QTest.mouseMove(page.chart, QPoint(x, at_20))
    QTest.mouseRelease(page.chart, Qt.MouseButton.LeftButton, pos=QPoint(x, at_20))
    assert abs(page.limit_box.value() - 20) <= 1
    page._keep_limit.stop()


def test_a_cell_opens_its_session(page: ReportsPage, settle: Settle, window: MainWindow, store: Store) -> None:
    page.view.session_wanted.emit(1)
    settle()
    assert isinstance(window.page, SessionsPage)
    assert window.page._register is not None
    assert window.page._register.session == store.sessions.all()[2]


def test_names_and_totals_scroll_together(page: ReportsPage) -> None:
    page.view.days.setCurrentIndex(page._model.index(2, 0))
    assert page.view.totals.selectionModel().currentIndex().row() == 2
