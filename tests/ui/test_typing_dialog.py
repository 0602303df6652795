"""Typing a paper sheet back in the window: keys alone."""

from collections.abc import Callable

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from attendance_app.domain.sessions import Status
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.sessions.typing_dialog import TypingDialog


@pytest.mark.parametrize("language", ["en", "es"])
def test_one_key_a_student_in_the_order_of_the_list(
    window: MainWindow, settle: Callable[[], None], store: Store, language: str
) -> None:
    session = make_session(store, make_class(store, 5), "PPPPP")
    before = store.marks.of_session(session.id)
    window.context.change_settings(language=language)
    window.context.changed("courses")
    page = window.open_page("sessions")
    assert isinstance(page, SessionsPage)
    settle()
    page.type_sheet()
    dialog = next(one for one in page.findChildren(TypingDialog) if one.isVisible())
    assert dialog.focusWidget() is dialog.sheet
    assert not dialog.primary.isEnabled()
    # The third key is a slip, taken back; the fourth student is left out.
    for key in (
        Qt.Key.Key_P,
        Qt.Key.Key_R,
        Qt.Key.Key_E,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_A,
        Qt.Key.Key_Space,
        Qt.Key.Key_J,
    ):
        QTest.keyClick(dialog.sheet, key)
    assert cut_words(dialog) == []
    shown = [dialog.sheet.model().index(row, 2).data() for row in range(5)]
    assert [bool(text) for text in shown] == [True, True, True, False, True]
    QTest.keyClick(dialog.sheet, Qt.Key.Key_Return)
    settle()

    def statuses() -> list[Status]:
        marks = {mark.student_id: mark.status for mark in store.marks.of_session(session.id)}
        return [marks[student] for student in sorted(marks)]

    assert statuses() == [Status.PRESENT, Status.LATE, Status.ABSENT, Status.PRESENT, Status.EXCUSED]
    window.context.undo()
    settle()
    assert store.marks.of_session(session.id) == before
