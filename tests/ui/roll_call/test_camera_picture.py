"""Size and rate of the camera's picture are said below it."""

import pytest
from conftest import wait_for
from roll_call_steps import begin, finish, long_lesson

from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.vision.source_protocol import PictureMode
from attendance_app.vision.video_file import VideoFile


@long_lesson
def test_the_roll_says_what_the_camera_gives(page: RollCallPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VideoFile, "picture", PictureMode(3840, 2160, 15.3))
    line = page.parts.source_line
    assert line.isHidden()
    begin(page)
    wait_for(lambda: line.text() == "lesson.avi: 3840 × 2160, 15 pictures a second")
    assert line.isVisible()
    page.context.change_settings(language="es")
    wait_for(lambda: line.text() == "lesson.avi: 3840 × 2160, 15 imágenes por segundo")
    page.source.use_none()
    wait_for(line.isHidden)
    finish(page)
