"""Landmarks and chips equal those of dlib's own functions."""

import cv2
import dlib
import numpy as np
import pytest
from PIL import Image as PillowImage

from attendance_app.domain.faces import Box
from attendance_app.networks.files import FIVE_POINTS
from attendance_app.networks.manifest import model_path
from attendance_app.vision.align import Aligner


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return Aligner()


def drawn_faces() -> tuple[np.ndarray, list[Box]]:
    """A picture with smooth blobs; the predictor finds points in anything."""
    y, x = np.mgrid[0:200, 0:300]
    waves = 120 + 60 * np.sin(x / 17) * np.cos(y / 23)
    picture = np.stack([waves, waves * 0.8, 255 - waves], axis=2).astype(np.uint8)
    return picture, [Box(20, 20, 120, 120), Box(150, 40, 280, 170), Box(-30, 150, 60, 240)]


def dlib_shapes(picture: np.ndarray, boxes: list[Box]) -> list[dlib.full_object_detection]:
    predictor = dlib.shape_predictor(str(model_path(FIVE_POINTS)))
    return [predictor(picture, dlib.rectangle(b.left, b.top, b.right, b.bottom)) for b in boxes]


def test_landmarks_equal_those_of_dlib(aligner):
    picture, boxes = drawn_faces()
    shapes = dlib_shapes(picture, boxes)
    landmarks = aligner.landmarks(picture, boxes)
    assert landmarks.dtype == np.float32
    assert landmarks.tolist() == [[[point.x, point.y] for point in shape.parts()] for shape in shapes]


def test_chips_of_real_faces_equal_those_of_dlib(aligner, shared_data):
    files = sorted(shared_data.glob("lfw-original/**/*.jpg"))[::200]
    assert len(files) >= 20
    for file in files:
        picture = np.asarray(PillowImage.open(file).convert("RGB"))
        (shape,) = dlib_shapes(picture, [Box(75, 75, 175, 175)])
        chips = aligner.chips(picture, aligner.landmarks(picture, [Box(75, 75, 175, 175)]))
        assert np.array_equal(chips[0], dlib.get_face_chip(picture, shape, size=150, padding=0.25))


def test_a_picture_that_is_not_contiguous_is_taken_as_it_looks(aligner):
    picture, boxes = drawn_faces()
    mirrored = picture[:, ::-1]
    expected = aligner.landmarks(np.ascontiguousarray(mirrored), boxes)
    assert np.array_equal(aligner.landmarks(mirrored, boxes), expected)
    assert np.array_equal(aligner.chips(mirrored, expected), aligner.chips(np.ascontiguousarray(mirrored), expected))


def test_no_boxes_have_no_landmarks_and_no_chips(aligner):
    picture, _ = drawn_faces()
    landmarks = aligner.landmarks(picture, [])
    assert landmarks.shape == (0, 5, 2)
    assert aligner.chips(picture, landmarks).shape == (0, 150, 150, 3)


def test_points_and_chip_of_a_small_face_are_those_of_the_face_magnified(aligner, shared_data):
    (file, *_) = sorted(shared_data.glob("lfw-original/**/*.jpg"))
    whole = np.asarray(PillowImage.open(file).convert("RGB"))
    small = cv2.resize(whole, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    expected = aligner.landmarks(whole, [Box(75, 75, 175, 175)])
    found = aligner.landmarks(small, [Box(19, 19, 44, 44)])
    assert np.abs((found + 0.5) * 4 - 0.5 - expected).max() < 6
    assert np.abs(found - np.round(found)).max() > 0.1
    chips = [aligner.chips(picture, points)[0].astype(float) for picture, points in ((whole, expected), (small, found))]
    assert np.corrcoef(chips[0].ravel(), chips[1].ravel())[0, 1] > 0.95


def test_a_small_face_at_the_edge_is_black_where_the_picture_ends(aligner):
    picture = np.full((60, 60, 3), 200, dtype=np.uint8)
    eyes_and_nose = np.array([[(14, 30), (10, 30), (-4, 30), (0, 30), (5, 37)]], dtype=np.float32)
    (chip,) = aligner.chips(picture, eyes_and_nose)
    assert (chip[:, :20] == 0).all()
    assert (chip[:, 100:] == 200).all()
