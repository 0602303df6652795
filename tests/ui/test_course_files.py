"""The files of a course in the window: cards to print, attendance that was kept elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from PySide6.QtCore import QTime
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.course_matrix import course_matrix
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.table_import.past_dialog import PastDialog

Settle = Callable[[], None]
TABLE = "ID,Name,2/3/2026 08:15,2026-03-09\nS01,Student 01,P,A\nS02,Student 02,F,ill\nS99,Nobody,P,P\n"


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> StudentsPage:
    make_class(store, 3)
    window.context.changed("courses")
    opened = window.open_page("students")
    assert isinstance(opened, StudentsPage)
    settle()
    return opened


@pytest.fixture
def opened(page: StudentsPage, settle: Settle, store: Store, tmp_path: Path) -> PastDialog:
    path = tmp_path / "old.csv"
    path.write_text(TABLE)
    page._files.import_past(store.courses.by_code("ALG"), path)
    settle()
    return next(dialog for dialog in page.findChildren(PastDialog) if dialog.isVisible())


def _cards_menu(page: StudentsPage) -> list[QAction]:
    page._course_menu()
    menu = next(one for one in page.findChildren(QMenu) if one.title() == "QR cards" and one.parentWidget().isVisible())
    return menu.actions()


def test_cards_are_written_and_one_is_replaced(
    page: StudentsPage, settle: Settle, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, exporter = store.courses.by_code("ALG"), page._files.exporter
    asked: list[str] = []

    def save(name: str, ending: str, write: Callable[..., None]) -> None:
        asked.append(f"{name}.{ending}")
        exporter.save(tmp_path / asked[-1], write)

    monkeypatch.setattr(exporter, "ask", save)
    tokens: list[dict[int, str]] = []
    for place in (0, 1):
        _cards_menu(page)[place].trigger()
        settle()
        tokens.append({student: token for token, student in store.cards.of_course(course.id).items()})
    assert [(tmp_path / name).read_bytes()[:5] for name in asked] == [b"%PDF-", b"%PDF-"]
    changed = {student for student, token in tokens[1].items() if token != tokens[0][student]}
    assert (len(tokens[0]), changed) == (3, {store.students.by_number("S01").id})


def test_past_attendance_is_shown_first_and_undone(
    opened: PastDialog, settle: Settle, store: Store, window: MainWindow
) -> None:
    course = store.courses.by_code("ALG")
    assert opened.summary.text() == "1 new session · 2 new marks · 3 left out"
    assert store.sessions.all(course.id) == ()
    rows = [[opened.lines.rows.index(row, column).data() for column in range(3)] for row in range(4)]
    assert rows[0] == ["line 4", "S99 Nobody", "left out: not on this course's list"]
    assert [row[1] for row in rows[1:3]] == ["A", "ill"]
    opened.primary.click()
    settle()
    assert len(store.sessions.all(course.id)) == 1
    window.context.undo()
    settle()
    assert store.sessions.all(course.id) == ()


def test_a_word_gets_its_meaning_and_a_day_its_time(opened: PastDialog, settle: Settle, store: Store) -> None:
    assert [opened.word_box.itemText(row) for row in range(opened.word_box.count())] == ["A", "ill"]
    opened.word_box.setCurrentIndex(1)
    opened.status_box.setCurrentIndex(opened.status_box.findData(Status.EXCUSED))
    opened.status_box.activated.emit(0)
    settle()
    opened.word_box.setCurrentIndex(opened.word_box.findText("A"))
    opened.status_box.setCurrentIndex(opened.status_box.findData(Status.ABSENT))
    opened.status_box.activated.emit(0)
    settle()
    opened.time_field.setTime(QTime(9, 30))
    settle()
    opened.primary.click()
    settle()
    course = store.courses.by_code("ALG")
    statuses = [row.statuses for row in course_matrix(store, course.id).rows]
    assert statuses == [(Status.PRESENT, Status.ABSENT), (Status.ABSENT, Status.EXCUSED), (None, None)]
    later = store.sessions.all(course.id)[0].started_at.astimezone()
    assert (later.hour, later.minute) == (9, 30)
    assert {mark.marked_by for mark in store.marks.of_course(course.id)} == {MarkedBy.TEACHER}


def test_a_table_without_days_says_so_and_leaves_the_register(
    page: StudentsPage, settle: Settle, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("ID,Name,Grade\nS01,Student 01,7\n")
    page._files.import_past(store.courses.by_code("ALG"), path)
    settle()
    dialog = next(one for one in page.findChildren(PastDialog) if one.isVisible())
    assert dialog.message_bar.isVisible()
    assert not dialog.primary.isEnabled()


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_the_dialog_have_room(
    page: StudentsPage, settle: Settle, store: Store, tmp_path: Path, window: MainWindow, language: str
) -> None:
    course = store.courses.by_code("ALG")
    make_session(store, course, "PPA")
    window.context.change_settings(language=language)
    path = tmp_path / "old.csv"
    path.write_text(TABLE)
    page._files.import_past(course, path)
    settle()
    dialog = next(one for one in page.findChildren(PastDialog) if one.isVisible())
    assert cut_words(dialog) == []
