"""The backbone: its pictures, its last layer, its export."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from attendance_app.lab import export
from attendance_app.lab.identity.backbone import BackboneData, Recipe, build, train
from attendance_app.lab.identity.last_layer import solve_last_layer
from attendance_app.lab.identity.pictures import MARGIN, jittered, training_pictures
from attendance_app.networks.identity_input import network_view
from attendance_app.services.training_events import TrainingContext

RANDOM = np.random.default_rng(0)
CHIPS = RANDOM.integers(0, 256, (24, 1, 1, 3), dtype=np.uint8) + np.zeros((24, 150, 150, 3), np.uint8)
"""Plain colours: a teacher that reads the colour can be learnt from a few."""
COLOURS = CHIPS[:, 0, 0].astype(np.float32) / 255
TEACHER = np.tile(COLOURS, (1, 43))[:, :128]


def test_the_network_sees_the_middle_of_a_chip() -> None:
    chip = np.zeros((1, 150, 150, 3), np.uint8)
    chip[:, 12:138, 12:138] = 200

    assert network_view(chip).shape == (1, 64, 64, 3)
    assert (network_view(chip) == 200).all()
    assert network_view(chip, margin=MARGIN).shape == (1, 72, 72, 3)
    assert (network_view(chip, margin=MARGIN)[:, 0] < 200).all()


def test_the_same_seed_makes_the_same_pictures() -> None:
    first, again, other = (training_pictures(CHIPS, seed=seed) for seed in (1, 1, 2))

    assert len(first) == 2 * len(CHIPS)
    np.testing.assert_array_equal(first[: len(CHIPS)], CHIPS)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_batch_is_shifted_and_relit_within_its_range() -> None:
    views = network_view(training_pictures(CHIPS, seed=0), margin=MARGIN)

    batch = jittered(views, np.random.default_rng(0))

    assert batch.shape == (48, 64, 64, 3)
    assert batch.min() >= 0
    assert batch.max() <= 255


@pytest.fixture(scope="module")
def data() -> BackboneData:
    pictures = np.concatenate([CHIPS] * 6)
    return BackboneData(network_view(pictures, margin=MARGIN), np.concatenate([TEACHER] * 6), CHIPS[:8], TEACHER[:8])


def test_it_learns_what_a_teacher_says(data: BackboneData) -> None:
    model, history = train(data, Recipe(epochs=3, seed=0, peak=2e-3), TrainingContext())

    assert history.rows[-1].loss < history.rows[0].loss
    assert model.count_params() * 4 < 10_000_000


def _answers(path: Path, chips: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (answers,) = session.run(["output"], {"input": network_view(chips).astype(np.float32)})
    return np.asarray(answers)


def test_solving_brings_the_last_layer_nearer_to_the_teacher(data: BackboneData, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    samples = network_view(CHIPS).astype(np.float32)
    export.export(build(data.encodings), path, samples=samples)

    solved = solve_last_layer(path, data.views, data.encodings, data.unseen_chips, data.unseen_encodings)

    distance = ((_answers(path, CHIPS[:8]) - TEACHER[:8]) ** 2).sum(axis=1).mean()
    assert solved.after < solved.before / 4
    assert distance == pytest.approx(solved.after, rel=1e-3)
