"""A film as the source: every frame is read, however long recognition takes, and a bar says how far it is."""

import pytest
from conftest import wait_for
from roll_call_steps import begin, finish
from scripted_session import Script

from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.recording_progress import RecordingClock, RecordingPosition, RecordingProgress
from attendance_app.vision.source_protocol import SourceState

film = pytest.mark.parametrize("as_camera", [False])


@film
def test_no_frame_is_lost_to_a_slow_computer(page: RollCallPage, script: Script) -> None:
    script.work_seconds = 0.1  # twice the time between two frames of the film
    begin(page)
    wait_for(lambda: page.parts.shown_hint is SourceState.ENDED)
    finish(page)
    assert script.frames == 40


@film
@pytest.mark.parametrize("lesson_seconds", [20.0])
def test_the_bar_says_how_far_recognition_is_and_goes_with_the_film(page: RollCallPage, script: Script) -> None:
    script.work_seconds = 0.02
    bar = page.parts.recording
    assert not bar.isVisible()
    begin(page)
    wait_for(lambda: bar.isVisible() and bar.bar.value() > 0)
    assert bar.bar.value() < bar.bar.maximum()
    assert bar.words.text().split(" · ")[0].endswith("00:20")
    page.source.use_none()
    wait_for(lambda: not bar.isVisible())
    finish(page)
    assert not bar.isVisible()


@pytest.mark.parametrize("lesson_seconds", [60.0])
def test_a_camera_has_no_bar(page: RollCallPage) -> None:
    begin(page)
    assert not page.parts.recording.isVisible()
    finish(page)


def test_the_position_is_reported_four_times_a_second_from_the_first_frame_on() -> None:
    now = [100.0]
    told: list[RecordingPosition] = []
    clock = RecordingClock(60.0, told.append, clock=lambda: now[0])
    for frame in range(11):
        clock.note(frame * 0.5)
        now[0] += 0.1
    assert [(one.seconds, round(one.worked, 1)) for one in told] == [(0.0, 0.0), (1.5, 0.3), (3.0, 0.6), (4.5, 0.9)]


@pytest.mark.parametrize(
    ("position", "words", "step"),
    [
        pytest.param(RecordingPosition(30.0, 120.0, 10.0), "00:30 of 02:00 · 00:30 left", 250, id="time left"),
        pytest.param(RecordingPosition(1.0, 3600.0, 0.5), "00:01 of 1:00:00", 0, id="too early to say"),
        pytest.param(RecordingPosition(70.0, 60.0, 10.0), "01:10 of 01:10", 1000, id="longer than its header says"),
        pytest.param(RecordingPosition(70.0, None, 10.0), "01:10", -1, id="length unknown"),
    ],
)
def test_the_bar_shows_position_and_time_left(
    window: object, position: RecordingPosition, words: str, step: int
) -> None:
    progress = RecordingProgress()
    progress.show_position(position)
    assert progress.words.text() == words
    assert progress.bar.value() == step
    progress.show_position(None)
    assert not progress.isVisible()
    progress.deleteLater()
