"""A picture in which nobody is found may lie on its side."""

import numpy as np
import pytest
from PIL import Image as Pictures

from attendance_app.bootstrap import open_sideways_watch
from attendance_app.domain.faces import Box, Detection, FloatBox, Frame
from attendance_app.services.session.frame_result import FaceState, FaceView, FrameResult
from attendance_app.services.session.sideways import EVERY_SECONDS, LOOKS, SidewaysWatch
from attendance_app.vision.turning import quarter_turns

NOBODY = FrameResult(0, 0.0, (), (), ())
FACE = Detection(Box(0, 0, 50, 50), 1.0)
UPRIGHT = np.zeros((40, 80, 3), np.uint8)
UPRIGHT[:10] = 255  # white above


def white_above(image):
    """Stands for a detector: finds a face where white is on top."""
    return [FACE] if image[0].mean() > 200 else []


def looks(watch, image, count, result=NOBODY):
    return [watch.look(Frame(place, place * EVERY_SECONDS, image), result) for place in range(1, count + 1)]


@pytest.mark.parametrize("lying", [90, 180, 270])
def test_the_turn_that_shows_faces_is_said_once_two_looks_agree(lying):
    image = quarter_turns(UPRIGHT, lying)
    assert looks(SidewaysWatch(white_above), image, 4) == [None, (360 - lying) % 360, None, None]


def test_an_upright_picture_is_left_alone():
    assert looks(SidewaysWatch(white_above), UPRIGHT, 4) == [None] * 4


def test_looks_that_differ_do_not_agree():
    watch = SidewaysWatch(white_above)
    images = [quarter_turns(UPRIGHT, lying) for lying in (90, 270, 180)]
    assert [looks_at(watch, image, place) for place, image in enumerate(images, start=1)] == [None] * 3


def looks_at(watch, image, place):
    return watch.look(Frame(place, place * EVERY_SECONDS, image), NOBODY)


def test_nothing_is_searched_once_somebody_was_recognised():
    searched = []
    watch = SidewaysWatch(lambda image: searched.append(image) or [])
    known = FaceView(1, FloatBox(0, 0, 50, 50), FaceState.KNOWN, 7, 0.99, None)
    looks(watch, UPRIGHT, 1, FrameResult(0, 0.0, (known,), (), ()))
    looks(watch, UPRIGHT, 4)
    assert (watch.recognised, searched) == (True, [])


def test_a_face_on_its_head_that_is_taken_for_a_stranger_does_not_end_the_search():
    stranger = FrameResult(0, 0.0, (FaceView(1, FloatBox(0, 0, 50, 50), FaceState.UNKNOWN, None, 0.0, None),), (), ())
    watch = SidewaysWatch(white_above)
    assert looks(watch, quarter_turns(UPRIGHT, 180), 2, stranger) == [None, 180]
    assert (watch.recognised, watch.upright) == (False, False)


def test_upright_strangers_are_known_to_be_upright():
    watch = SidewaysWatch(white_above)
    looks(watch, UPRIGHT, 1)
    assert watch.upright


def test_an_empty_room_is_not_searched_for_ever():
    searched = []
    looks(SidewaysWatch(lambda image: searched.append(image) or []), UPRIGHT, 3 * LOOKS)
    assert len(searched) == 4 * LOOKS


def test_pictures_between_two_looks_cost_nothing():
    searched = []
    watch = SidewaysWatch(lambda image: searched.append(image) or [])
    for place in range(20):
        watch.look(Frame(place, EVERY_SECONDS + place * 0.01, UPRIGHT), NOBODY)
    assert len(searched) == 4


def test_large_frames_are_reduced_before_they_are_searched_and_others_are_not():
    searched = []
    for shape in ((100, 2560, 3), (2560, 100, 3), (50, 1281, 3)):
        watch = SidewaysWatch(lambda image: searched.append(image) or [])
        looks(watch, np.full(shape, 7, np.uint8), 1)
    assert [image.shape[:2] for image in searched[::4]] == [(50, 1280), (1280, 50), (50, 1280)]
    assert {image.dtype for image in searched} == {np.dtype(np.uint8)}
    assert {int(image.min()) for image in searched} == {int(image.max()) for image in searched} == {7}
    searched.clear()
    whole = np.zeros((1280, 50, 3), np.uint8)
    looks(SidewaysWatch(lambda image: searched.append(image) or []), whole, 1)
    assert np.shares_memory(searched[0], whole)


def test_each_turn_is_looked_at_once_and_the_upright_picture_wins_a_tie():
    turned = []

    def everywhere(image):
        turned.append([int(corner) for corner in (image[0, 0, 0], image[0, -1, 0])])
        return [FACE, FACE]

    corners = np.zeros((40, 80, 3), np.uint8)
    corners[0, 0], corners[0, -1], corners[-1, -1], corners[-1, 0] = 1, 2, 3, 4
    watch = SidewaysWatch(everywhere)
    assert looks(watch, corners, 3) == [None] * 3
    assert turned[:4] == [[1, 2], [4, 1], [2, 3], [3, 4]]
    assert watch.degrees is None


def test_the_direction_with_most_faces_is_said():
    counts = {1: 1, 4: 2, 2: 3, 3: 0}
    corners = np.zeros((40, 80, 3), np.uint8)
    corners[0, 0], corners[0, -1], corners[-1, -1], corners[-1, 0] = 1, 2, 3, 4
    watch = SidewaysWatch(lambda image: [FACE] * counts[int(image[0, 0, 0])])
    assert looks(watch, corners, 2) == [None, 270]
    assert watch.degrees == 270


def test_two_looks_agree_though_another_lies_between_them_and_it_is_said_once():
    watch = SidewaysWatch(white_above)
    images = [quarter_turns(UPRIGHT, lying) for lying in (90, 180, 90, 90, 180)]
    found = [looks_at(watch, image, place) for place, image in enumerate(images, start=1)]
    assert found == [None, None, 270, None, 180]


def test_the_first_look_is_after_some_seconds_and_the_next_as_long_after_it():
    searched = []
    watch = SidewaysWatch(lambda image: searched.append(image) or [])
    times = (0.0, EVERY_SECONDS - 0.01, EVERY_SECONDS + 1, 2 * EVERY_SECONDS + 0.99, 2 * EVERY_SECONDS + 1)
    counts = []
    for seconds in times:
        watch.look(Frame(0, seconds, UPRIGHT), NOBODY)
        counts.append(len(searched) // 4)
    assert counts == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("state", FaceState)
def test_only_a_face_with_a_name_ends_the_search(state):
    watch = SidewaysWatch(white_above)
    face = FaceView(1, FloatBox(0, 0, 50, 50), state, None, 0.0, None)
    lying = quarter_turns(UPRIGHT, 90)
    found = looks(watch, lying, 2, FrameResult(0, 0.0, (face,), (), ()))
    recognised = state in {FaceState.KNOWN, FaceState.DOUBTFUL}
    assert (watch.recognised, found) == (recognised, [None, None if recognised else 270])


@pytest.mark.parametrize("lying", [90, 180, 270])
def test_real_faces_on_their_side_are_noticed(shared_data, lying):
    files = sorted(shared_data.glob("lfw19-original/*/*.jpg"))[:3]
    class_picture = np.hstack([np.asarray(Pictures.open(file).convert("RGB")) for file in files])
    found = looks(open_sideways_watch(), quarter_turns(class_picture, lying), 3)
    assert (360 - lying) % 360 in found
    assert looks(open_sideways_watch(), class_picture, 3) == [None] * 3
