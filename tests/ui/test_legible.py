"""Nothing is cut: every button's words fit, at 150 % and in both languages, in a window of 1280 x 720."""

from collections.abc import Callable

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from PySide6.QtWidgets import QApplication
from single_writes import each

from attendance_app.store.database import Store
from attendance_app.ui.controls import ElidedLabel
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages import PAGES

Settle = Callable[[], None]
LONG = "Anastasia Guadalupe Montserrat de la Santísima Trinidad Fernández-Villaseñor y Ruiz"
ARABIC, JAPANESE = "عبد الرحمن بن محمد", "山田太郎"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", [spec.key for spec in PAGES])
def test_words_fit_at_150_percent(window: MainWindow, settle: Settle, store: Store, key: str, language: str) -> None:
    course = make_class(store, 12)
    make_session(store, course, "PLAEPPPPPPPP")
    window.context.changed("courses")
    window.context.change_settings(language=language, text_percent=150)
    window.open_page(key)
    settle()
    assert not cut_words(window)


def test_a_long_name_is_shortened_with_the_whole_of_it_as_tool_tip(qapp: QApplication, window: MainWindow) -> None:
    label = ElidedLabel(LONG)
    label.resize(120, 20)
    label.show()
    assert label.toolTip() == LONG
    label.resize(2000, 20)
    assert label.toolTip() == ""
    label.close()


@pytest.mark.parametrize("name", [LONG, ARABIC, JAPANESE], ids=["80 characters", "right to left", "Japanese"])
@pytest.mark.parametrize("key", ["students", "sessions", "reports"])
def test_names_of_every_kind_are_shown(window: MainWindow, settle: Settle, store: Store, key: str, name: str) -> None:
    course = make_class(store, 3)
    student = each(store).students.add("S90", name)
    each(store).students.enrol(course.id, student.id)
    make_session(store, course, "PPPP")
    window.context.changed("courses")
    page = window.open_page(key)
    settle()
    assert page.width() <= window.width()
    assert not page.grab().isNull()
