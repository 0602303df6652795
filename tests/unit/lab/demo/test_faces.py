"""The model that draws the demo's faces: repeatable, and a change of one coefficient changes the face."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from attendance_app.lab.demo.faces import HEIGHT, WIDTH, FaceModel, aligned, draw, learn, mouth_is_closed
from attendance_app.lab.demo.portraits import BUST_HEIGHT, BUST_WIDTH, HAIRCUTS, Look, bust

LOOK = Look(
    haircut="short",
    hair=(60.0, 40.0, 30.0),
    skin=60.0,
    length=70.0,
    jaw=2.4,
    shirt=(50.0, 80.0, 140.0),
    collar=True,
    fringe=2.0,
    parting=0.3,
    grain=7,
)


@pytest.fixture(scope="module")
def model() -> FaceModel:
    random = np.random.default_rng(4)
    return learn([random.integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8) for _ in range(100)])


def test_the_same_draw_renders_the_same_face(model: FaceModel) -> None:
    drawn = draw(np.random.default_rng(1))
    face = model.render(drawn)
    assert face.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(face, model.render(drawn))


def test_a_small_change_makes_a_smaller_difference_than_another_draw(model: FaceModel) -> None:
    random = np.random.default_rng(1)
    one, other = draw(random), draw(random)
    face = model.render(one)
    assert np.abs(face - model.render(one.varied(random, 0.1))).mean() < 0.5 * np.abs(face - model.render(other)).mean()


@pytest.mark.parametrize("haircut", HAIRCUTS)
def test_a_bust_is_opaque_in_the_face_and_clear_in_the_corners(haircut: str) -> None:
    figure = bust(np.full((HEIGHT, WIDTH, 3), 150, np.float32), replace(LOOK, haircut=haircut))
    assert figure.shape == (BUST_HEIGHT, BUST_WIDTH, 4)
    assert figure[170, BUST_WIDTH // 2, 3] == 255
    assert figure[5, 5, 3] == figure[5, -5, 3] == 0


def test_a_turned_face_is_not_learnt_from() -> None:
    image = np.zeros((250, 250, 3), np.uint8)
    points = np.array([[155, 100], [135, 100], [95, 100], [115, 100], [125, 130]], np.float32)
    turned = points + np.array([[0, 0]] * 4 + [[14, 0]], np.float32)
    assert aligned(image, points) is not None
    assert aligned(image, turned) is None


def test_skin_has_the_lightness_of_the_look() -> None:
    face = np.full((HEIGHT, WIDTH, 3), (150, 120, 100), np.float32)
    for skin in (45.0, 70.0):
        cheek = bust(face, replace(LOOK, skin=skin))[200:203, 140:143, :3].astype(np.float32) / 255
        assert cv2.cvtColor(cheek, cv2.COLOR_RGB2LAB)[..., 0].mean() == pytest.approx(skin, abs=3)


def test_a_longer_head_reaches_further_down() -> None:
    face = np.full((HEIGHT, WIDTH, 3), (200, 150, 120), np.float32)
    short, long = (bust(face, replace(LOOK, length=length))[270, 144, :3].astype(int) for length in (62.0, 76.0))
    assert long.sum() > short.sum() + 20  # the neck is darker than the chin


def test_an_open_mouth_is_not_learnt_from() -> None:
    closed = np.full((HEIGHT, WIDTH, 3), (190, 140, 120), np.uint8)
    closed[108:112, 52:76] = (150, 80, 80)
    teeth, opening = closed.copy(), closed.copy()
    teeth[104:114, 50:78] = (230, 225, 215)
    opening[102:118, 54:74] = (30, 15, 15)
    assert mouth_is_closed(closed)
    assert not mouth_is_closed(teeth)
    assert not mouth_is_closed(opening)
