"""Faces keep their numbers from frame to frame."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, FloatBox
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


def test_a_lost_track_goes_on_at_the_place_of_a_new_one():
    tracker = Tracker()
    tracker.update(found(LEFT), 0.0)
    tracker.update([Detection(RIGHT, 0.7)], 0.4)
    lost, new = tracker.tracks

    tracker.resume(lost, new)

    assert tracker.tracks == [lost]
    assert (lost.box, lost.confidence, lost.last_seconds, lost.missed, lost.hits) == (RIGHT, 0.7, 0.4, 0, 2)


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


def test_a_box_moves_by_fractions_of_a_pixel():
    image = textured()
    tracker = Tracker()
    tracker.follow(image)
    tracker.update(found(LEFT), 0.0)
    for step in range(1, 11):
        shift = np.float32([[1, 0, 0.4 * step], [0, 1, 0]])
        tracker.follow(cv2.warpAffine(image, shift, (image.shape[1], image.shape[0]), borderMode=cv2.BORDER_REFLECT))

    assert tracker.tracks[0].place.left - LEFT.left == pytest.approx(4.0, abs=0.5)


def test_a_scan_that_comes_late_is_moved_as_far_as_the_faces_have_moved_since():
    image = textured()
    tracker = Tracker()
    tracker.follow(image)
    tracker.update(found(LEFT), 0.0)
    then = tracker.moment()
    for step in range(1, 6):
        tracker.follow(np.roll(image, 8 * step, axis=1))
    tracker.update(found(LEFT.moved(3, 0), RIGHT), 0.0, at=then)

    old, new = tracker.tracks
    assert (old.id, old.missed) == (1, 0)
    assert old.place.left == pytest.approx(LEFT.left + 3 + 40, abs=2)
    assert new.place.left == pytest.approx(RIGHT.left + 40, abs=2)


def test_a_late_scan_ends_no_track_that_began_after_its_frame():
    tracker = Tracker(max_missed=0)
    tracker.follow(textured())
    then = tracker.moment()
    started = tracker.start(FloatBox.of(LEFT), 1.0, 0.2)

    assert tracker.update([], 0.0, at=then) == []
    assert tracker.tracks == [started]
    assert started.missed == 0


def test_a_late_scan_finds_a_face_whose_lost_track_goes_on_meanwhile():
    tracker = Tracker()
    tracker.follow(textured())
    tracker.update(found(LEFT), 0.0)
    tracker.update(found(RIGHT), 0.4)
    then = tracker.moment()
    lost, new = tracker.tracks
    tracker.resume(lost, new)
    tracker.update(found(RIGHT), 0.8, at=then)

    assert tracker.tracks == [lost]
    assert (lost.box, lost.missed, lost.last_seconds) == (RIGHT, 0, 0.8)


def test_a_late_scan_finds_a_face_that_another_person_has_taken_the_place_of():
    tracker = Tracker()
    tracker.follow(textured())
    tracker.update(found(LEFT), 0.0)
    then = tracker.moment()
    (before,) = tracker.tracks
    after = tracker.replace(before, 0.2)
    tracker.update(found(LEFT), 0.4, at=then)

    assert tracker.tracks == [after]
    assert (after.id, after.first_seconds, after.last_seconds, after.hits) == (2, 0.2, 0.4, 2)
