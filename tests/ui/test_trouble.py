"""What goes wrong in a class: a disk that fills up, midnight, a very large course."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from classroom import make_class, make_session
from conftest import wait_for
from PySide6.QtWidgets import QApplication, QLabel
from scripted_session import Script, make_video

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.services.session import recorder
from attendance_app.services.session.rescue import UnsavedMarks, recover, save
from attendance_app.store import driver
from attendance_app.store.database import FILE_NAME, Store
from attendance_app.store.marks import MarkWrites
from attendance_app.store.sqlite_errors import store_error
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.messages import remedy_of
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.end_dialogs import EndDialog, LeaveDialog
from attendance_app.ui.waiting import process_events_for

Settle = Callable[[], None]


class Disk:
    """Refuses marks, the camera's and the teacher's, while it is full."""

    def __init__(self) -> None:
        self.full = False

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("record", "set", "fill", "take_back"):
            monkeypatch.setattr(MarkWrites, name, self._refusing(getattr(MarkWrites, name)))
        monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.02)

    def _refusing(self, write: Callable[..., object]) -> Callable[..., object]:
        def refused(marks: MarkWrites, *what: object, **more: object) -> object:
            if self.full:
                error = driver.dbapi.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                known = store_error(error, Path(FILE_NAME))
                assert known is not None
                raise known
            return write(marks, *what, **more)

        return refused


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    made.install(monkeypatch)
    return made


@pytest.fixture
def page(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RollCallPage]:
    """Ready to take the roll of a short lesson with two students in it."""
    Script(marked=(0, 1)).install(monkeypatch)
    make_class(store)
    window.context.changed("courses")
    settle()
    opened = window.open_page("roll_call", str(make_video(tmp_path / "lesson.avi", seconds=1.0)))
    assert isinstance(opened, RollCallPage)
    wait_for(lambda: opened.model.rows)
    settle()
    crashed: list[BaseException] = []
    window.context.jobs.crashed.connect(crashed.append)
    yield opened
    assert not crashed


def summary() -> EndDialog:
    wait_for(lambda: isinstance(QApplication.activeModalWidget(), EndDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EndDialog)
    return dialog


def test_marks_outlast_a_full_disk_even_when_the_lesson_is_over(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle, disk: Disk
) -> None:
    disk.full = True
    page.start(resume=False)
    wait_for(window.message_bar.isVisible)
    assert window.message_bar.error is not None
    assert "saved by themselves" in remedy_of(window.message_bar.error)
    page.end()
    process_events_for(1500)  # the film is over
    assert page.running.running
    assert page.session is not None
    session = page.session.id
    assert not store.marks.of_session(session)
    disk.full = False
    dialog = summary()
    assert [mark.status for mark in store.marks.of_session(session)].count(Status.PRESENT) == 2
    assert store.sessions.get(session).ended_at is not None
    assert not window.message_bar.isVisible()
    dialog.done_button.click()
    settle()


def test_what_the_teacher_says_outlasts_a_full_disk(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle, disk: Disk
) -> None:
    page.start(resume=False)
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    disk.full = True
    told: list[str] = []
    window.context.toast_wanted.connect(lambda text, _step: told.append(text))
    marking = page.running.marking
    marking.set_status(page.model.rows[0:1], Status.ABSENT)
    marking.set_status(page.model.rows[2:3], Status.LATE)
    marking.set_status(page.model.rows[3:4], Status.PRESENT)
    settle()
    assert window.message_bar.error is not None
    assert "saved by themselves" in remedy_of(window.message_bar.error)
    assert told == [f"Student 0{number}. Waits to be saved" for number in ("1: Absent", "3: Late", "4: Present")]
    assert page.model.rows[2].mark is None, "shown as recorded only once it is"
    window.context.undo()
    settle()
    disk.full = False
    wait_for(lambda: page.model.rows[2].mark is not None)
    wait_for(lambda: "Marks are being saved again" in told)
    assert not window.message_bar.isVisible()
    assert page.session is not None
    settle()
    wait_for(lambda: not store.marks.get(page.session.id, page.model.rows[3].student.id))  # type: ignore[union-attr]
    stored = {mark.student_id: (mark.status, mark.marked_by) for mark in store.marks.of_session(page.session.id)}
    students = [line.student.id for line in page.model.rows]
    assert stored == {
        students[0]: (Status.ABSENT, MarkedBy.TEACHER),
        students[1]: (Status.PRESENT, MarkedBy.CAMERA),
        students[2]: (Status.LATE, MarkedBy.TEACHER),
    }
    page.end()
    summary().done_button.click()
    settle()


def test_undo_on_a_full_disk_brings_back_what_the_camera_had_seen(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle, disk: Disk
) -> None:
    """The camera's mark waits ahead of the teacher's: undone is the teacher's alone."""
    disk.full = True
    page.start(resume=False)
    wait_for(window.message_bar.isVisible)
    page.running.marking.set_status(page.model.rows[0:1], Status.ABSENT)
    page.running.marking.fill(Status.ABSENT)
    settle()
    window.context.undo()
    window.context.undo()
    settle()
    disk.full = False
    wait_for(lambda: not window.message_bar.isVisible())
    assert page.session is not None
    session = page.session.id
    page.end()
    dialog = summary()
    marks = store.marks.of_session(session)
    seen = [(mark.status, mark.marked_by) for mark in marks if mark.marked_by is not MarkedBy.CLOSE]
    assert seen == [(Status.PRESENT, MarkedBy.CAMERA)] * 2
    dialog.done_button.click()
    settle()


