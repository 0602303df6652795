"""The tray: doubts and unknown faces that the teacher settles."""

from collections.abc import Callable

import pytest
from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from roll_call_steps import begin, finish, long_lesson, mark_of
from scripted_session import Script

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.session.doubts import ChoiceKind
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.review_cards import ChoiceCard

Settle = Callable[[], None]


def test_enter_confirms_a_doubt_and_undo_asks_again(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    begin(page)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.parts.tray.doubts == 0
    window.desk.undo()
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 1
    finish(page)


def test_delete_refuses_a_doubt_and_marks_nobody(page: RollCallPage, store: Store, settle: Settle) -> None:
    begin(page)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Delete)
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 0
    finish(page)


def test_an_unknown_face_given_a_name_is_marked_and_counted_no_more(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    session = begin(page)
    card = page.parts.tray._strangers[0]
    card.box.setCurrentIndex(5)
    card.box.activated.emit(5)
    settle()
    assert mark_of(store, page, 5) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.parts.tray.strangers == 0
    finish(page)
    assert store.sessions.get(session.id).unknown_people == 0


@long_lesson
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ChoiceKind.LOOK_ALIKES, "Student 03 or Student 05? They look alike"),
        (ChoiceKind.OPINIONS, "Camera says Student 03, second opinion says Student 05"),
    ],
)
def test_a_doubt_between_two_shows_both_and_the_one_chosen_is_marked(
    page: RollCallPage, store: Store, script: Script, settle: Settle, kind: ChoiceKind, words: str
) -> None:
    script.choices[2] = (kind, 2, 4)
    begin(page)
    card = next(iter(page.parts.tray._doubts.values()))
    assert isinstance(card, ChoiceCard)
    assert card._question.text() == words
    card.buttons[page.model.lines[4].student.id].click()
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 4) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.parts.tray.doubts == 0
    wait_for(lambda: (2, page.model.lines[4].student.id, None) in script.named)
    page.desk.undo()
    settle()
    assert mark_of(store, page, 4) is None
    assert page.parts.tray.doubts == 1
    finish(page)


def test_enter_takes_the_likelier_of_two_and_delete_neither(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.choices[2] = (ChoiceKind.LOOK_ALIKES, 4, 2)
    begin(page)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Delete)
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 4) is None
    page.desk.undo()
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) == (Status.PRESENT, MarkedBy.TEACHER)
    finish(page)
