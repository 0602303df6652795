"""A camera or photographs are added to a roll that runs, and a lost one is named."""

from pathlib import Path

import pytest
from conftest import wait_for
from PIL import Image as Pictures
from PySide6.QtWidgets import QApplication, QMenu
from roll_call_steps import begin, finish, long_lesson
from scripted_session import make_video

from attendance_app.services.session.roll_messages import RollState
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call import add_camera_dialog
from attendance_app.ui.roll_call.add_camera_dialog import AddCameraDialog
from attendance_app.vision.cameras import CameraInfo
from attendance_app.vision.errors import CameraBusy

pytestmark = long_lesson


@pytest.fixture
def second(tmp_path: Path) -> str:
    return str(make_video(tmp_path / "corner.avi", seconds=60))


def menu_of(page: RollCallPage) -> QMenu:
    """The menu of the button Source."""
    menu = QMenu()
    (page.actions_bar.sources_beside or page.source.actions)(menu)
    return menu


def offered(page: RollCallPage) -> list[str]:
    menu = menu_of(page)  # its actions live as long as it does
    return [action.text() for action in menu.actions()]


def shown(page: RollCallPage) -> list[tuple[str, bool]]:
    choice = page.parts.pictures
    return [] if choice.isHidden() else [(one.text().strip(), one.isChecked()) for one in choice.buttons]


def test_a_second_camera_is_added_while_the_roll_runs(page: RollCallPage, second: str) -> None:
    assert "Add a camera…" not in offered(page)
    begin(page)
    assert page.actions_bar.source_button.isVisible()
    assert {"Add a camera…", "Add photographs of the room…", "By hand, without a camera"} <= set(offered(page))
    assert not any(words.startswith("Go on without") for words in offered(page))

    page.running.add_camera(second)

    wait_for(lambda: shown(page) == [("lesson.avi", True), ("corner.avi", False)])
    page.parts.pictures.buttons[1].click()
    wait_for(lambda: page.parts.video._shown is not None)
    assert page.running.runner.shown == 1
    assert shown(page) == [("lesson.avi", False), ("corner.avi", True)]
    menu = menu_of(page)
    next(action for action in menu.actions() if action.text() == "Go on without corner.avi").trigger()
    wait_for(lambda: shown(page) == [])
    assert page.running.runner.shown == 0
    assert page.running.runner.running
    finish(page)


def test_photographs_are_added_while_the_camera_runs(page: RollCallPage, tmp_path: Path) -> None:
    begin(page)
    Pictures.new("RGB", (320, 180), "grey").save(tmp_path / "corner.jpg")

    page.running.add_photographs([tmp_path / "corner.jpg"])

    wait_for(lambda: shown(page) == [("lesson.avi", False), ("Photographs (1)", True)])
    assert not page.parts.photographs.isHidden()
    assert page.parts.video.isHidden()
    frames = page.running.runner._roll._processed  # type: ignore[union-attr]
    wait_for(lambda: page.running.runner._roll._processed > frames)  # type: ignore[union-attr]
    page.parts.pictures.buttons[0].click()
    assert page.parts.photographs.isHidden()
    assert not page.parts.video.isHidden()
    finish(page)
    assert shown(page) == []
    assert page.parts.photographs.isHidden()


def test_a_missing_photograph_is_said_and_the_roll_goes_on(page: RollCallPage, tmp_path: Path) -> None:
    begin(page)
    errors: list[object] = []
    page.context.error_shown.connect(errors.append)
    page.running.add_photographs([tmp_path / "nowhere.jpg"])
    wait_for(lambda: errors)
    assert page.running.runner.running
    finish(page)


def test_a_camera_that_cant_be_added_is_named_and_gone_on_without(
    page: RollCallPage, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page)
    given = page.context.cameras.open

    def refuse(spec: str, **how: object) -> object:
        if spec == "5":
            raise CameraBusy(index=5)
        return given(spec, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(page.context.cameras, "open", refuse)
    page.running.add_camera("5")

    trouble = page.parts.trouble
    wait_for(trouble.isVisible)
    assert isinstance(trouble.error, CameraBusy)
    assert trouble.by_hand_button.text().strip() == "Go on without it"
    assert shown(page) == [("lesson.avi", True), ("Camera 5: lost", False)]
    states: list[RollState] = []
    page.running.runner.state_changed.connect(lambda state, _error: states.append(state))

    page.source.use(second)  # in its place
    wait_for(lambda: shown(page) == [("lesson.avi", True), ("corner.avi", False)])
    assert not trouble.isVisible()

    page.running.add_camera("5")
    wait_for(trouble.isVisible)
    trouble.retry_button.click()
    wait_for(trouble.isVisible)
    trouble.by_hand_button.click()
    wait_for(lambda: not trouble.isVisible())
    assert [words for words, _ in shown(page)] == ["lesson.avi", "corner.avi"]
    assert states == [], "the first camera has gone on all the time"
    finish(page)


def test_by_hand_stops_all_cameras(page: RollCallPage, second: str) -> None:
    begin(page)
    page.running.add_camera(second)
    wait_for(lambda: len(shown(page)) == 2)
    page.source.use_none()
    wait_for(lambda: shown(page) == [])
    assert page.running.sources == ()
    finish(page)


def test_the_dialog_offers_the_cameras_that_are_free(page: RollCallPage, monkeypatch: pytest.MonkeyPatch) -> None:
    cameras = (CameraInfo(0, "Lid"), CameraInfo(2, "Logitech"))
    monkeypatch.setattr(add_camera_dialog, "list_cameras", lambda: cameras)
    begin(page)
    asked: list[str] = []
    monkeypatch.setattr(page.running.runner, "add_source", lambda spec, **_how: asked.append(spec))
    dialog = AddCameraDialog(page.context, {"0"}, page)
    dialog.saved.connect(page.running.add_camera)
    dialog.open()
    wait_for(lambda: dialog.box.currentText() == "Logitech")
    assert dialog.box.count() == 1
    assert dialog.primary.isEnabled()
    dialog.primary.click()
    wait_for(lambda: asked == ["2"])
    finish(page)


def test_the_dialog_takes_an_address_where_there_is_no_other_camera(
    page: RollCallPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add_camera_dialog, "list_cameras", lambda: (CameraInfo(0, "Lid"),))
    dialog = AddCameraDialog(page.context, {"webcam:Lid"}, page)
    dialog.open()
    wait_for(lambda: dialog.box.currentText() == "No other camera")
    assert not dialog.primary.isEnabled()
    dialog.address.setText(" rtsp://lectern/live ")
    assert dialog.primary.isEnabled()
    assert dialog.spec == "rtsp://lectern/live"
    dialog.reject()
    assert QApplication.activeModalWidget() is None
