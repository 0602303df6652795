"""Sessions corrected as a whole in the window."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from classroom import START, make_class, make_session
from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QApplication, QMenu
from single_writes import each

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.course_matrix import course_matrix
from attendance_app.store.database import Store
from attendance_app.ui.changes_dialog import ChangesDialog
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.sessions.register_table import MINUTES
from attendance_app.ui.sessions.session_time_dialogs import AddSessionDialog, MoveSessionDialog, SplitDialog

Settle = Callable[[], None]


@pytest.fixture
def course(store: Store) -> Course:
    return make_class(store)


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store, course: Course) -> SessionsPage:
    make_session(store, course, "PPPPPP")
    make_session(store, course, "PLAEPP", day=1)
    window.context.changed("courses")
    settle()
    opened = window.open_page("sessions")
    assert isinstance(opened, SessionsPage)
    settle()
    return opened


def choose(page: SessionsPage, settle: Settle, *words: str) -> None:
    """Choose from the page's menu, and from the menu in it."""
    page._show_menu()
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    level: Any = menu
    for word in words[:-1]:
        (level,) = [action.menu() for action in level.actions() if action.text() == word]
    action = next(action for action in level.actions() if action.text().startswith(words[-1]))
    action.trigger()
    menu.close()
    settle()


def ids(store: Store, course: Course) -> list[int]:
    return [one.id for one in store.sessions.all(course.id)]


def test_a_session_is_deleted_undone_and_brought_back(
    page: SessionsPage, window: MainWindow, settle: Settle, store: Store, course: Course
) -> None:
    first, second = ids(store, course)
    choose(page, settle, "Delete the session")
    assert ids(store, course) == [second]
    window.context.undo()
    settle()
    assert ids(store, course) == [first, second]
    choose(page, settle, "Delete the session")
    choose(page, settle, "Bring back a deleted session…")
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    menu.actions()[0].trigger()
    menu.close()
    settle()
    assert ids(store, course) == [first, second]
    choose(page, settle, "Changes…")
    (dialog,) = page.findChildren(ChangesDialog)
    told = [line.change for line in dialog.lines if line.what == "Session"]
    assert told[-2:] == ["deleted", "brought back"]
    dialog.accept()


def test_a_session_of_a_past_day_is_added(page: SessionsPage, settle: Settle, store: Store, course: Course) -> None:
    choose(page, settle, "Add a session…")
    (dialog,) = page.findChildren(AddSessionDialog)
    dialog.day_field.setDate(QDate(2026, 10, 1))
    dialog.starts_field.setTime(QTime(8, 0))
    dialog.ends_field.setTime(QTime(8, 50))
    dialog.topic_field.setText("Excursion")
    dialog.primary.click()
    settle()
    added = store.sessions.all(course.id)[-1]
    assert added.topic == "Excursion"
    assert f"{added.started_at.astimezone():%Y-%m-%d %H:%M}" == "2026-10-01 08:00"
    assert added.ended_at == added.started_at + timedelta(minutes=50)
    assert store.marks.of_session(added.id) == ()


def test_a_session_gets_another_day_and_keeps_its_seconds(
    page: SessionsPage, settle: Settle, store: Store, course: Course
) -> None:
    session = store.sessions.all(course.id)[0]
    choose(page, settle, "Day and time…")
    (dialog,) = page.findChildren(MoveSessionDialog)
    assert dialog.times() == (session.started_at, session.ended_at)
    dialog.day_field.setDate(dialog.day_field.date().addDays(-14))
    dialog.primary.click()
    settle()
    moved = store.sessions.get(session.id)
    assert moved.started_at.astimezone().date() == session.started_at.astimezone().date() - timedelta(days=14)


def test_a_session_is_split_and_merged_again(page: SessionsPage, settle: Settle, store: Store, course: Course) -> None:
    session = store.sessions.all(course.id)[0]
    choose(page, settle, "Split in two…")
    (dialog,) = page.findChildren(SplitDialog)
    dialog.primary.click()
    settle()
    first, second = sorted(store.sessions.all(course.id), key=lambda one: one.started_at)[-2:]
    assert (first.id, second.started_at) == (session.id, START + timedelta(days=1, minutes=25))
    page.open(first.id)
    settle()
    choose(page, settle, "Merge with", "")
    assert len(ids(store, course)) == 2
    whole = store.sessions.get(first.id)
    assert (whole.started_at, whole.ended_at) == (session.started_at, session.ended_at)
    assert [mark.status for mark in store.marks.of_session(first.id)][:4] == [
        Status.PRESENT,
        Status.LATE,
        Status.ABSENT,
        Status.EXCUSED,
    ]


def test_a_session_begun_by_mistake_is_offered_to_be_made_void_or_counted(
    page: SessionsPage, window: MainWindow, settle: Settle, store: Store, course: Course
) -> None:
    assert not page.mistakes.isVisible()
    begun = START + timedelta(days=2)
    short = each(store).sessions.open(course.id, begun, timedelta(minutes=10))
    each(store).sessions.close(short.id, begun + timedelta(seconds=10))
    window.context.changed("sessions")
    settle()
    assert page.mistakes.isVisible()
    assert len(course_matrix(store, course.id).sessions) == 2
    page.mistakes.void_button.click()
    settle()
    assert not page.mistakes.isVisible()
    assert store.sessions.get(short.id).voided_at is not None
    window.context.undo()
    settle()
    page.mistakes.count_button.click()
    settle()
    assert not page.mistakes.isVisible()
    assert len(course_matrix(store, course.id).sessions) == 3
    assert QApplication.activeModalWidget() is None


def test_whoever_seems_to_have_left_early_gets_a_question_mark_and_keeps_the_mark(
    page: SessionsPage, window: MainWindow, settle: Settle, store: Store, course: Course
) -> None:
    begun = START + timedelta(days=3)
    session = each(store).sessions.open(course.id, begun, timedelta(minutes=10))
    for student, last in zip(store.students.of_course(course.id), (20, 49, 49, 49), strict=False):
        first, end = begun + timedelta(minutes=1), begun + timedelta(minutes=last)
        each(store).marks.record(Mark(session.id, student.id, Status.PRESENT, MarkedBy.CAMERA, first, first, end))
    each(store).sessions.close(session.id, begun + timedelta(minutes=50))
    window.context.changed("sessions", "marks")
    page.open(session.id)
    settle()
    minutes = [page._model.index(row, MINUTES).data() for row in range(page._model.rowCount())]
    assert minutes == ["19 ?", "48", "48", "48", "", ""]
    assert "left early? Student 01" in page._counts.text()
    assert page._model.rows[0].mark is not None
    assert page._model.rows[0].mark.status is Status.PRESENT
