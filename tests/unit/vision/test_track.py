"""Faces keep their numbers from frame to frame."""

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection
from attendance_app.vision.track import Tracker


def textured(seed: int = 0, shape: tuple[int, int, int] = (360, 640, 3)) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 255, (shape[0] // 8, shape[1] // 8, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), dtype=np.uint8))


def found(*boxes: Box) -> list[Detection]:
    return [Detection(box, 1.0) for box in boxes]


LEFT, RIGHT = Box(100, 100, 160, 160), Box(400, 100, 460, 160)


def test_a_face_keeps_its_number_while_detections_overlap():
    tracker = Tracker()
    tracker.update(found(LEFT, RIGHT), 0.0)
    numbers = [track.id for track in tracker.tracks]

    tracker.update(found(RIGHT.moved(5, 3), LEFT.moved(-4, 2)), 0.4)

    assert [track.id for track in tracker.tracks] == numbers
    assert tracker.tracks[0].box == LEFT.moved(-4, 2)


def test_a_face_elsewhere_is_a_new_track():
    tracker = Tracker()
    tracker.update(found(LEFT), 0.0)
    tracker.update(found(RIGHT), 0.4)

    assert [track.missed for track in tracker.tracks] == [1, 0]
    assert len({track.id for track in tracker.tracks}) == 2


def test_a_face_missed_too_often_ends_and_its_number_is_never_given_again():
    tracker = Tracker(max_missed=1)
    tracker.update(found(LEFT), 0.0)
    assert tracker.update([], 0.4) == []

    ended = tracker.update([], 0.8)
    tracker.update(found(LEFT), 1.2)

    assert [track.id for track in ended] == [1]
    assert [track.id for track in tracker.tracks] == [2]


@pytest.mark.parametrize(("dx", "dy"), [(6, 0), (0, -5), (8, 8)])
def test_boxes_follow_the_picture_between_detections(dx, dy):
    image = textured()
    tracker = Tracker()
    tracker.follow(image)
    tracker.update(found(LEFT), 0.0)

    tracker.follow(np.roll(image, (dy, dx), axis=(0, 1)))

    moved = tracker.tracks[0].box
    assert moved.left - LEFT.left == pytest.approx(dx, abs=1.5)
    assert moved.top - LEFT.top == pytest.approx(dy, abs=1.5)


def test_a_change_of_frame_size_moves_nothing():
    tracker = Tracker()
    tracker.follow(textured())
    tracker.update(found(LEFT), 0.0)

    tracker.follow(textured(shape=(240, 320, 3)))

    assert tracker.tracks[0].box == LEFT
