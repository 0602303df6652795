from collections.abc import Callable

from classroom import make_class
from conftest import wait_for
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox
from scripted_session import make_video
from single_writes import each

from attendance_app.bootstrap import classifier_of
from attendance_app.config.settings import SETTINGS
from attendance_app.config.settings_file import SETTINGS_FILE, read_settings
from attendance_app.domain.addresses import HIDDEN
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.people import TrainedHead
from attendance_app.store import camera_passwords
from attendance_app.store.camera_passwords import whole_address
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.palette import DARK
from attendance_app.ui.settings.about import LicencesDialog
from attendance_app.vision.source_protocol import PictureMode
from attendance_app.vision.video_file import VideoFile

Settle = Callable[[], None]


def opened(window: MainWindow, settle: Settle) -> SettingsPage:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    settle()
    return page


def test_changes_are_kept_at_once(window: MainWindow, settle: Settle, store: Store) -> None:
    page = opened(window, settle)
    page.controls["strictness"].buttons.button(0).click()
    page.controls["late_after_minutes"].control.setValue(5)
    settle()
    kept = read_settings(store.home).settings
    assert kept.strictness == "strict"
    assert kept.late_after_minutes == 5


def test_language_theme_and_text_size_are_applied_at_once(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    for key, value in (("language", "es"), ("theme", "dark"), ("text_percent", 150)):
        box = page.controls[key].control
        row = box.findData(value)
        box.setCurrentIndex(row)
        box.activated.emit(row)
    settle()
    assert page.title.text() == "Ajustes"
    assert window.context.theme.palette is DARK
    assert window.context.theme.text_px("text") == 20


def test_every_declared_setting_of_the_page_has_its_control(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    assert list(page.controls) == [setting.key for setting in SETTINGS.values() if setting.place != "reports"]


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
    wait_for_jobs(window.context)
    assert window.message_bar.isVisible()
    assert file.read_text(encoding="utf-8") == 'colour = "green"\n'
    window.close()


def choose(box: QComboBox, value: str) -> None:
    row = box.findData(value)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_how_faces_are_found_and_who_names_them_are_kept(window: MainWindow, settle: Settle, store: Store) -> None:
    page = opened(window, settle)
    choose(page.controls["detector"].box, "cnn")
    choose(page.controls["classifier"].box, "both")
    settle()
    assert (read_settings(store.home).settings.detector, read_settings(store.home).settings.classifier) == (
        "cnn",
        "both",
    )
    assert page.controls["classifier"].box.currentData() == "both"


def test_a_course_without_a_trained_network_is_named_with_the_way_to_train_it(
    window: MainWindow, settle: Settle, store: Store
) -> None:
    course = make_class(store)
    window.context.changed("courses")
    settle()
    page = opened(window, settle)
    assert not page.controls["classifier"].untrained.isVisible()
    choose(page.controls["classifier"].box, "both")
    settle()
    assert course.title in page.controls["classifier"].untrained.text()
    assert page.controls["classifier"].untrained.isVisible()
    page.controls["classifier"].train.click()
    assert window.page is window.pages["models"]
    settle()
    student = store.students.by_number("S01")
    each(store).heads.put(TrainedHead(course.id, "backbone", (student.id,), b"", "{}", window.context.clock()))
    window.open_page("settings")
    settle()
    assert not page.controls["classifier"].untrained.isVisible()
    assert classifier_of(store, course, window.context.settings) is ClassifierChoice.BOTH
    with store.write() as tx:
        tx.erasures.erase_student(student.id, window.context.clock())
    assert classifier_of(store, course, window.context.settings) is ClassifierChoice.ENCODINGS


def type_camera(page: SettingsPage, address: str) -> None:
    page.camera.address.setText(address)
    page.camera.address.editingFinished.emit()


def test_the_camera_s_password_is_not_shown_and_stays(window: MainWindow, settle: Settle, store: Store) -> None:
    page = opened(window, settle)
    type_camera(page, "rtsp://admin:SECRET@10.0.0.5/1")
    assert page.camera.address.text() == f"rtsp://admin:{HIDDEN}@10.0.0.5/1"
    type_camera(page, page.camera.address.text().replace("/1", "/2"))
    settle()
    page.camera.retranslate()
    assert page.camera.address.text() == f"rtsp://admin:{HIDDEN}@10.0.0.5/2"
    assert "SECRET" not in (store.home / SETTINGS_FILE).read_text(encoding="utf-8")
    assert "SECRET" not in repr(window.context.settings)
    camera_passwords.forget_what_was_read()
    assert whole_address(read_settings(store.home).settings.camera) == "rtsp://admin:SECRET@10.0.0.5/2"


def test_a_password_that_is_typed_anew_replaces_the_kept_one(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    type_camera(page, "rtsp://admin:OLD@10.0.0.5/1")
    settle()
    type_camera(page, page.camera.address.text().replace(HIDDEN, "NEW"))
    assert page.camera.address.text() == f"rtsp://admin:{HIDDEN}@10.0.0.5/1"
    assert whole_address(page.camera.spec) == "rtsp://admin:NEW@10.0.0.5/1"
    settle()
    camera_passwords.forget_what_was_read()
    assert whole_address(page.camera.spec) == "rtsp://admin:NEW@10.0.0.5/1"


def test_a_password_that_is_not_kept_is_asked_for_in_words(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    type_camera(page, f"rtsp://admin:{HIDDEN}@10.9.9.9/1")
    page.camera.toggle()
    wait_for(lambda: "not kept on this computer" in page.camera._said.text())
    assert "Type it again" in page.camera._said.text()


def test_an_old_file_s_password_is_taken_over_when_the_window_opens(store: Store, qapp: QApplication) -> None:
    file = store.home / SETTINGS_FILE
    file.write_text('camera = "rtsp://admin:SECRET@10.0.0.5/1"\n', encoding="utf-8")
    window = build_window(store, qapp)
    assert window.context.settings.camera == f"rtsp://admin:{HIDDEN}@10.0.0.5/1"
    assert "SECRET" not in file.read_text(encoding="utf-8")
    window.close()


def test_the_wheel_scrolls_the_page_and_changes_no_setting(window: MainWindow, settle: Settle) -> None:
    page = window.open_page("settings")
    settle()
    before = window.context.settings
    boxes = [box for kind in (QComboBox, QAbstractSpinBox) for box in page.findChildren(kind) if box.isVisible()]
    assert {type(box).__name__ for box in boxes} == {"ChoiceBox", "NumberBox"}
    for box in boxes:
        centre = QPointF(box.rect().center())
        turned = QWheelEvent(
            centre,
            QPointF(box.mapToGlobal(box.rect().center())),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, turned)
        assert not box.hasFocus()
    settle()
    assert window.context.settings == before


def test_the_picture_of_the_camera_says_its_size_and_rate(
    window: MainWindow, settle: Settle, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(VideoFile, "picture", PictureMode(2560, 1440, 9.6))
    page = opened(window, settle)
    window.context.change_settings(camera=str(make_video(tmp_path / "lesson.avi", seconds=30)))
    page.camera.toggle()
    wait_for(lambda: page.camera._said.text() == "2560 × 1440, 10 pictures a second")
    page.camera.toggle()
    settle()
    assert "×" not in page.camera._said.text()
    assert not page.camera.preview.running


def test_a_smaller_picture_can_be_chosen_and_cameras_are_asked_for_it(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    box = page.controls["camera_picture"].control
    asked = window.context.cameras._asked
    assert asked() == "largest"
    row = box.findData("720p")
    box.setCurrentIndex(row)
    box.activated.emit(row)
    settle()
    assert asked() == read_settings(window.context.home).settings.camera_picture == "720p"


def test_about_lists_parts_with_their_licences(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    page.about.button.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LicencesDialog)
    lines = {one.name: one.licence for one in dialog.model.rows}
    assert lines["pyside6-essentials"] == "LGPL-3.0-only"
    assert lines["mask.onnx"].startswith("MIT")
    dialog.accept()
