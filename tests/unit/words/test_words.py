"""Every kind of known error has words for the command line, and its details fill them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from error_kinds import GROUPS, all_kinds, kinds_of_the_laboratory, kinds_of_the_window, made

import attendance_app
from attendance_app.cli.messages import OWN_WORDS, REMEDIES, message_of, remedy_of
from attendance_app.domain.errors import KnownError
from attendance_app.lab.words import WORDS as LABORATORY_WORDS
from attendance_app.words.table import WORDS

PACKAGE = Path(attendance_app.__file__).parent
COMMAND = re.compile(r"attendance [a-z]+ |--[a-z]|ATTENDANCE_HOME|webcam:")
PAGE = re.compile(r"\bpages? [A-Z]|\bunder Settings\b")
KINDS = all_kinds()


def test_every_kind_has_words_and_no_words_outlived_their_kind() -> None:
    laboratory = set(kinds_of_the_laboratory())
    assert set(LABORATORY_WORDS) == laboratory
    assert set(WORDS) == set(kinds_of_the_window()) - laboratory
    assert set(OWN_WORDS) == set(KINDS) - set(WORDS) - laboratory
    assert set(REMEDIES) <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_command_line_says_what_happened_and_what_to_do(kind: type[KnownError]) -> None:
    error = made(kind)
    assert message_of(error)
    assert remedy_of(error)
    assert not PAGE.search(remedy_of(error))


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_shared_words_name_no_command_and_no_page(kind: type[KnownError]) -> None:
    words = WORDS[kind]
    assert not COMMAND.search(words.message + words.remedy)
    assert not PAGE.search(words.message + words.remedy)


def classes_in(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield from ((node.name, base.id) for base in node.bases if isinstance(base, ast.Name))


def test_kinds_are_declared_where_the_words_look_for_them() -> None:
    bases = {kind.__name__ for each in KINDS for kind in each.__mro__ if issubclass(kind, KnownError)}
    elsewhere = [
        f"{path.name}: {name}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "errors.py"
        for name, base in classes_in(path)
        if base in bases | {group.__name__ for group in GROUPS}
    ]
    assert elsewhere == []
