from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import make_class, make_session
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from attendance_app.config.settings_file import read_settings
from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.services.output.files import OutputFile
from attendance_app.store.database import Store
from attendance_app.ui.exporting import Exporter, Write
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.reports import CAMERA_TAB, ReportsPage
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.reports.camera_view import sources_words

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


def test_the_camera_tab_compares_its_marks_with_the_teachers(
    page: ReportsPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tabs.setCurrentIndex(CAMERA_TAB)
    words = "\n".join(page.cameras.words)
    # PPA, PLA, PEP, PPA: eight students were there, all of them found.
    assert "4 sessions · 8 marks of students who were there" in words.replace("\n", " · ").replace(" ·  · ", " · ")
    assert "8 of 8 · 100 %" in words
    assert "0 of 8 · 0 %" in words
    written: list[tuple[str, str]] = []

    def save(_exporter: Exporter, _under: object, name: str, write: Write) -> None:
        write(OutputFile(tmp_path / "camera.csv", "csv"))
        written.append((name, (tmp_path / "camera.csv").read_text("utf-8-sig")))

    monkeypatch.setattr(Exporter, "offer_table", save)
    page.export_button.click()
    ((name, text),) = written
    assert name.startswith("ALG_camera_")
    assert text.splitlines()[1].startswith("ALG,,4,8,8,8,1.0,")


def test_without_sessions_by_camera_the_tab_explains_itself(window: MainWindow, settle: Settle, store: Store) -> None:
    course = make_class(store, 3)
    make_session(store, course, "AAA")
    window.context.changed("courses")
    settle()
    page = window.open_page("reports")
    assert isinstance(page, ReportsPage)
    settle()
    page.tabs.setCurrentIndex(CAMERA_TAB)
    assert page.cameras.report is None
    assert page.export_button.isHidden()
    page.tabs.setCurrentIndex(0)
    assert not page.export_button.isHidden()


def test_sources_are_named_as_the_window_names_them(window: MainWindow) -> None:
    camera = KnownSource.of(SourceKind.CAMERA, "0")
    lectern = KnownSource.of(SourceKind.CAMERA, "webcam:Lectern")
    others = KnownSource.of(SourceKind.RECORDING), KnownSource.of(SourceKind.PHOTOGRAPHS)
    assert sources_words((camera, lectern)) == "Camera 1 + Lectern"
    assert sources_words(others) == "Recordings + Photographs of the room"
    assert sources_words(()) == "Source not noted"
