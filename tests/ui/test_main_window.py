from collections.abc import Callable
from datetime import timedelta

import pytest
from classroom import make_class
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from single_writes import each

from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.store.database import Store
from attendance_app.ui.controls import EmptyPage
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages import PAGES
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.vision.errors import NoSuchHost

KEYS = [spec.key for spec in PAGES]


@pytest.mark.parametrize("number", range(1, len(PAGES) + 1))
def test_every_page_opens_by_keyboard(window: MainWindow, settle: Callable[[], None], number: int) -> None:
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
    settle()
    assert window.page is window.pages[KEYS[number - 1]]
    assert window.navigation.buttons[KEYS[number - 1]].isChecked()


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_an_accessible_name(window: MainWindow, settle: Callable[[], None], key: str) -> None:
    window.open_page(key)
    settle()
    nameless = [
        f"{type(control).__name__} {control.objectName()}"
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for control in window.findChildren(kind)
        if not control.objectName().startswith("qt_")
        and not (control.accessibleName() or getattr(control, "text", str)())
        and not isinstance(control.parentWidget(), QComboBox | QLineEdit | QAbstractSpinBox)
        # An empty page without a button keeps it hidden and without words.
        and not (control.isHidden() and isinstance(control.parentWidget(), EmptyPage))
    ]
    assert not nameless


def test_language_changes_without_a_restart(window: MainWindow, settle: Callable[[], None]) -> None:
    window.context.language.set("es")
    assert window.navigation.buttons["roll_call"].text() == "Pase de lista"
    window.context.language.set("en")
    assert window.navigation.buttons["roll_call"].text() == "Roll call"
    settle()


def test_an_error_stands_in_the_page_in_the_users_language_until_it_is_closed(
    window: MainWindow, settle: Callable[[], None]
) -> None:
    settle()
    window.context.show_error(NoSuchHost(host="milk"))
    assert window.message_bar.isVisible()
    assert "milk" in window.message_bar.accessibleName()
    window.message_bar.findChild(QAbstractButton).click()
    assert not window.message_bar.isVisible()


def test_undo_by_keyboard_and_by_toast_undo_each_step_once(window: MainWindow, settle: Callable[[], None]) -> None:
    settle()
    undone: list[str] = []
    window.context.show_toast("first", lambda: undone.append("first"))
    window.context.show_toast("second", lambda: undone.append("second"))
    (undo,) = window.toast.buttons
    undo.click()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["second", "first"]


def test_the_last_page_and_course_are_remembered(
    window: MainWindow, settle: Callable[[], None], store: Store, qapp: object
) -> None:
    from attendance_app.ui.app import build_window

    each(store).courses.add("A", "Algebra")
    each(store).courses.add("B", "Biology")
    window.context.changed("courses")
    settle()
    window.context.choose_course(store.courses.by_code("B"))
    window.open_page("settings")
    settle()
    window.close()
    again = build_window(store, qapp)  # type: ignore[arg-type]
    again.start()
    again.show()
    from conftest import wait_for_jobs

    wait_for_jobs(again.context)
    assert again.page is again.pages["settings"]
    assert again.context.course is not None
    assert again.context.course.code == "B"
    again.close()


def visible_children(widget: QWidget) -> list[QWidget]:
    return [child for child in widget.findChildren(QWidget) if child.isVisible()]


def test_the_demo_begins_with_its_lesson_and_the_hour_it_stands_for(
    window: MainWindow, settle: Callable[[], None], store: Store
) -> None:
    course = make_class(store, 2)
    lesson = DemoLesson(course, store.home / "lesson.avi", timedelta(seconds=9))
    window.start(lesson)
    settle()
    page = window.page
    assert isinstance(page, RollCallPage)
    assert page.source.source == str(lesson.clip)
    assert page.source.late_after == lesson.late_after
    assert "the filmed lesson" in page.parts.video._words
