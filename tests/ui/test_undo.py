"""One way to undo: said when it was done, tried again when it was not, and still there after a restart."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from classroom import START, make_class
from conftest import wait_for_jobs
from PySide6.QtWidgets import QApplication

from attendance_app.domain.people import Student
from attendance_app.domain.sessions import Session, Status
from attendance_app.store.database import Store
from attendance_app.store.errors import DiskFull
from attendance_app.store.students import StudentWrites
from attendance_app.ui.app import build_window
from attendance_app.ui.main_window import MainWindow

Settle = Callable[[], None]


@pytest.fixture
def told(window: MainWindow) -> list[str]:
    """What the toasts have said."""
    said: list[str] = []
    window.context.toast_wanted.connect(lambda text, _step: said.append(text))
    return said


@pytest.fixture
def errors(window: MainWindow) -> list[object]:
    """What went into the message bar."""
    shown: list[object] = []
    window.context.error_shown.connect(shown.append)
    return shown


@pytest.fixture
def students(store: Store) -> tuple[Student, ...]:
    return store.students.of_course(make_class(store).id)


@pytest.fixture
def running(store: Store, students: tuple[Student, ...]) -> Session:
    """A session that is not finished."""
    with store.write() as tx:
        return tx.sessions.open(tx.courses.by_code("ALG").id, START, timedelta(minutes=10))


def archive(window: MainWindow, student: Student) -> None:
    window.context.act(lambda tx: tx.students.archive(student.id), message=f"{student.name} was archived")


def mark(window: MainWindow, session: Session, student: Student) -> None:
    window.context.act(
        lambda tx: tx.marks.set(session.id, student.id, Status.PRESENT, START), message=f"{student.name}: Present"
    )


def test_an_action_refreshes_what_it_has_changed_and_nothing_else(
    window: MainWindow, settle: Settle, students: tuple[Student, ...], told: list[str]
) -> None:
    topics: list[str] = []
    window.context.data_changed.connect(topics.append)
    archive(window, students[0])
    settle()
    assert topics == ["students"]
    assert told == ["Student 01 was archived"]


def test_an_action_that_fails_says_nothing_and_stores_nothing(
    window: MainWindow,
    settle: Settle,
    store: Store,
    students: tuple[Student, ...],
    told: list[str],
    errors: list[object],
) -> None:
    def half(tx) -> None:
        tx.students.archive(students[0].id)
        raise DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)

    window.context.act(half, message="done")
    settle()
    assert told == []
    assert [type(error) for error in errors] == [DiskFull]
    assert len(store.students.all()) == 6
    window.context.undo()
    assert told == ["Nothing to undo"]


def test_undone_is_said_only_when_it_was_and_it_can_be_tried_again(
    window: MainWindow,
    settle: Settle,
    store: Store,
    students: tuple[Student, ...],
    told: list[str],
    errors: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive(window, students[0])
    settle()

    def full(*_what: object, **_said: object) -> None:
        raise DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)

    with monkeypatch.context() as disk:
        disk.setattr(StudentWrites, "archive", full)
        window.context.undo()
        settle()
    assert told == ["Student 01 was archived"]
    assert [type(error) for error in errors] == [DiskFull]
    assert store.students.get(students[0].id).archived
    window.context.undo()
    settle()
    assert told[1:] == ["Undone: Student 01 was archived"]
    assert not store.students.get(students[0].id).archived


def test_an_undo_that_is_refused_for_good_does_not_stand_in_the_way_of_the_others(
    window: MainWindow, settle: Settle, store: Store, running: Session, told: list[str]
) -> None:
    (first, *_) = store.students.all()
    archive(window, first)
    window.context.act(lambda tx: tx.students.add("S99", "Student 99"), message="Student 99 was added")
    settle()
    with store.write() as tx:
        tx.marks.set(running.id, tx.students.by_number("S99").id, Status.PRESENT, START)
    window.context.undo()
    settle()
    assert store.students.find("S99") is not None
    window.context.undo()
    settle()
    assert told[-1] == "Undone: Student 01 was archived"
    assert not store.students.get(first.id).archived


def test_a_partial_undo_names_whom_it_left(
    window: MainWindow, settle: Settle, store: Store, running: Session, told: list[str]
) -> None:
    def add_two(tx) -> None:
        tx.students.add("S98", "Student 98")
        tx.students.add("S99", "Student 99")

    window.context.act(add_two, message="2 students imported", partial=True)
    settle()
    with store.write() as tx:
        tx.marks.set(running.id, tx.students.by_number("S99").id, Status.PRESENT, START)
    window.context.undo()
    settle()
    assert told[-1] == "Undone: 2 students imported. Used since and kept: Student 99"
    assert store.students.find("S98") is None
    assert store.students.find("S99") is not None


def test_erasing_somebody_forgets_what_was_done_with_them(
    window: MainWindow, settle: Settle, store: Store, students: tuple[Student, ...], told: list[str]
) -> None:
    archive(window, students[0])
    archive(window, students[1])
    settle()
    window.context.act(lambda tx: tx.erasures.erase_student(students[1].id, START), message="erased")
    settle()
    window.context.undo()
    settle()
    assert told[-1] == "Undone: Student 01 was archived"


def again(window: MainWindow, qapp: QApplication, store: Store) -> MainWindow:
    """Close the window and open another on the same data."""
    window.close()
    store.close()
    opened = build_window(store, qapp)
    opened.start()
    opened.show()
    wait_for_jobs(opened.context)
    return opened


def test_what_was_marked_in_the_running_lesson_can_be_undone_after_a_restart(
    window: MainWindow, settle: Settle, qapp: QApplication, store: Store, running: Session
) -> None:
    first, second, *_ = store.students.all()
    window.context.clock = lambda: START + timedelta(minutes=1)
    mark(window, running, first)
    mark(window, running, second)
    settle()
    opened = again(window, qapp, store)
    told: list[str] = []
    opened.context.toast_wanted.connect(lambda text, _step: told.append(text))
    opened.context.undo()
    wait_for_jobs(opened.context)
    assert told == ["Undone: Student 02: Present"]
    assert [one.student_id for one in store.marks.of_session(running.id)] == [first.id]
    opened.close()


def test_what_was_done_before_the_lesson_or_without_one_is_over_with_the_program(
    window: MainWindow, settle: Settle, qapp: QApplication, store: Store, running: Session
) -> None:
    first, *_ = store.students.all()
    window.context.clock = lambda: START - timedelta(days=1)
    archive(window, first)
    settle()
    opened = again(window, qapp, store)
    told: list[str] = []
    opened.context.toast_wanted.connect(lambda text, _step: told.append(text))
    opened.context.undo()
    assert told == ["Nothing to undo"]
    assert store.operations.all() == ()
    opened.close()


def test_what_was_done_to_a_student_is_not_offered_once_undo_has_removed_them(
    window: MainWindow, settle: Settle, store: Store, told: list[str]
) -> None:
    window.context.act(lambda tx: tx.students.add("N1", "Nina"), message="Nina was added")
    settle()
    added = window.context.undo_list.take()
    assert added is not None
    window.context.undo_list.push(added)
    nina = store.students.by_number("N1")
    window.context.act(lambda tx: tx.students.update(nina.id, name="Nina M"), message="Nina was renamed")
    settle()
    window.context.undo(added)
    settle()
    window.context.undo()
    assert told[2:] == ["Undone: Nina was added", "Nothing to undo"]
