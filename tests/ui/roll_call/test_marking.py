"""Marks arrive by camera and by hand."""

import time
from collections.abc import Callable

from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from roll_call_steps import begin, finish, mark_of
from scripted_session import Script

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage

Settle = Callable[[], None]


def test_without_a_course_the_page_leads_to_making_one(window: MainWindow, settle: Settle) -> None:
    page = window.open_page("roll_call")
    settle()
    assert isinstance(page, RollCallPage)
    assert page._no_course.isVisible()
    assert not page.actions_bar.start_button.isVisible()


def test_the_camera_fills_the_register_and_a_row_changes_only_after_its_commit(
    page: RollCallPage, store: Store
) -> None:
    places = [line.student.id for line in page.model.rows]
    shown: list[bool] = []
    page.model.dataChanged.connect(
        lambda top, _bottom: shown.append(
            page.model.rows[top.row()].mark is None
            or store.marks.get(page.model.rows[top.row()].mark.session_id, places[top.row()]) is not None
        )
    )
    begin(page)
    assert mark_of(store, page, 0) == (Status.PRESENT, MarkedBy.CAMERA)
    assert shown
    assert all(shown)
    assert [line.student.id for line in page.model.rows] == places
    finish(page)


def test_keys_correct_the_current_student_and_undo_brings_the_cameras_mark_back(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    begin(page)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_L)
    settle()
    assert mark_of(store, page, 0) == (Status.LATE, MarkedBy.TEACHER)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Right)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_E)
    settle()
    assert mark_of(store, page, 1) == (Status.EXCUSED, MarkedBy.TEACHER)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert mark_of(store, page, 0) == (Status.PRESENT, MarkedBy.CAMERA)
    assert mark_of(store, page, 1) == (Status.PRESENT, MarkedBy.CAMERA)
    finish(page)


def test_who_is_marked_by_hand_is_doubtful_no_more(page: RollCallPage, settle: Settle) -> None:
    begin(page)
    page.parts.roster.setCurrentIndex(page.model.index(2, 0))
    QTest.keyClick(page.parts.roster, Qt.Key.Key_E)
    settle()
    assert page.parts.tray.doubts == 0
    finish(page)


def test_marking_the_rest_fills_blanks_only(page: RollCallPage, store: Store, settle: Settle) -> None:
    begin(page)
    page.running.marking.fill(Status.ABSENT)
    settle()
    assert [mark_of(store, page, row) for row in (0, 1, 5)] == [
        (Status.PRESENT, MarkedBy.CAMERA),
        (Status.PRESENT, MarkedBy.CAMERA),
        (Status.ABSENT, MarkedBy.TEACHER),
    ]
    page.context.undo()
    settle()
    assert mark_of(store, page, 5) is None
    finish(page)


def test_why_shows_the_numbers_on_request(page: RollCallPage) -> None:
    begin(page)
    wait_for(lambda: "beyond" in page.parts.card._why.text() or "fairly" in page.parts.card._why.text())
    assert "0.41" not in page.parts.card._why.text()
    QTest.keyClicks(page.parts.roster, "?")
    assert "0.41" in page.parts.card._why.text()
    finish(page)


def test_the_window_lives_on_while_recognition_is_busy(page: RollCallPage, script: Script) -> None:
    """A bound for crowded machines; ``python -m benchmarks.heartbeat`` measures."""
    script.work_seconds = 0.4
    begin(page)
    # A busy machine can stop any thread for a while; a window that waits for recognition stops in every second.
    assert any(_longest_gap(1.5) < 0.35 for _ in range(10)), "the window waited for a frame to be recognised"
    finish(page)


def _longest_gap(seconds: float) -> float:
    """The longest time between two turns of the window's event loop, in so many seconds."""
    longest, last = 0.0, time.perf_counter()
    end = last + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - last)
        last = time.perf_counter()
        time.sleep(0.002)
    return longest
