"""A Spanish window says nothing in English: every widget of every page is read, tooltips and models included."""

import re
import string
from collections.abc import Callable, Iterator

import pytest
from classroom import make_class, make_session
from collect_strings import TRANSLATIONS, read_forms
from conftest import wait_for_jobs
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QTabWidget, QWidget

from attendance_app.services.doctor.check_result import CheckResult, CheckState
from attendance_app.services.doctor.errors import CameraGivesNothing
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.settings.self_test import SelfTest

Settle = Callable[[], None]
PAGES = ("roll_call", "students", "enrolment", "sessions", "reports", "models", "settings", "welcome")
SAYS = (
    "text",
    "title",
    "windowTitle",
    "toolTip",
    "statusTip",
    "whatsThis",
    "accessibleName",
    "accessibleDescription",
    "placeholderText",
    "toPlainText",
    "suffix",
    "prefix",
)
NAME, TAG = re.compile(r"Student \d+|Algebra ALG"), re.compile("<[^>]+>")
"""Names of the class, and marks of rich text: not to be read."""
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.StatusTipRole,
)


def english() -> list[re.Pattern[str]]:
    """Every English text that reads otherwise in Spanish, its placeholders filled with anything."""
    patterns = []
    for text, forms in read_forms(TRANSLATIONS / "attendance_es.ts").items():
        words = re.sub(r"\{\w*\}|%n", "", text.source)
        if text.source not in forms and sum(letter in string.ascii_letters for letter in words) >= 3:
            parts = re.split(r"(\{\w*\}|%n)", text.source.replace("(s)", "s"))
            inner = "".join(".+" if re.fullmatch(r"\{\w*\}|%n", part) else re.escape(part) for part in parts)
            patterns.append(re.compile(inner))
    return patterns


def said(widget: QWidget) -> Iterator[str]:
    """All that a widget says, or would on request."""
    for name in SAYS:
        says = getattr(widget, name, None)
        if callable(says):
            words = says()
            if isinstance(words, str) and words:
                yield from words.split("\n")
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QTabWidget):
        yield from (widget.tabText(place) for place in range(widget.count()))
        yield from (widget.tabToolTip(place) for place in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model())
    for action in widget.actions():
        yield from (action.text(), action.toolTip())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for section in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
        for role in ROLES:
            words = model.headerData(section, Qt.Orientation.Horizontal, role)
            yield from [words] if isinstance(words, str) else []
        for row in range(model.rowCount()):
            for role in ROLES:
                words = model.index(row, section).data(role)
                yield from words.split("\n") if isinstance(words, str) else []


def english_words(window: QWidget, patterns: list[re.Pattern[str]]) -> set[str]:
    """What is still English under this widget."""
    widgets = [window, *window.findChildren(QWidget)]
    everything = {NAME.sub("Ana", TAG.sub("", words)).strip() for widget in widgets for words in said(widget)}
    everything -= {QApplication.applicationDisplayName()}
    return {words for words in everything if any(pattern.fullmatch(words) for pattern in patterns)}


@pytest.fixture
def spanish(window: MainWindow, settle: Settle, store: Store) -> MainWindow:
    """A window on a course with history; built in English, then switched, as a teacher does it."""
    course = make_class(store)
    for day in range(3):
        make_session(store, course, "PPLAE", day=day)
    window.context.changed("courses")
    settle()
    window.context.choose_course(course)
    for page in PAGES:
        window.open_page(page)
        settle()
    window.context.change_settings(language="es")
    settle()
    return window


def test_the_reader_sees_english_where_there_is_any(spanish: MainWindow) -> None:
    """Else the tests below would prove nothing."""
    spanish.message_bar.setToolTip("Undone: Ana")
    assert english_words(spanish, english()) == {"Undone: Ana"}


@pytest.mark.parametrize("page", PAGES)
def test_a_window_switched_to_spanish_says_nothing_in_english(spanish: MainWindow, settle: Settle, page: str) -> None:
    opened = spanish.open_page(page)
    settle()
    patterns = english()
    tabs = opened.findChildren(QTabWidget) if opened is not None else []
    found = english_words(spanish, patterns)
    for one in tabs:
        for place in range(one.count()):
            one.setCurrentIndex(place)
            wait_for_jobs(spanish.context)
            found |= english_words(spanish, patterns)
    assert not found, sorted(found)


def test_the_self_test_answers_in_spanish(spanish: MainWindow, settle: Settle) -> None:
    page = spanish.open_page("settings")
    settle()
    test = SelfTest(spanish.context, page)
    told = [
        CheckResult("Photos", CheckState.OK, "JPEG and HEIC can be read"),
        CheckResult("Camera", CheckState.WARNING, "none found", CameraGivesNothing()),
    ]
    for result in told:
        test.answered.emit(result)
    everything = {words for widget in test.findChildren(QWidget) for words in said(widget)}
    assert not everything & {result.detail for result in told}
    assert not english_words(test, english())


@pytest.mark.parametrize(
    "values", [{"strictness": "harsh"}, {"text_percent": 500}, {"camera": ""}], ids=["word", "number", "text"]
)
def test_a_bad_setting_is_refused_in_spanish(spanish: MainWindow, values: dict[str, object]) -> None:
    spanish.context.change_settings(**values)
    bar = spanish.message_bar
    assert bar.error is not None
    for words in ("Make it", "the settings"):
        assert words not in bar.accessibleName()
    assert not english_words(bar, english())
