"""Excuses in the window, and the roll call that sees somebody who is excused."""

from collections.abc import Callable
from datetime import date

from classroom import make_class
from PySide6.QtCore import QDate

from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.students.excuse_dialog import ExcuseDialog

Settle = Callable[[], None]


def test_an_excuse_is_entered_and_removed(window: MainWindow, settle: Settle, store: Store) -> None:
    make_class(store)
    window.context.changed("courses")
    page = window.open_page("students")
    assert isinstance(page, StudentsPage)
    settle()
    assert page._record is not None
    student = page._record.student
    page.excuse()
    settle()
    (dialog,) = page.findChildren(ExcuseDialog)
    dialog.first_field.setDate(QDate(2027, 1, 11))
    assert dialog.last_field.date() == QDate(2027, 1, 11)
    dialog.last_field.setDate(QDate(2027, 1, 13))
    dialog.reason_field.setText("trip")
    dialog.primary.click()
    settle()
    (excuse,) = store.excuses.of_student(student.id)
    assert (excuse.first, excuse.last, excuse.reason) == (date(2027, 1, 11), date(2027, 1, 13), "trip")
    page.excuse()
    settle()
    (dialog,) = page.findChildren(ExcuseDialog)
    dialog.remove_buttons[0].click()
    settle()
    assert store.excuses.of_student(student.id) == ()
    window.context.undo()
    settle()
    assert len(store.excuses.of_student(student.id)) == 1
