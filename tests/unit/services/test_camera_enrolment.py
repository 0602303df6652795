"""The coach before a filmed sitter, who does not exist."""

import numpy as np
import pytest

from attendance_app.bootstrap import open_reader, open_view_capture
from attendance_app.config.paths import bundled
from attendance_app.domain.faces import Frame
from attendance_app.domain.people import Student
from attendance_app.services.camera_enrolment import FrameAdvice, photo_of, take_views
from attendance_app.services.capture_coach import Advice, View
from attendance_app.services.demo.clip import read_bust
from attendance_app.services.demo.sitter import FPS, Pose, sitter_frames, write_sitter
from attendance_app.services.jobs import NoJob
from attendance_app.vision.photo import photo_from_bytes
from attendance_app.vision.quality import turn
from attendance_app.vision.sources import open_source


@pytest.fixture(scope="module")
def reader():
    return open_reader("hog")


@pytest.fixture
def watch():
    """Shows a film to a new coach."""

    def show(*poses: Pose, who: str = "S04-1") -> list[FrameAdvice]:
        eye = open_view_capture()
        frames = sitter_frames(read_bust(bundled("resources") / "demo" / "busts" / f"{who}.webp"), poses)
        return [eye.look(Frame(index, index / FPS, image)) for index, image in enumerate(frames)]

    return show


def test_a_sitter_who_follows_the_coach_is_taken_three_times(watch, reader):
    looked = watch(Pose(2), Pose(3, turn=0.65), Pose(3.5, turn=-0.75))

    shots = {one.shot.view: one.shot for one in looked if one.shot is not None}
    assert list(shots) == [View.STRAIGHT, View.LEFT, View.RIGHT]
    turns = {}
    for view, shot in shots.items():
        (pose,) = reader.poses(shot.image, reader.find(shot.image))
        turns[view] = turn(pose.landmarks)
    assert turns[View.RIGHT] + 0.15 < turns[View.STRAIGHT] < turns[View.LEFT] - 0.15
    assert looked[-1].coaching.advice is Advice.DONE


def test_somebody_far_away_is_asked_to_come_nearer(watch):
    looked = watch(Pose(1, near=0.4))
    assert {one.coaching.advice for one in looked} == {Advice.COME_NEARER}


def test_an_empty_chair_is_said(watch):
    assert watch(Pose(0.3, near=0))[-1].coaching.advice is Advice.NOBODY


def test_a_shot_becomes_a_photo_file_of_the_student(watch):
    shot = next(one.shot for one in watch(Pose(2)) if one.shot is not None)
    photo = photo_of(shot, Student(7, "S04", "Student 04"))
    image = photo_from_bytes(photo.content(), name=photo.name)
    assert (photo.label, photo.is_picture) == ("S04", True)
    assert np.abs(image.astype(int) - shot.image).mean() < 3


def test_a_film_is_watched_until_every_view_is_taken(tmp_path):
    film = tmp_path / "sitter.avi"
    write_sitter(film, read_bust(bundled("resources") / "demo" / "busts" / "S04-1.webp"))
    said: list[Advice] = []
    with open_source(str(film)) as source:
        shots = take_views(source, open_view_capture(), tell=said.append, job=NoJob())

    assert [shot.view for shot in shots] == list(View)
    assert said[-1] is Advice.DONE
    assert Advice.TURN_LEFT in said
