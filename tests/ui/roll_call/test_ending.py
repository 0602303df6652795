"""How a session begins again, ends, and is exported."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from roll_call_steps import begin, end, finish, mark_of

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.exports import read_session_csv
from attendance_app.store.database import Store
from attendance_app.ui.controls import Button
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.end_dialogs import LeaveDialog
from attendance_app.vision.source_protocol import SourceState

Settle = Callable[[], None]


def primaries(page: RollCallPage) -> list[Button]:
    return [one for one in page.findChildren(Button) if one.isVisible() and one.property("kind") == "primary"]


def test_the_end_of_the_recording_leaves_the_session_open_for_corrections(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    session = begin(page)
    wait_for(lambda: page.parts.shown_hint is SourceState.ENDED)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_A)
    settle()
    assert mark_of(store, page, 0) == (Status.ABSENT, MarkedBy.TEACHER)
    assert store.sessions.get(session.id).ended_at is None
    finish(page)


def test_ending_closes_the_session_and_one_click_exports_it(
    page: RollCallPage, store: Store, settle: Settle, tmp_path: Path
) -> None:
    session = begin(page)
    dialog = end(page)
    assert store.sessions.get(session.id).ended_at is not None
    dialog.export_button.click()
    settle()
    (written,) = tmp_path.glob("ALG*.csv")
    lines = read_session_csv(written)
    assert [line.status for line in lines] == [Status.PRESENT] * 2 + [Status.ABSENT] * 4
    dialog.done_button.click()
    settle()
    assert not page.running.runner.running


def test_a_second_export_overwrites_nothing(page: RollCallPage, settle: Settle, tmp_path: Path) -> None:
    begin(page)
    dialog = end(page)
    dialog.export()
    settle()
    dialog.export()
    settle()
    assert len(list(tmp_path.glob("ALG*.csv"))) == 2
    dialog.done_button.click()
    settle()


def test_closing_the_window_asks_and_can_leave_the_session_open(
    page: RollCallPage, store: Store, window: MainWindow
) -> None:
    session = begin(page)
    assert not window.close()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LeaveDialog)
    dialog.leave_button.click()
    wait_for(lambda: not window.isVisible())
    assert store.sessions.get(session.id).ended_at is None
    assert not store.is_recording()


def test_a_session_that_was_cut_off_is_offered_and_resumed(page: RollCallPage, store: Store, settle: Settle) -> None:
    course = page.desk.course
    assert course is not None
    cut = store.sessions.open(course.id, page.desk.clock() - timedelta(minutes=5), timedelta(minutes=10))
    store.marks.set_by_teacher(cut.id, page.model.lines[5].student.id, Status.EXCUSED, page.desk.clock())
    page.make_stale()
    settle()
    assert page.parts.cut_off.isVisible()
    assert primaries(page) == [page.parts.cut_off.resume_button]
    page.parts.cut_off.resume_button.click()
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    assert page.session is not None
    assert page.session.id == cut.id
    assert page.model.count(Status.EXCUSED) == 1
    assert primaries(page) == [page.actions_bar.start_button]
    finish(page)


def test_a_session_cut_off_long_ago_is_closed_and_start_stays_the_primary_button(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    course = page.desk.course
    assert course is not None
    cut = store.sessions.open(course.id, page.desk.clock() - timedelta(hours=5), timedelta(minutes=10))
    page.make_stale()
    settle()
    assert page.parts.cut_off.isVisible()
    assert primaries(page) == [page.actions_bar.start_button]
    page.parts.cut_off.close_button.click()
    settle()
    assert not page.parts.cut_off.isVisible()
    assert store.sessions.get(cut.id).ended_at is not None


def test_a_camera_that_is_not_there_is_said_with_its_remedy_and_nothing_began(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    page.open("/nowhere/lesson.mp4")
    page.start(resume=False)
    wait_for(window.message_bar.isVisible)
    settle()
    assert not page.running.runner.running
    assert not store.sessions.all()
    assert page.actions_bar.start_button.isEnabled()
