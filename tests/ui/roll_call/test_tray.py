"""The tray: doubts and unknown faces that the teacher settles."""

from collections.abc import Callable

import pytest
from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from roll_call_steps import begin, finish, framed, long_lesson, mark_of, select
from scripted_session import Script

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.camera_report import Outcome, outcome_of
from attendance_app.services.session.doubts import AlternativesKind
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.keep_photo_dialog import KeepPhotoDialog
from attendance_app.ui.roll_call.review_cards import ChoiceCard, DoubtCard

Settle = Callable[[], None]


def outcome_in_register(store: Store, page: RollCallPage, row: int) -> Outcome | None:
    assert page.session is not None
    mark = store.marks.get(page.session.id, page.model.rows[row].student.id)
    assert mark is not None
    return outcome_of(mark)


def test_enter_confirms_a_doubt_and_undo_asks_again(
    page: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    begin(page)
    select(page, 2)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) == (Status.PRESENT, MarkedBy.TEACHER)
    assert outcome_in_register(store, page, 2) is Outcome.CONFIRMED
    assert page.parts.tray.doubts == 0
    window.context.undo()
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 1
    finish(page)


def test_delete_refuses_a_doubt_and_marks_nobody(page: RollCallPage, store: Store, settle: Settle) -> None:
    begin(page)
    select(page, 2)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Delete)
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 0
    finish(page)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete])
@pytest.mark.parametrize("rows", [(0,), (4,), (2, 4)])
def test_the_keys_answer_nothing_that_is_not_selected_alone(
    page: RollCallPage, store: Store, settle: Settle, key: Qt.Key, rows: tuple[int, ...]
) -> None:
    begin(page)
    select(page, *rows)
    before = [mark_of(store, page, row) for row in range(6)]
    assert framed(page) == []
    QTest.keyClick(page.parts.roster, key)
    settle()
    assert [mark_of(store, page, row) for row in range(6)] == before
    assert page.parts.tray.doubts == 1
    finish(page)


def test_with_two_doubts_the_selected_students_is_framed_and_answered(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.doubted = (2, 3)
    begin(page)
    select(page, 3)
    assert framed(page) == ["Student 04"]
    assert "Enter: yes" in page.parts.card._why.text()
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 3) == (Status.PRESENT, MarkedBy.TEACHER)
    assert framed(page) == []
    assert "Enter" not in page.parts.card._why.text()
    finish(page)


def test_a_focused_card_selects_its_student_and_the_next_card_follows(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.doubted = (2, 3)
    begin(page)
    page.parts.tray._doubts[page.model.rows[3].student.id].setFocus()
    assert [line.student.name for line in page.parts.roster.chosen()] == ["Student 04"]
    assert framed(page) == ["Student 04"]
    QTest.keyClick(page.parts.tray._doubts[page.model.rows[3].student.id], Qt.Key.Key_Delete)
    assert framed(page) == ["Student 03"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) == (Status.PRESENT, MarkedBy.TEACHER)
    assert mark_of(store, page, 3) is None
    assert QApplication.focusWidget() is page.parts.roster
    finish(page)


def test_enter_on_a_focused_button_presses_that_button(page: RollCallPage, store: Store, settle: Settle) -> None:
    begin(page)
    card = page.parts.tray.first_doubt()
    assert isinstance(card, DoubtCard)
    card.no.setFocus()
    QTest.keyClick(card.no, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 0
    finish(page)


def test_the_keys_rest_while_the_class_sees_the_screen_or_an_unknown_face_is_named(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    begin(page)
    select(page, 2)
    page.parts.set_discreet(True)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    page.parts.set_discreet(False)
    assert framed(page) == ["Student 03"]
    page.parts.tray._strangers[0].box.setFocus()
    assert framed(page) == []
    QTest.keyClick(page.parts.tray._strangers[0].box, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) is None
    assert page.parts.tray.doubts == 1
    finish(page)


def test_an_unknown_face_given_a_name_is_marked_and_counted_no_more(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    session = begin(page)
    card = page.parts.tray._strangers[0]
    card.box.setCurrentIndex(5)
    card.box.activated.emit(5)
    settle()
    # The offer to keep the picture: tests/ui/roll_call/test_newcomers.py.
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeepPhotoDialog)
    dialog.reject()
    assert mark_of(store, page, 5) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.parts.tray.strangers == 0
    finish(page)
    assert store.sessions.get(session.id).unknown_people == 0


@long_lesson
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (AlternativesKind.LOOK_ALIKES, "Student 03 or Student 05? They look alike"),
        (AlternativesKind.OPINIONS, "Camera says Student 03, second opinion says Student 05"),
    ],
)
def test_a_doubt_between_two_shows_both_and_the_one_chosen_is_marked(
    page: RollCallPage, store: Store, script: Script, settle: Settle, kind: AlternativesKind, words: str
) -> None:
    script.choices[2] = (kind, 2, 4)
    begin(page)
    card = next(iter(page.parts.tray._doubts.values()))
    assert isinstance(card, ChoiceCard)
    assert card._question.text() == words
    card.buttons[page.model.rows[4].student.id].click()
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 4) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.parts.tray.doubts == 0
    wait_for(lambda: (2, page.model.rows[4].student.id, None) in script.named)
    page.context.undo()
    settle()
    assert mark_of(store, page, 4) is None
    assert page.parts.tray.doubts == 1
    finish(page)


def test_enter_takes_the_selected_one_of_two_and_delete_neither(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.choices[2] = (AlternativesKind.LOOK_ALIKES, 4, 2)
    begin(page)
    select(page, 2)
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Delete)
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 4) is None
    page.context.undo()
    select(page, 4)
    assert page.parts.card._why.text().endswith("Enter: it is Student 05. Delete: neither of the two.")
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 2) is None
    assert mark_of(store, page, 4) == (Status.PRESENT, MarkedBy.TEACHER)
    finish(page)