def test_a_window_that_is_closed_on_a_full_disk_says_what_becomes_of_the_marks_and_puts_them_into_a_file(
    page: RollCallPage, store: Store, disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    disk.full = True
    page.start(resume=False)
    wait_for(page.window().message_bar.isVisible)  # type: ignore[attr-defined]
    window = page.window()
    window.close()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LeaveDialog)
    assert not any("Every mark so far is saved" in label.text() for label in dialog.findChildren(QLabel))
    dialog.leave_button.click()
    wait_for(lambda: not window.isVisible())
    assert not store.is_recording()
    (file,) = tmp_path.glob("attendance-marks-*.json")
    disk.full = False
    assert len({mark.student_id for mark in recover(store, file).marks}) == 2


AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def unsaved(
    page: RollCallPage, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Course, Session]:
    """A session whose marks go into a file in ``tmp_path``."""
    for place in ("pathlib.Path.home", "pathlib.Path.cwd"):
        monkeypatch.setattr(place, lambda *_: tmp_path)
    course = page.context.course
    assert course is not None
    with store.write() as tx:
        return course, tx.sessions.open(course.id, AT, timedelta(minutes=10))


def test_marks_that_are_in_a_file_are_offered_and_added(
    page: RollCallPage, store: Store, disk: Disk, settle: Settle, unsaved: tuple[Course, Session]
) -> None:
    (course, session), at = unsaved, AT
    students = [line.student for line in page.model.rows[:2]]
    marks = tuple(Mark(session.id, one.id, Status.PRESENT, MarkedBy.CAMERA, at) for one in students)
    numbers = {one.id: one.number for one in students}
    file = save(UnsavedMarks(course, session, marks, numbers, at + timedelta(hours=1), 0))
    assert file is not None
    page.make_stale()
    settle()
    bar = page.parts.unsaved
    assert bar.isVisible()

    bar.later_button.click()
    page.make_stale()
    settle()
    assert not bar.isVisible(), "put off until the program starts again"

    bar._put_off.clear()
    page.make_stale()
    settle()
    disk.full = True
    bar.add_button.click()
    settle()
    assert bar.isVisible(), "what could not be added is offered again"
    assert page.window().message_bar.isVisible()  # type: ignore[attr-defined]
    disk.full = False
    bar.add_button.click()
    settle()
    assert not bar.isVisible()
    assert {mark.student_id for mark in store.marks.of_session(session.id) if mark.status is Status.PRESENT} == {
        one.id for one in students
    }
    assert store.sessions.get(session.id).ended_at is not None
    assert not file.exists()


def test_a_session_over_midnight_belongs_to_the_day_it_began(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    late = datetime(2026, 11, 3, 23, 59, 40).astimezone()
    window.context.clock = lambda: late.astimezone(UTC)
    page.start(resume=False)
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    window.context.clock = lambda: (late + timedelta(minutes=1)).astimezone(UTC)
    page.running.ticked.emit()
    assert page.actions_bar.time_label.text().endswith("01:00")
    page.running.marking.set_status(page.model.rows[3:4], Status.PRESENT)
    wait_for(lambda: page.model.count(Status.PRESENT) == 3)
    assert page.session is not None
    session = page.session.id
    page.end()
    summary().done_button.click()
    settle()
    kept = store.sessions.get(session)
    assert kept.started_at.astimezone().day == 3
    assert kept.ended_at is not None
    assert kept.ended_at.astimezone().day == 4
    window.open_page("sessions", session)
    settle()


def test_two_hundred_students_are_all_on_every_page(window: MainWindow, settle: Settle, store: Store) -> None:
    course = make_class(store, 200, code="BIG")
    for day in range(12):
        make_session(store, course, "PPLAE" * 40, day=day)
    window.context.changed("courses")
    window.context.choose_course(course)
    settle()
    roll = window.open_page("roll_call")
    assert isinstance(roll, RollCallPage)
    settle()
    assert len(roll.model.rows) == 200
    for key in ("students", "sessions", "reports"):
        window.open_page(key)
        settle()
        assert window.grab().width() == window.width()
    assert not window.message_bar.isVisible()


def test_marks_of_students_who_are_gone_are_named_when_a_file_is_added(
    page: RollCallPage, store: Store, settle: Settle, unsaved: tuple[Course, Session]
) -> None:
    (course, session), at = unsaved, AT
    here, gone = (line.student for line in page.model.rows[:2])
    marks = tuple(Mark(session.id, one.id, Status.PRESENT, MarkedBy.CAMERA, at) for one in (here, gone))
    file = save(UnsavedMarks(course, session, marks, {here.id: here.number, gone.id: "GONE-1"}, at, 0))
    assert file is not None
    page.make_stale()
    settle()
    told: list[str] = []
    page.context.toast_wanted.connect(lambda text, _step: told.append(text))
    page.parts.unsaved.add_button.click()
    settle()

    assert told == [
        "The marks were added to the session; find it under Sessions. No longer students of this register: GONE-1"
    ]
    assert file.exists(), "it still has that student's mark"
