"""Known errors in words that fit the window."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from collect_strings import PACKAGE, texts_of_errors
from error_kinds import kinds_of_the_laboratory, kinds_of_the_window, made
from PySide6.QtWidgets import QApplication

from attendance_app.classifiers.errors import HeadNotTrained
from attendance_app.domain.errors import KnownError
from attendance_app.services.doctor.errors import QtLibrariesMissing
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.messages import REMEDIES, message_of, remedies_in_the_window, remedy_of

COMMAND = re.compile(r"attendance [a-z]+ |--[a-z]|ATTENDANCE_HOME|webcam:|checkout|pip install")
"""What nobody types who sits at the window."""

COMMANDS_ONLY = {"services/exports.py": "a register is read back by commands and tests"}


def modules_of_the_window() -> set[Path]:
    """Every module that the window imports, directly or through others, inside functions too."""
    waiting = set((PACKAGE / "ui").rglob("*.py"))
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= set(imported_by(path)) - found
    return found


def imported_by(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        for name in names:
            file = PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")
            if name.startswith("attendance_app.") and file.is_file():
                yield file


def remedies_naming_commands() -> dict[str, str]:
    """Template -> the module of the window's that raises it."""
    reachable = sorted(modules_of_the_window())
    templates = {text.source for text in texts_of_errors() if COMMAND.search(text.source)}
    found = {}
    for path in reachable:
        where = path.relative_to(PACKAGE).as_posix()
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        literals = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        if where not in COMMANDS_ONLY:
            found |= dict.fromkeys(templates & literals, where)
    return found


def test_no_remedy_in_the_window_names_a_command(qapp: QApplication) -> None:
    known = remedies_in_the_window()
    assert {one: where for one, where in remedies_naming_commands().items() if one not in known} == {}
    assert not [words for words in known.values() if COMMAND.search(words)]


def test_no_remedy_of_the_window_outlived_its_error(qapp: QApplication) -> None:
    templates = {text.source for text in texts_of_errors()}
    assert set(remedies_in_the_window()) <= templates


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
