"""Probabilities that hold for people whom neither the network nor the model has met."""

import numpy as np
import pytest

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.identity.calibration import NamedEmbeddings, fit_parameters
from attendance_app.lab.identity.evaluation import Method, evaluate_classes

DIMENSIONS = 128


def _faces(people: int, pictures: int, *, noise: float, seed: int) -> NamedEmbeddings:
    """People who differ in a few directions most, as faces do; ``noise``: how far pictures of one lie apart."""
    random = np.random.default_rng(seed)
    spread = 1 / np.sqrt(1 + np.arange(DIMENSIONS) / 8)
    centres = np.repeat(random.normal(size=(people, DIMENSIONS)) * spread, pictures, axis=0)
    embeddings = centres + noise * random.normal(size=centres.shape) * spread
    return NamedEmbeddings(embeddings.astype(np.float32), np.repeat(np.arange(people), pictures))


SEEN = _faces(90, 4, noise=1.0, seed=1)


@pytest.fixture(scope="module")
def parameters() -> PldaParameters:
    return fit_parameters(
        SEEN, _faces(100, 6, noise=1.3, seed=2), encoder_id="made-up", seed=0, shrink_within=[0.75], halvings=1
    )


@pytest.mark.parametrize("photos", [1, 3, 5])
def test_probabilities_hold_for_people_less_alike_than_those_trained_with(
    parameters: PldaParameters, photos: int
) -> None:
    strange = _faces(60, 7, noise=1.3, seed=3)

    found = evaluate_classes(
        [Method("m", strange.embeddings, parameters)], strange.people, classes=4, seed=0, photos=photos
    )["m"]

    assert found.named.value > 0.9
    assert found.calibration_error < 0.05


def test_the_same_seed_gives_the_same_parameters_and_one_spare_photo_is_enough() -> None:
    few = _faces(40, 2, noise=1.3, seed=2)
    first, second = (
        fit_parameters(SEEN, few, encoder_id="made-up", seed=5, shrink_within=[0.5, 0.75], halvings=1) for _ in range(2)
    )

    assert (first.scale, first.offset) == (second.scale, second.offset)
    np.testing.assert_array_equal(first.projection, second.projection)
