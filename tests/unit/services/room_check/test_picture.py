"""The picture that a room check takes from a source."""

import pytest

from attendance_app.domain.errors import Cancelled
from attendance_app.services.room_check.picture import PATIENCE_SECONDS, SETTLED_SECONDS, WAIT_SECONDS, take_picture
from attendance_app.vision.errors import CameraWithoutPictures, VideoEmpty
from tests.rolls import Film


def test_a_camera_settles_before_its_picture_counts() -> None:
    film = Film([0.0, 0.5, 1.0, SETTLED_SECONDS, 2.0], recorded=False)
    take_picture(film)
    assert film.frames_read == 4


def test_a_recording_shows_its_first_picture_or_the_one_asked_for() -> None:
    first, later, beyond = Film([0.0, 1.0]), Film([0.0, 1.0, 2.0, 3.0]), Film([0.0, 1.0])
    for film, at in ((first, None), (later, 1.5), (beyond, 60.0)):
        take_picture(film, at=at)
    assert [film.frames_read for film in (first, later, beyond)] == [1, 3, 2]


@pytest.mark.parametrize(("recorded", "error"), [(True, VideoEmpty), (False, CameraWithoutPictures)])
def test_a_source_without_a_picture_is_an_error(recorded: bool, error: type[Exception]) -> None:
    with pytest.raises(error):
        take_picture(Film([], recorded=recorded))


def test_a_camera_that_delivers_nothing_is_given_up() -> None:
    silent = Film([None] * 100, recorded=False)
    with pytest.raises(CameraWithoutPictures):
        take_picture(silent)
    assert 100 - len(silent.times) == PATIENCE_SECONDS / WAIT_SECONDS


def test_a_check_is_given_up_between_two_frames() -> None:
    film = Film([0.0, 0.1, 0.2], recorded=False)

    def keep_on() -> None:
        if film.frames_read == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        take_picture(film, keep_on=keep_on)
