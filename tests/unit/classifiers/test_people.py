"""The identity report's network of a run names the people of its training from a chip."""

from pathlib import Path

import numpy as np
import pytest
from own_networks import people_run

from attendance_app.classifiers.people import PeopleClassifier
from attendance_app.networks.identity_input import grey_view
from attendance_app.services.identification import NetworkAnswer, _answers


def test_a_chip_is_seen_where_lfws_pictures_have_the_face() -> None:
    chip = np.zeros((1, 150, 150, 3), np.uint8)
    # Where dlib's chips have the outer corners of the eyes.
    chip[0, 46, 37] = chip[0, 46, 111] = 255

    view = grey_view(chip)

    assert view.shape == (1, 125, 94, 1)
    rows, columns = np.nonzero(view[0, :, :, 0] > 0.2)
    assert set(rows.tolist()) <= {42, 43}
    # 54 pixels apart, as in LFW's pictures.
    assert columns.max() - columns.min() == pytest.approx(54, abs=1)


def test_beyond_the_chip_its_edge_goes_on() -> None:
    grey = np.full((1, 150, 150, 3), 102, np.uint8)

    np.testing.assert_allclose(grey_view(grey), 0.4)


def test_the_likeliest_of_its_people_is_named_and_never_a_stranger(tmp_path: Path) -> None:
    network = PeopleClassifier(people_run(tmp_path / "run", names=("One", "Two", "Three")) / "network.onnx")
    chips = np.random.default_rng(0).integers(0, 255, (4, 150, 150, 3), np.uint8)

    answers = list(_answers(network, chips))

    assert network.names == ("One", "Two", "Three")
    np.testing.assert_allclose(network.posterior(chips).sum(axis=1), 1, rtol=1e-5)
    assert all(answer.name in network.names and answer.probability >= 1 / 3 for answer in answers)


class KnowsOne:
    names = ("One",)

    def posterior(self, chips: np.ndarray) -> np.ndarray:
        return np.array([[0.9, 0.1], [0.2, 0.8]])


def test_the_last_column_of_a_courses_network_is_a_stranger() -> None:
    answers = list(_answers(KnowsOne(), np.zeros((2, 150, 150, 3), np.uint8)))

    assert answers == [NetworkAnswer("One", 0.9), NetworkAnswer(None, 0.8)]
