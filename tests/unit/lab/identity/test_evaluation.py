"""The rates of made-up classes, on embeddings whose answer is known."""

import numpy as np
import pytest

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.errors import TooFewPeopleToTest
from attendance_app.lab.identity.calibration import NamedEmbeddings, fit_parameters
from attendance_app.lab.identity.evaluation import (
    Method,
    draw_class,
    evaluate_classes,
    posterior_of,
    rates,
)

DIMENSIONS = 128


def _faces(people: int, pictures: int, *, noise: float, seed: int) -> NamedEmbeddings:
    random = np.random.default_rng(seed)
    centres = np.repeat(random.normal(size=(people, DIMENSIONS)), pictures, axis=0)
    embeddings = centres + noise * random.normal(size=centres.shape)
    return NamedEmbeddings(embeddings.astype(np.float32), np.repeat(np.arange(people), pictures))


@pytest.fixture(scope="module")
def parameters() -> PldaParameters:
    seen, unseen = _faces(120, 5, noise=0.7, seed=1), _faces(80, 5, noise=0.7, seed=2)
    return fit_parameters(seen, unseen, encoder_id="made-up", seed=0, shrink_within=[0.75], halvings=1)


def test_a_class_is_drawn_without_a_picture_on_both_sides() -> None:
    people = np.repeat(np.arange(12), [8, 8, 8, 8, 8, 2, 2, 2, 1, 1, 1, 1])

    draw = draw_class(people, np.random.default_rng(0), students=4, photos=5)

    assert not set(draw.enrolled) & set(draw.probes)
    assert len(draw.enrolled) == 20
    assert (draw.truth >= 0).sum() == 12
    assert (draw.truth < 0).sum() == 8 + 3 * 2 + 4
    for probe, student in zip(draw.probes, draw.truth, strict=True):
        enrolled = set(people[draw.enrolled[draw.owners == student]])
        assert enrolled == ({people[probe]} if student >= 0 else set())


def test_too_few_pictures_for_a_class_are_a_known_error() -> None:
    with pytest.raises(TooFewPeopleToTest, match="photos=5"):
        draw_class(np.repeat(np.arange(9), 5), np.random.default_rng(0))


def test_people_who_are_far_apart_are_named_and_strangers_refused(parameters: PldaParameters) -> None:
    faces = _faces(60, 8, noise=0.7, seed=3)

    found = evaluate_classes([Method("m", faces.embeddings, parameters)], faces.people, classes=3, seed=0)["m"]

    assert found.named.value > 0.99
    assert found.marked.value > 0.9
    assert found.strangers_accepted.value < 0.02
    assert found.calibration_error < 0.05


def test_noise_brings_the_names_down_to_chance(parameters: PldaParameters) -> None:
    faces = _faces(60, 8, noise=60.0, seed=4)

    found = evaluate_classes([Method("m", faces.embeddings, parameters)], faces.people, classes=3, seed=0)["m"]

    assert found.named.value < 0.15


def test_the_same_seed_gives_the_same_classes(parameters: PldaParameters) -> None:
    faces = _faces(40, 7, noise=3.0, seed=5)
    method = Method("m", faces.embeddings, parameters)

    first, second = (evaluate_classes([method], faces.people, classes=2, seed=9)["m"] for _ in range(2))

    assert first == second


def test_rates_count_by_hand() -> None:
    posterior = np.array(
        [
            [0.995, 0.0, 0.005],  # student 0, marked
            [0.6, 0.3, 0.1],  # student 0, named but not sure enough to mark
            [0.999, 0.0, 0.001],  # student 1, marked as another
            [0.992, 0.0, 0.008],  # a stranger, accepted
            [0.1, 0.1, 0.8],  # a stranger, refused
        ]
    )

    found = rates([(posterior, np.array([0, 0, 1, -1, -1]))], accept=0.99)

    assert (found.named.count, found.named.total) == (2, 3)
    assert (found.marked.count, found.wrongly_marked.count) == (1, 1)
    assert (found.strangers_accepted.count, found.strangers_accepted.total) == (1, 2)
    assert found.marked_at_1_percent.count == 1  # beyond the surest stranger's 0.992


def test_the_probabilities_of_a_class_sum_to_one(parameters: PldaParameters) -> None:
    faces = _faces(20, 7, noise=0.7, seed=6)
    draw = draw_class(faces.people, np.random.default_rng(0), students=10)

    answers = posterior_of(Method("m", faces.embeddings, parameters), draw)

    assert answers.shape == (len(draw.probes), 11)
    np.testing.assert_allclose(answers.sum(axis=1), 1)
