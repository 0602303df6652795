"""Known errors in words that fit the window."""

import re

import pytest
from error_kinds import kinds_of_the_laboratory, kinds_of_the_window, made
from PySide6.QtWidgets import QApplication

from attendance_app.classifiers.errors import HeadNotTrained
from attendance_app.domain.errors import KnownError
from attendance_app.services.doctor.errors import QtLibrariesMissing
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.messages import REMEDIES, message_of, remedy_of

COMMAND = re.compile(r"attendance [a-z]+ |--[a-z]|ATTENDANCE_HOME|webcam:|checkout|pip install")
"""What nobody types who sits at the window."""


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Teach it the course on the page Models."), ("es", "Enséñele el curso en la página Modelos.")],
)
def test_a_command_is_said_in_the_words_of_the_window(qapp: QApplication, language: str, words: str) -> None:
    switch = LanguageSwitch(qapp)
    switch.set(language)
    assert remedy_of(HeadNotTrained(course="MATH")) == words
    switch.set("en")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", kinds_of_the_window(), ids=lambda kind: kind.__name__)
def test_the_window_says_what_happened_and_what_to_do(
    qapp: QApplication, kind: type[KnownError], language: str
) -> None:
    switch = LanguageSwitch(qapp)
    switch.set(language)
    error = made(kind)
    assert message_of(error)
    assert remedy_of(error)
    # The laboratory's errors reach the window only where they name no option.
    assert not COMMAND.search(remedy_of(error)) or kind in kinds_of_the_laboratory()
    switch.set("en")


def test_no_remedy_of_the_window_is_of_a_kind_that_is_gone() -> None:
    assert set(REMEDIES) <= set(kinds_of_the_window())


def test_a_remedy_is_translated_and_then_filled(qapp: QApplication) -> None:
    switch = LanguageSwitch(qapp)
    switch.set("es")
    assert remedy_of(QtLibrariesMissing(packages="libegl1")) == "En Debian o Ubuntu: sudo apt install libegl1"
    switch.set("en")
