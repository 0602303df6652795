from collections.abc import Callable

from classroom import make_class
from PySide6.QtWidgets import QApplication, QComboBox

from attendance_app.bootstrap import decider_of
from attendance_app.config.settings import SETTINGS_FILE, read_settings
from attendance_app.domain.fusion import Decider
from attendance_app.domain.people import TrainedHead
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.palette import DARK

Settle = Callable[[], None]


def opened(window: MainWindow, settle: Settle) -> SettingsPage:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    settle()
    return page


def test_changes_are_kept_at_once(window: MainWindow, settle: Settle, store: Store) -> None:
    page = opened(window, settle)
    page._strictness.button(0).click()
    page.late_after.setValue(5)
    settle()
    kept = read_settings(store.home)
    assert kept.strictness == "strict"
    assert kept.late_after_minutes == 5


def test_language_theme_and_text_size_are_worn_at_once(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    for box, value in ((page.language, "es"), (page.theme_box, "dark"), (page.text_size, 150)):
        row = box.findData(value)
        box.setCurrentIndex(row)
        box.activated.emit(row)
    settle()
    assert page.title.text() == "Ajustes"
    assert window.desk.theme.palette is DARK
    assert window.desk.theme.text_px("text") == 20


def test_no_camera_is_said_in_words(window: MainWindow, settle: Settle, monkeypatch) -> None:
    monkeypatch.setattr("attendance_app.ui.settings.camera_card.list_cameras", lambda: ())
    page = opened(window, settle)
    assert "No camera found" in page.camera._said.text()


def test_a_camera_that_fails_says_why_and_what_to_do(window: MainWindow, settle: Settle, monkeypatch) -> None:
    monkeypatch.setattr("attendance_app.ui.settings.camera_card.list_cameras", lambda: ())
    page = opened(window, settle)
    page.camera._use("/nowhere/film.mp4")
    page.camera.toggle()
    settle()
    assert "film.mp4" in page.camera._said.text()
    assert not page.camera.preview.running


def test_settings_that_cannot_be_read_are_said_and_left_alone(store: Store, qapp: QApplication) -> None:
    from conftest import wait_for_jobs

    file = store.home / SETTINGS_FILE
    file.write_text('colour = "green"\n', encoding="utf-8")
    window = build_window(store, qapp)
    window.show()
    wait_for_jobs(window.desk)
    assert window.message_bar.isVisible()
    assert file.read_text(encoding="utf-8") == 'colour = "green"\n'
    window.close()


def choose(box: QComboBox, value: str) -> None:
    row = box.findData(value)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_how_faces_are_found_and_who_names_them_are_kept(window: MainWindow, settle: Settle, store: Store) -> None:
    page = opened(window, settle)
    choose(page.find_faces.box, "cnn")
    choose(page.second_opinion.box, "both")
    settle()
    assert (read_settings(store.home).detector, read_settings(store.home).classifier) == ("cnn", "both")
    assert page.second_opinion.box.currentData() == "both"


def test_a_course_without_a_trained_network_is_named_with_the_way_to_train_it(
    window: MainWindow, settle: Settle, store: Store
) -> None:
    course = make_class(store)
    window.desk.changed("courses")
    settle()
    page = opened(window, settle)
    assert not page.second_opinion.untrained.isVisible()
    choose(page.second_opinion.box, "both")
    settle()
    assert course.title in page.second_opinion.untrained.text()
    assert page.second_opinion.untrained.isVisible()
    page.second_opinion.train.click()
    assert window.page is window.pages["models"]
    settle()
    store.heads.put(TrainedHead(course.id, "backbone", (), b"", "{}", window.desk.clock()))
    window.open_page("settings")
    settle()
    assert not page.second_opinion.untrained.isVisible()
    assert decider_of(store, course, window.desk.settings) is Decider.BOTH
    store.heads.delete(course.id)
    assert decider_of(store, course, window.desk.settings) is Decider.ENCODINGS
