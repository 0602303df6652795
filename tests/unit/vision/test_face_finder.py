"""Small faces are found in pictures of any size, each once, wherever the tiles' edges lie."""

import itertools

import cv2
import numpy as np
import pytest

from attendance_app.vision import face_finder
from attendance_app.vision.face_finder import FaceFinder
from attendance_app.vision.photo import load_photo


@pytest.fixture(scope="module")
def finder():
    return FaceFinder()


@pytest.fixture(scope="module")
def portrait(shared_data):
    """A face about 100 pixels wide in the middle of 250 x 250."""
    return load_photo(sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))[5])


def placed(portrait, width, height, places, side):
    picture = np.full((height, width, 3), 120, dtype=np.uint8)
    small = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    for x, y in places:
        picture[y - side // 2 : y - side // 2 + side, x - side // 2 : x - side // 2 + side] = small
    return picture


def middles(found):
    return (found.boxes[:, :2] + found.boxes[:, 2:]) / 2


def test_faces_of_20_pixels_are_found_in_a_large_picture_each_once(finder, portrait):
    places = [(x, y) for x in range(60, 1960, 118) for y in range(50, 1360, 131)]
    found = finder.find(placed(portrait, 2000, 1400, places, 50))
    distances = np.linalg.norm(middles(found)[:, None] - np.array(places)[None], axis=-1)
    assert len(found) == len(places)
    assert distances.min(axis=0).max() < 5
    assert sorted(distances.argmin(axis=1)) == list(range(len(places)))


def test_a_face_larger_than_a_tile_is_one_face(finder, portrait):
    picture = cv2.resize(portrait, (2000, 2000), interpolation=cv2.INTER_CUBIC)
    found = finder.find(picture)
    assert len(found) == 1
    assert found.boxes[0, 2] - found.boxes[0, 0] > 500
    assert np.linalg.norm(middles(found)[0] - 1000) < 250


def test_the_scale_does_not_move_what_is_found(finder, portrait):
    picture = placed(portrait, 700, 500, [(130, 140), (500, 300)], 150)
    whole = finder.find(picture)
    for scale in (0.5, 1.37, 2.0):
        found = finder.find(picture, scale=scale)
        order = np.argsort(middles(found)[:, 0])
        assert len(found) == 2
        assert np.abs(found.boxes[order] - whole.boxes[np.argsort(middles(whole)[:, 0])]).max() < 8


def test_the_five_points_lie_on_the_face(finder, portrait):
    found = finder.find(portrait)
    eye, other_eye, nose, mouth, other_mouth = found.points[0]
    assert eye[0] < nose[0] < other_eye[0]
    assert mouth[0] < nose[0] < other_mouth[0]
    assert max(eye[1], other_eye[1]) < nose[1] < min(mouth[1], other_mouth[1])


@pytest.mark.parametrize("size", [(1, 1), (7, 90), (33, 20)])
def test_tiny_pictures_have_no_face(finder, size):
    assert len(finder.find(np.full((*size, 3), 90, dtype=np.uint8))) == 0


@pytest.mark.parametrize("length", [1, 768, 769, 1080, 4608, 9000])
def test_parts_of_a_side_cover_it_and_overlap(length):
    spans = face_finder._spans(length)
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    assert all(end - start <= face_finder.TILE_SIDE for start, end in spans)
    assert all(first[1] - second[0] >= face_finder.OVERLAP - 1 for first, second in itertools.pairwise(spans))
