"""The room check: before a session, and at the first start."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from classroom import make_class
from conftest import wait_for
from cut_words import cut_words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from attendance_app.domain.faces import Box, Quality
from attendance_app.services.room_check.advice import Nobody, PictureTrouble, Remedies, TooSmall, Trouble
from attendance_app.services.room_check.check import judge
from attendance_app.services.room_check.room import RoomCheck, RoomFace
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.pages.welcome import WelcomePage
from attendance_app.ui.room_check.room_dialog import RoomCheckDialog
from attendance_app.ui.room_check.room_words import advice_words, remedy_words
from attendance_app.vision.photographs import photo_set
from attendance_app.vision.reach import SizeLimits

Settle = Callable[[], None]
QUALITY = Quality(0.9, None, 60, 0.02, 0.4, 0.1)
LIMITS = SizeLimits(sure=30, least=24)


class Checker:
    """Finds two near faces and, in a bright picture, three that are too far."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()
        self.go_on = threading.Event()
        self.go_on.set()

    def check(self, image: np.ndarray, *, photographs: bool = False) -> RoomCheck:
        self.threads.add(threading.current_thread())
        assert self.go_on.wait(20)
        boxes = [Box(x, 250, x + 80, 330) for x in (100, 300)]
        if image.mean() > 120:
            boxes += [Box(x, 100, x + 18, 118) for x in (60, 200, 400)]
        found = [RoomFace(box, QUALITY, LIMITS.reach(box.width)) for box in boxes]
        return judge(found, image, LIMITS, photographs=photographs)


def picture(path: Path, *, bright: bool) -> Path:
    low, high = (110, 200) if bright else (40, 130)
    noise = np.random.default_rng(1).integers(low, high, (400, 640, 3), dtype=np.uint8)
    cv2.imwrite(str(path), noise)
    return path


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> Checker:
    made = Checker()
    for page in ("roll_call", "welcome"):
        monkeypatch.setattr(f"attendance_app.ui.pages.{page}.open_room_checker", lambda *_given: made)
    monkeypatch.setattr("attendance_app.ui.roll_call.live_runner.open_reader", lambda _detector: None)
    return made


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store, tmp_path: Path, checker: Checker) -> Iterator[RollCallPage]:
    make_class(store)
    window.context.changed("courses")
    settle()
    opened = window.open_page("roll_call", str(picture(tmp_path / "room.png", bright=True)))
    assert isinstance(opened, RollCallPage)
    wait_for(lambda: opened.model.rows)
    settle()
    crashed: list[BaseException] = []
    window.context.jobs.crashed.connect(crashed.append)
    yield opened
    assert not crashed


def check(page: RollCallPage) -> RoomCheckDialog:
    dialog = page.check_room()
    assert dialog is not None
    return dialog


def test_the_button_before_a_session_shows_who_is_in_reach_and_what_helps(
    page: RollCallPage, checker: Checker, settle: Settle
) -> None:
    page.actions_bar.check_button.click()
    dialog = page.findChild(RoomCheckDialog)
    assert dialog is not None
    wait_for(lambda: dialog.panel.words)
    words = "\n".join(dialog.panel.words)
    assert "2 of 5 faces are within reach." in words
    assert "The last row is too small: 18 pixels a face, and it takes 30." in words
    assert "Take the roll from a photograph of the room by a phone." in words
    assert "Row 2: 18 px · 3 faces" in words
    assert threading.main_thread() not in checker.threads
    dialog.reject()
    settle()


def test_the_picture_is_painted_with_its_faces_and_can_be_enlarged(page: RollCallPage, settle: Settle) -> None:
    dialog = check(page)
    wait_for(lambda: dialog.panel.words)
    shown = dialog.canvas.grab().toImage()
    place = dialog.canvas.box_in_widget(Box(100, 250, 180, 330), dialog._checked[0].picture)
    column = [shown.pixelColor(round(place.center().x()), round(place.top()) + dy).name() for dy in range(-4, 5)]
    assert dialog._context.theme.palette.present in column
    width = place.width()
    dialog.nearer.click()
    assert dialog.canvas.box_in_widget(Box(100, 250, 180, 330), dialog._checked[0].picture).width() > 1.4 * width
    dialog.whole.click()
    QTest.mouseMove(dialog.canvas, place.center().toPoint())
    assert dialog.canvas._words_at(place.center()) == "Row 1: 80 px"
    dialog.reject()
    settle()


