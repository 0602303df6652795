import pytest
from PySide6.QtWidgets import QApplication, QLabel

from attendance_app.store.errors import NoSuchCourse
from attendance_app.ui import i18n
from attendance_app.ui.i18n import LanguageSwitch, tr
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.words.table import WORDS


@pytest.fixture
def language(qapp: QApplication):
    switch = LanguageSwitch(qapp)
    yield switch
    switch.set("en")


def test_a_widget_says_its_texts_again_after_a_change(language: LanguageSwitch) -> None:
    language.set("en")
    widget, label = TranslatedWidget(), QLabel()
    widget.bind_text(label.setText, "Undo")
    assert label.text() == "Undo"
    language.set("es")
    assert label.text() == "Deshacer"
    language.set("en")
    assert label.text() == "Undo"
    widget.deleteLater()


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [("en", 1, "1 session"), ("en", 2, "2 sessions"), ("es", 1, "1 sesión"), ("es", 0, "0 sesiones")],
)
def test_plurals_follow_the_number(language: LanguageSwitch, code: str, count: int, said: str) -> None:
    language.set(code)
    assert tr("%n session(s)", "", count) == said


def test_one_english_word_with_two_meanings_has_two_translations(language: LanguageSwitch) -> None:
    language.set("es")
    assert tr("A", "key that marks absent") == "F"
    assert tr("E", "key that marks excused") == "J"


def test_an_error_is_translated_before_its_details_are_filled_in(
    language: LanguageSwitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    language.set("es")
    words = WORDS[NoSuchCourse]
    monkeypatch.setitem(i18n._catalogue, ("KnownError", words.message, ""), ("No hay {name}.",))
    monkeypatch.setitem(i18n._catalogue, ("KnownError", words.remedy, ""), ("Hay {codes}.",))
    error = NoSuchCourse(name="café", codes=("té", "mate"))
    assert (message_of(error), remedy_of(error)) == ("No hay café.", "Hay té, mate.")


def test_an_unknown_language_of_the_system_becomes_english(
    language: LanguageSwitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "system_language", lambda: "en")
    language.set("fr")
    assert language.code == "en"


def test_thousands_of_texts_do_not_end_the_process(language: LanguageSwitch) -> None:
    language.set("es")
    assert {tr("a text that nobody translated") for _ in range(200_000)} == {"a text that nobody translated"}
