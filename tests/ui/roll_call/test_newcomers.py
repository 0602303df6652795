"""An unknown face is enrolled as a new student during a session."""

from collections.abc import Callable

from conftest import wait_for
from PySide6.QtWidgets import QApplication, QLabel
from roll_call_steps import begin, finish, long_lesson
from scripted_session import Script

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.keep_photo_dialog import KeepPhotoDialog
from attendance_app.ui.roll_call.newcomer_dialog import NewcomerDialog

Settle = Callable[[], None]


def newcomer(page: RollCallPage, *, number: str = "S99") -> NewcomerDialog:
    """Open the dialog by the card's button and fill it in."""
    page.parts.tray._strangers[0].enrol.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NewcomerDialog)
    dialog.number_field.setText(number)
    dialog.name_field.setText("Student 99")
    dialog.consent.setCurrentText("signed form, binder 3")
    return dialog


@long_lesson
def test_an_unknown_face_is_enrolled_marked_and_recognised_from_then_on(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    session = begin(page)
    newcomer(page).primary.click()
    settle()
    course = page.context.course
    assert course is not None
    student = store.students.by_number("S99")
    assert student in store.students.of_course(course.id)
    assert store.consents.current(student.id) is not None
    mark = store.marks.get(session.id, student.id)
    assert mark is not None
    assert (mark.status, mark.marked_by) == (Status.PRESENT, MarkedBy.TEACHER)
    assert page.model.rows[-1].student == student
    assert page.parts.tray.strangers == 0
    wait_for(lambda: script.galleries)
    gallery = script.galleries[-1]
    assert gallery.students[gallery.owners[0]] == student
    assert (100, student.id, None) in script.named
    finish(page)


@long_lesson
def test_undo_erases_the_newcomer_and_asks_about_the_face_again(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    begin(page)
    newcomer(page).primary.click()
    settle()
    student = store.students.by_number("S99")
    page.context.undo()
    settle()
    assert store.students.find("S99") is None
    assert page.model.get(student.id) is None
    assert page.parts.tray.strangers == 1
    wait_for(lambda: len(script.galleries) == 2)
    assert not len(script.galleries[-1].encodings)
    # The roll tells the pipeline on its own thread, after the gallery.
    wait_for(lambda: (100, None, student.id) in script.named)
    finish(page)


def test_a_face_too_poor_to_be_recognised_by_is_not_enrolled_and_says_why(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.width_px = 17
    begin(page)
    dialog = newcomer(page)
    assert dialog.message_bar.isVisible()
    assert "too small" in dialog.message_bar._message.text()
    assert not dialog.primary.isEnabled()
    dialog.reject()
    assert store.students.find("S99") is None
    finish(page)


def test_a_number_that_is_taken_is_said_in_the_dialog_and_the_words_stay(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    begin(page)
    dialog = newcomer(page, number="S01")
    dialog.primary.click()
    settle()
    assert "Student 01" in dialog.message_bar._message.text()
    assert dialog.name_field.text() == "Student 99"
    dialog.reject()
    finish(page)


def kept_photo(page: RollCallPage, place: int) -> KeepPhotoDialog:
    """Give the unknown face the name of the student at that place; return the dialog that offers to keep it."""
    card = page.parts.tray._strangers[0]
    card.box.setCurrentIndex(place)
    card.box.activated.emit(place)
    wait_for(lambda: isinstance(QApplication.activeModalWidget(), KeepPhotoDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeepPhotoDialog)
    return dialog


@long_lesson
def test_a_named_face_is_kept_as_the_photo_of_a_student_without_one(
    page: RollCallPage, store: Store, script: Script, settle: Settle
) -> None:
    script.width_px = 22
    begin(page)
    dialog = kept_photo(page, 5)
    assert any("22" in words.text() for words in dialog.findChildren(QLabel))
    assert dialog.consent is not None
    dialog.consent.setCurrentText("form, binder 3")
    dialog.primary.click()
    settle()
    student = store.students.by_number("S06")
    (template,) = store.templates.of_student(student.id)
    assert template.weak
    line = page.model.get(student.id)
    assert line is not None
    assert not line.portrait.isNull()
    # Recognition compares with it from now on.
    wait_for(lambda: script.galleries and len(script.galleries[-1].encodings) == 1)
    page.context.undo()
    settle()
    assert store.templates.of_student(student.id) == ()
    assert store.consents.current(student.id) is None
    finish(page)


@long_lesson
def test_a_named_face_need_not_be_kept(page: RollCallPage, store: Store, settle: Settle) -> None:
    session = begin(page)
    kept_photo(page, 5).cancel_button.click()
    settle()
    student = store.students.by_number("S06")
    assert store.templates.of_student(student.id) == ()
    assert store.marks.get(session.id, student.id) is not None
    finish(page)
