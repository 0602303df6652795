"""A roll call that is ready to begin, played from a script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import make_class
from conftest import wait_for
from scripted_session import Script, make_video

from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage

Settle = Callable[[], None]


@pytest.fixture
def as_camera() -> bool:
    """Whether the film plays the part of a camera; tests of recordings say no."""
    return True


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, as_camera: bool) -> Script:
    made = Script(marked=(0, 1), doubted=(2,), unknown=1, as_camera=as_camera)
    made.install(monkeypatch)
    return made


@pytest.fixture
def lesson_seconds() -> float:
    """How long the film is; tests that need the camera to run on say so."""
    return 2.0


@pytest.fixture
def page(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, script: Script, lesson_seconds: float
) -> Iterator[RollCallPage]:
    make_class(store)
    # The class was written past the window, which hears of changes only.
    window.context.changed("courses")
    settle()
    opened = window.open_page("roll_call", str(make_video(tmp_path / "lesson.avi", seconds=lesson_seconds)))
    assert isinstance(opened, RollCallPage)
    wait_for(lambda: opened.model.rows)
    settle()
    window.context.memory.keep("export/folder", str(tmp_path))
    crashed: list[BaseException] = []
    window.context.jobs.crashed.connect(crashed.append)
    yield opened
    assert not crashed
