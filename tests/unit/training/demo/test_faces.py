"""The model that draws the demo's faces: repeatable, and a change of one coefficient changes the face."""

import numpy as np
import pytest

from attendance_app.training.demo.faces import HEIGHT, WIDTH, FaceModel, aligned, draw, learn
from attendance_app.training.demo.portraits import BUST_HEIGHT, BUST_WIDTH, HAIRCUTS, Look, bust


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
    look = Look(haircut, (60.0, 40.0, 30.0), (50.0, 80.0, 140.0), collar=True, fringe=2.0, parting=0.3, grain=7)
    figure = bust(np.full((HEIGHT, WIDTH, 3), 150, np.float32), look)
    assert figure.shape == (BUST_HEIGHT, BUST_WIDTH, 4)
    assert figure[170, BUST_WIDTH // 2, 3] == 255
    assert figure[5, 5, 3] == figure[5, -5, 3] == 0


def test_a_turned_face_is_not_learnt_from() -> None:
    image = np.zeros((250, 250, 3), np.uint8)
    points = np.array([[155, 100], [135, 100], [95, 100], [115, 100], [125, 130]], np.float32)
    turned = points + np.array([[0, 0]] * 4 + [[14, 0]], np.float32)
    assert aligned(image, points) is not None
    assert aligned(image, turned) is None