def test_another_picture_is_taken_when_that_is_asked_for(page: RollCallPage, tmp_path: Path, settle: Settle) -> None:
    dialog = check(page)
    wait_for(lambda: dialog.panel.words)
    picture(tmp_path / "room.png", bright=False)
    dialog.again_button.click()
    assert not dialog.again_button.isEnabled()
    wait_for(lambda: dialog.panel.words)
    assert dialog.panel.words[0] == "This room works: all 2 faces are within reach."
    dialog.reject()
    settle()


def test_a_missing_camera_keeps_its_buttons(page: RollCallPage, tmp_path: Path, settle: Settle) -> None:
    (tmp_path / "room.png").unlink()
    dialog = check(page)
    wait_for(lambda: dialog.trouble.error)
    assert not dialog.again_button.isVisible()
    assert dialog.trouble.other_button.isVisible()
    picture(tmp_path / "room.png", bright=False)
    dialog.trouble.retry_button.click()
    wait_for(lambda: dialog.panel.words)
    assert dialog.trouble.isHidden()
    (tmp_path / "room.png").unlink()
    dialog.check()
    wait_for(lambda: dialog.trouble.error)
    dialog.trouble.by_hand_button.click()
    settle()
    assert page.source.by_hand
    assert page.actions_bar.check_button.isHidden()


def test_a_dialog_that_is_closed_hears_nothing_of_its_check(
    page: RollCallPage, checker: Checker, settle: Settle
) -> None:
    checker.go_on.clear()
    dialog = check(page)
    wait_for(lambda: checker.threads)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    checker.go_on.set()
    settle()
    assert page.findChild(RoomCheckDialog) is None


def test_of_several_photographs_the_worst_is_shown_first(page: RollCallPage, tmp_path: Path, settle: Settle) -> None:
    paths = [picture(tmp_path / f"{name}.png", bright=name == "far") for name in ("near", "far")]
    page.source.photographs = photo_set(paths)
    dialog = check(page)
    wait_for(lambda: dialog.panel.words)
    assert dialog.caption.text() == "far.png (2 of 2)"
    assert any("photographs side by side" in words for words in dialog.panel.words)
    dialog.before.click()
    assert dialog.caption.text() == "near.png (1 of 2)"
    assert not dialog.before.isEnabled()
    dialog.reject()
    settle()


def test_the_first_start_has_a_room_check_without_other_sources(
    window: MainWindow, checker: Checker, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance_app.ui.settings.camera_card.list_cameras", lambda: ())
    window.context.change_settings(camera=str(tmp_path / "missing.png"))
    welcome = window.open_page("welcome")
    assert isinstance(welcome, WelcomePage)
    settle()
    welcome.room_button.click()
    dialog = welcome.findChild(RoomCheckDialog)
    assert dialog is not None
    wait_for(lambda: dialog.trouble.error)
    assert not dialog.trouble.other_button.isVisible()
    assert not dialog.trouble.by_hand_button.isVisible()
    picture(tmp_path / "missing.png", bright=True)
    dialog.trouble.retry_button.click()
    wait_for(lambda: dialog.panel.words)
    dialog.reject()
    settle()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_fit_at_150_percent(page: RollCallPage, window: MainWindow, language: str, settle: Settle) -> None:
    window.context.change_settings(language=language, text_percent=150)
    dialog = check(page)
    wait_for(lambda: dialog.panel.words)
    assert not cut_words(dialog)
    assert dialog.height() <= window.height()
    dialog.reject()
    settle()


@pytest.mark.parametrize("advice", [Nobody(), *(PictureTrouble(trouble, 4) for trouble in Trouble)])
def test_every_trouble_has_words(window: MainWindow, advice: Nobody | PictureTrouble) -> None:
    assert advice_words(advice).endswith(".")
    assert remedy_words(advice, photographs=False) == []


def test_remedies_are_said_with_what_was_computed(window: MainWindow) -> None:
    help_ = Remedies(distance=0.6, metres=2.1, camera_width=2560, photographs=2)
    advice = TooSmall(rows=2, faces=7, smallest=18, largest=22, wanted=30, never=True, remedies=help_)
    assert remedy_words(advice, photographs=False) == [
        "Bring the camera nearer: to 60 % of its distance to the last row. That is about 2 m nearer.",
        "Use a camera with larger pictures: 2,560 pixels wide.",
        "Take the roll from 2 photographs by a phone, side by side.",
    ]
