"""How a session begins again, ends, and is exported."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from conftest import wait_for, wait_for_jobs
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from roll_call_steps import begin, end, finish, mark_of
from scripted_session import make_video
from session_csv import read_people_csv
from single_writes import each

from attendance_app.domain.sessions import MarkedBy, Status
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
    assert list(read_people_csv(written).values()) == [Status.PRESENT] * 2 + [Status.ABSENT] * 4
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


def test_leaving_at_the_systems_wish_asks_nobody_and_leaves_the_session_open(
    page: RollCallPage, store: Store, window: MainWindow
) -> None:
    session = begin(page)
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    assert not window.close()
    assert isinstance(QApplication.activeModalWidget(), LeaveDialog)

    window.leave()

    assert not window.isVisible()
    assert store.sessions.get(session.id).ended_at is None
    assert len(store.marks.of_session(session.id)) == 2
    assert not store.is_recording()


def test_a_session_that_was_cut_off_is_offered_and_resumed(page: RollCallPage, store: Store, settle: Settle) -> None:
    course = page.context.course
    assert course is not None
    cut = each(store).sessions.open(course.id, page.context.clock() - timedelta(minutes=5), timedelta(minutes=10))
    each(store).marks.set_by_teacher(cut.id, page.model.rows[5].student.id, Status.EXCUSED, page.context.clock())
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
    course = page.context.course
    assert course is not None
    cut = each(store).sessions.open(course.id, page.context.clock() - timedelta(hours=5), timedelta(minutes=10))
    page.make_stale()
    settle()
    assert page.parts.cut_off.isVisible()
    assert primaries(page) == [page.actions_bar.start_button]
    page.parts.cut_off.close_button.click()
    settle()
    assert not page.parts.cut_off.isVisible()
    assert store.sessions.get(cut.id).ended_at is not None


def fail_to_open(page: RollCallPage, *, resume: bool = False) -> None:
    page.open("/nowhere/lesson.mp4")
    page.start(resume=resume)
    wait_for(page.parts.trouble.isVisible)
    wait_for_jobs(page.context)


def test_a_camera_that_is_not_there_is_said_with_its_remedy_and_nothing_began(page: RollCallPage, store: Store) -> None:
    fail_to_open(page)
    assert "/nowhere/lesson.mp4" in page.parts.trouble.accessibleName()
    assert not page.running.runner.running
    assert not store.sessions.all()
    assert page.actions_bar.start_button.isEnabled()


def test_a_camera_that_is_there_by_now_is_tried_again(page: RollCallPage, tmp_path: Path) -> None:
    fail_to_open(page)
    video = make_video(tmp_path / "second.avi")
    page.source._chosen = str(video)
    page.parts.trouble.retry_button.click()
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    assert not page.parts.trouble.isVisible()
    finish(page)


def test_without_a_camera_the_roll_goes_on_by_hand(page: RollCallPage, store: Store, settle: Settle) -> None:
    fail_to_open(page)
    page.parts.trouble.by_hand_button.click()
    wait_for(lambda: page.session is not None)
    assert not page.parts.trouble.isVisible()
    QTest.keyClick(page.parts.roster, Qt.Key.Key_L)
    settle()
    assert mark_of(store, page, 0) == (Status.LATE, MarkedBy.TEACHER)
    session = page.session
    assert session is not None
    finish(page)
    assert [mark.status for mark in store.marks.of_session(session.id)] == [Status.LATE] + [Status.ABSENT] * 5


def test_by_hand_one_key_marks_a_student_and_moves_on(page: RollCallPage, store: Store, settle: Settle) -> None:
    page.source.use_none()
    page.start(resume=False)
    wait_for(lambda: page.session is not None)
    settle()
    roster, count = page.parts.roster, len(page.model.rows)
    page.parts.choose_first()
    QTest.keyClicks(roster, "pl")
    # A key that is held down marks one student only.
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", True)
    QApplication.sendEvent(roster, held)
    settle()
    marks = [line.mark.status if line.mark else None for line in page.model.rows]
    assert marks == [Status.PRESENT, Status.LATE, *[None] * (count - 2)]
    assert roster.currentIndex().row() == 2
    QTest.keyClicks(roster, "p" * count)
    settle()
    assert roster.currentIndex().row() == count - 1
    assert all(line.mark for line in page.model.rows)
    page.parts.missing_button.click()
    assert all(roster.isRowHidden(row) for row in range(count))
    assert roster.chosen() == []
    QTest.keyClicks(roster, "a")
    settle()
    assert all(line.mark and line.mark.status is Status.PRESENT for line in page.model.rows[2:])
    page.parts.missing_button.click()
    # Several students at once are one choice of the teacher's, who stays with them.
    roster.selectAll()
    QTest.keyClicks(roster, "e")
    settle()
    assert len(roster.chosen()) == count
    assert {line.mark.status for line in page.model.rows if line.mark} == {Status.EXCUSED}
    finish(page)


def test_start_offers_by_hand_and_another_source_takes_it_back(page: RollCallPage, tmp_path: Path) -> None:
    menu = QMenu()
    page.source.actions(menu)
    (by_hand,) = [action for action in menu.actions() if action.text() == "By hand, without a camera"]
    by_hand.trigger()
    assert page.parts.video._words == "Press Start or the space bar to take the roll by hand."
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Space)
    wait_for(lambda: page.session is not None)
    finish(page)
    page.open(str(make_video(tmp_path / "second.avi")))
    assert "second.avi" in page.parts.video._words


def test_a_session_that_was_cut_off_is_resumed_without_its_camera(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    assert page.context.course is not None
    cut = each(store).sessions.open(
        page.context.course.id, page.context.clock() - timedelta(minutes=5), timedelta(minutes=10)
    )
    each(store).marks.set_by_teacher(cut.id, page.model.rows[5].student.id, Status.EXCUSED, page.context.clock())
    page.make_stale()
    settle()
    fail_to_open(page, resume=True)
    page.parts.trouble.by_hand_button.click()
    wait_for(lambda: page.session is not None)
    assert page.session is not None
    assert page.session.id == cut.id
    assert page.model.count(Status.EXCUSED) == 1
    finish(page)
