"""The demo's people: kept apart from each other and from everybody real, the same for the same seed."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from attendance_app.domain.faces import Image
from attendance_app.lab.demo.faces import APPEARANCE, HEIGHT, SHAPES, WIDTH, FaceModel
from attendance_app.lab.demo.people import (
    DrawnPerson,
    PersonFace,
    PersonGenerator,
    candidates,
    farthest_apart,
    make_everybody,
    moved_apart,
)

NOBODY = np.full((1, 128), 9, np.float32)
PROJECTION = np.random.default_rng(0).standard_normal((192, 128)).astype(np.float32) / 7000


def _read(image: Image) -> PersonFace:
    """Stands in for the engine: alike pictures have near encodings."""
    small = cv2.resize(image[110:250, 90:200], (8, 8), interpolation=cv2.INTER_AREA).astype(np.float32)
    return PersonFace(1.5, np.zeros((5, 2), np.float32), (small.ravel() @ PROJECTION).astype(np.float32))


@pytest.fixture(scope="module")
def generator() -> PersonGenerator:
    random = np.random.default_rng(3)
    appearance = 12 * random.standard_normal((APPEARANCE, HEIGHT // 8, WIDTH // 8, 3)).astype(np.float32)
    smooth = np.stack([cv2.resize(one, (WIDTH, HEIGHT)) for one in appearance]).reshape(APPEARANCE, -1)
    shapes = np.zeros((SHAPES, 36 * 32 * 2), np.float32)
    return PersonGenerator(FaceModel(np.full(HEIGHT * WIDTH * 3, 140, np.float32), smooth, shapes), _read, NOBODY)


@pytest.fixture(scope="module")
def pool(generator: PersonGenerator) -> list[DrawnPerson]:
    return [candidate for candidate in candidates(generator, seed=5, pool=12) if candidate is not None]


def _nearest_two(encodings: NDArray[np.float32]) -> float:
    between = np.linalg.norm(encodings[:, None] - encodings[None], axis=-1)
    return float(between[np.triu_indices(len(encodings), 1)].min())


def _encodings(people: list[DrawnPerson]) -> NDArray[np.float32]:
    return np.stack([one.encoding for one in people])


def test_the_chosen_are_farther_apart_than_the_first_drawn(pool: list[DrawnPerson]) -> None:
    assert _nearest_two(_encodings(farthest_apart(pool, 5))) > _nearest_two(_encodings(pool[:5]))


def test_a_redrawn_person_is_kept_only_when_the_nearest_two_move_apart(
    generator: PersonGenerator, pool: list[DrawnPerson]
) -> None:
    people = farthest_apart(pool, 4)
    before = _nearest_two(_encodings(people))
    moved = [
        (better, _nearest_two(_encodings(people))) for better in moved_apart(generator, people, seed=5, redraws=12)
    ]
    distances = [before, *(distance for _, distance in moved)]
    assert any(better for better, _ in moved)
    assert all(later >= earlier for earlier, later in pairwise(distances))
    assert distances[-1] > before


def test_nobody_is_drawn_who_looks_like_a_real_face(generator: PersonGenerator, pool: list[DrawnPerson]) -> None:
    real = PersonGenerator(generator.model, generator.read, pool[0].encoding[None])
    again = list(candidates(real, seed=5, pool=3))
    assert again[0] is None


def test_the_same_seed_makes_the_same_pictures(generator: PersonGenerator, pool: list[DrawnPerson]) -> None:
    once, again = (make_everybody(generator, farthest_apart(pool, 2), seed=5) for _ in range(2))
    assert [len(one.photos) + len(one.busts) for one in once] == [5, 5]
    for left, right in zip(once, again, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(left.photos, right.photos, strict=True))
        assert np.array_equal(left.encodings, right.encodings)
