"""A photo is turned by hand, by button or key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import make_class
from conftest import wait_for_jobs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from attendance_app.config.paths import bundled
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.enrolment import EnrolmentPage

Settle = Callable[[], None]
PHOTO = bundled("resources") / "demo" / "photos" / "S01" / "1.jpg"


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store, tmp_path: Path) -> EnrolmentPage:
    """A photo of S01 and one of nobody on the list, both upright."""
    make_class(store)
    window.context.changed("courses")
    settle()
    opened = window.open_page("enrolment")
    assert isinstance(opened, EnrolmentPage)
    settle()
    for name in ("S01.jpg", "Z99.jpg"):
        (tmp_path / "photos").mkdir(exist_ok=True)
        shutil.copy(PHOTO, tmp_path / "photos" / name)
    opened.photos.examine([tmp_path / "photos"])
    wait_for_jobs(window.context)
    return opened


def test_a_photo_is_turned_by_button_and_key(page: EnrolmentPage, window: MainWindow) -> None:
    panel, table = page.photos.panel, page.photos.table
    assert page.photos.items[0].ready
    panel.turn_button.click()
    wait_for_jobs(window.context)
    item = page.photos.items[0]
    assert (item.candidate.quarters, item.choice.quarters) == (3, 3)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_R)
    wait_for_jobs(window.context)
    assert page.photos.items[0].candidate.quarters == 2
    assert not page.photos.items[0].ready, "no face stands on its head"
    assert not panel.picture._boxes


def test_keys_pressed_while_the_photo_is_looked_at_all_count(page: EnrolmentPage, window: MainWindow) -> None:
    page.photos.table.setFocus()
    for _ in range(4):
        QTest.keyClick(page.photos.table, Qt.Key.Key_R)
    wait_for_jobs(window.context)
    item = page.photos.items[0]
    assert item.choice.quarters == 0
    assert item.ready
    assert page.photos.panel.picture._boxes, "the face is outlined where it is now"


def test_a_photo_of_nobody_yet_is_turned_as_well(page: EnrolmentPage, window: MainWindow) -> None:
    page.photos.table.selectRow(1)
    page.photos.panel.turn_button.click()
    wait_for_jobs(window.context)
    assert page.photos.items[1].candidate.quarters == 3


def test_an_enrolled_photo_is_not_turned_any_more(page: EnrolmentPage, window: MainWindow) -> None:
    page.photos.consent_line.setText("form")
    page.photos.enrol()
    wait_for_jobs(window.context)
    assert not page.photos.panel.turn_button.isEnabled()
