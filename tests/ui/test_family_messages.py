"""Messages for families in the window: listed, copied, opened in the mail program; their texts edited; nothing sent."""

import socket
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from test_all_spanish import english, english_words

from attendance_app.domain.parent_messages import MessageKind
from attendance_app.services.message_texts import DEFAULTS
from attendance_app.store.database import Store
from attendance_app.ui.families.messages_dialog import MessagesDialog
from attendance_app.ui.families.texts_dialog import TextsDialog
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.page import Page
from attendance_app.ui.pages.reports import ReportsPage
from attendance_app.ui.pages.sessions import SessionsPage

Settle = Callable[[], None]
ABSENT = MessageKind.ABSENT
NOVEMBER = {"en": "November 2, 2026", "es": "2 de noviembre de 2026"}


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """What was handed to the system to open; no test here may touch the network."""

    def refuse(*_what: object, **_how: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    links: list[QUrl] = []

    def open_url(link: QUrl) -> bool:
        links.append(link)
        return True

    monkeypatch.setattr("attendance_app.ui.families.messages_dialog.QDesktopServices.openUrl", open_url)
    return links


def begin(window: MainWindow, settle: Settle, store: Store, *, language: str, page: str) -> Page:
    """A class of three and a lesson: the first is there, the two others absent; the second has an e-mail."""
    course = make_class(store, 3)
    student = store.students.by_number("S02")
    with store.write() as tx:
        tx.students.update(student.id, number=student.number, name=student.name, email="familia@escuela.example")
    make_session(store, course, "PAA")
    window.context.change_settings(language=language)
    window.context.changed("courses")
    shown = window.open_page(page)
    assert shown is not None
    settle()
    return shown


def only(kind: type[QWidget], parent: QWidget) -> QWidget:
    (found,) = (one for one in parent.findChildren(kind) if one.isVisible())
    return found


def messages_over(page: Page, settle: Settle) -> MessagesDialog:
    assert isinstance(page, SessionsPage | ReportsPage)
    page.write_messages()
    settle()
    dialog = only(MessagesDialog, page)
    assert isinstance(dialog, MessagesDialog)
    return dialog


def texts_over(dialog: MessagesDialog) -> TextsDialog:
    dialog.edit_button.click()
    texts = only(TextsDialog, dialog)
    assert isinstance(texts, TextsDialog)
    return texts


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_is_absent_is_listed_with_a_message_to_copy_or_open(
    window: MainWindow, settle: Settle, store: Store, opened: list[QUrl], language: str
) -> None:
    dialog = messages_over(begin(window, settle, store, language=language, page="sessions"), settle)
    assert [one.student.number for one in dialog.messages] == ["S02", "S03"]
    assert dialog.focusWidget() is dialog.table
    assert cut_words(dialog) == []
    assert language == "en" or not english_words(dialog, english())
    assert NOVEMBER[language] in dialog.subject.text()
    assert "2026-11" not in dialog.body.toPlainText() + dialog.subject.text()
    dialog.copy_button.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == f"{dialog.subject.text()}\n\n{dialog.body.toPlainText()}"
    dialog.mail_button.click()
    (link,) = opened
    parts = urlsplit(link.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    assert (parts.scheme, parts.path) == ("mailto", "familia@escuela.example")
    assert unquote(parts.query.partition("&body=")[2]) == dialog.body.toPlainText().replace("\n", "\r\n")
    # The other one has no e-mail: copying is what is left.
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert not dialog.mail_button.isEnabled()
    assert dialog.copy_button.isEnabled()
    assert "Student 03" in dialog.body.toPlainText()
    dialog.copy_all_button.click()
    assert clipboard.text().startswith("Student 02 <familia@escuela.example>\n")
    assert "\n---\nStudent 03\n" in clipboard.text()
    assert len(opened) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_reports_write_to_who_is_below_the_limit_that_is_shown(
    window: MainWindow, settle: Settle, store: Store, language: str
) -> None:
    page = begin(window, settle, store, language=language, page="reports")
    assert isinstance(page, ReportsPage)
    assert page.messages_button.isVisible()
    dialog = messages_over(page, settle)
    assert [one.student.number for one in dialog.messages] == ["S02", "S03"]
    body = dialog.body.toPlainText()
    assert {"en": "0%", "es": "0 %"}[language] in body
    assert NOVEMBER[language] in body
    assert cut_words(dialog) == []
    assert language == "en" or not english_words(dialog, english())
    dialog.close()
    page.limit_box.setValue(0)
    empty = messages_over(page, settle)
    assert empty.messages == ()
    assert not empty.copy_all_button.isEnabled()
    assert not empty.mail_button.isEnabled()
    page.close_down()
    settle()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_text_is_edited_with_fields_and_a_preview_and_used_at_once(
    window: MainWindow, settle: Settle, store: Store, language: str
) -> None:
    dialog = messages_over(begin(window, settle, store, language=language, page="sessions"), settle)
    texts = texts_over(dialog)
    assert texts.language == language
    assert not texts.primary.isEnabled()
    assert cut_words(texts) == []
    assert language == "en" or not english_words(texts, english())
    texts.body.setPlainText("x ")
    texts.body.moveCursor(texts.body.textCursor().MoveOperation.End)
    texts.fields.setCurrentRow(0)
    texts.fields.setFocus()
    QTest.keyClick(texts.fields, Qt.Key.Key_Return)
    assert texts.body.toPlainText() == "x {name}"
    assert texts.preview.toPlainText().endswith("x Student 02")
    # A field that is unknown is named, and nothing can be saved.
    texts.subject.setText("{nobody}")
    assert not texts.primary.isEnabled()
    assert texts.message_bar.isVisible()
    texts.subject.setText("S {number}")
    assert not texts.message_bar.isVisible()
    texts.new_field.setText("Français")
    QTest.keyClick(texts.new_field, Qt.Key.Key_Return)
    settle()
    assert not store.messages.texts(ABSENT)  # Enter has saved nothing yet
    assert texts.language == "Français"
    texts.subject.setText("F {date}")
    texts.primary.click()
    settle()
    assert set(store.messages.texts(ABSENT)) == {language, "Français"}
    assert (dialog.subject.text(), dialog.body.toPlainText()) == ("S S02", "x Student 02\n")
    # The family of the first student reads the new language, and the list says so.
    dialog.language_box.setCurrentIndex(dialog.language_box.findData("Français"))
    dialog.language_box.activated.emit(dialog.language_box.currentIndex())
    settle()
    assert dialog.subject.text() == "F 2/11/2026"
    assert store.messages.languages() == {store.students.by_number("S02").id: "Français"}
    assert dialog.table.model().index(0, 1).data() == "Français"


def test_a_removed_text_is_the_program_s_own_again(window: MainWindow, settle: Settle, store: Store) -> None:
    with store.write() as tx:
        for name in ("en", "Deutsch"):
            tx.messages.keep_text(ABSENT, name, DEFAULTS[ABSENT]["es"])
    dialog = messages_over(begin(window, settle, store, language="en", page="sessions"), settle)
    texts = texts_over(dialog)
    texts.remove_button.click()
    assert texts.subject.text() == DEFAULTS[ABSENT]["en"].subject
    assert not texts.remove_button.isVisible()
    texts.language_box.setCurrentIndex(texts.language_box.findData("Deutsch"))
    texts.remove_button.click()
    assert texts.language_box.findData("Deutsch") == -1
    texts.primary.click()
    settle()
    assert not store.messages.texts(ABSENT)
    assert dialog.subject.text().startswith("Student 02 was absent on Monday, ")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_too_long_for_a_link_is_refused_in_words_and_can_be_copied(
    window: MainWindow, settle: Settle, store: Store, opened: list[QUrl], language: str
) -> None:
    with store.write() as tx:
        long = type(DEFAULTS[ABSENT]["en"])("x", "é" * 400 + "\n")
        tx.messages.keep_text(ABSENT, language, long)
    dialog = messages_over(begin(window, settle, store, language=language, page="sessions"), settle)
    dialog.mail_button.click()
    assert opened == []
    assert dialog.message_bar.isVisible()
    assert cut_words(dialog) == []
    assert language == "en" or not english_words(dialog, english())
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "x\n\n" + "é" * 400 + "\n"


def test_the_menu_of_a_session_opens_the_messages(window: MainWindow, settle: Settle, store: Store) -> None:
    page = begin(window, settle, store, language="en", page="sessions")
    assert isinstance(page, SessionsPage)
    page._show_menu()
    menu = only(QMenu, page)
    next(one for one in menu.actions() if one.text() == "Messages for families…").trigger()
    menu.close()
    settle()
    assert only(MessagesDialog, page)
