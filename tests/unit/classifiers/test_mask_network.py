"""What the mask classifier does with a network's answers, on a network whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.networks.mask_input import normalise_light

SIDE = 16
FACTS = {"margin": "1.5", "temperature": "2.0", "seed": "7", "least_probability": "0.6"}


class KnownNetwork:
    """Answers with the mean of the left, the right and the upper half of a patch, each divided by 20."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def get_modelmeta(self) -> SimpleNamespace:
        return SimpleNamespace(custom_metadata_map=FACTS)

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(shape=["n", SIDE, SIDE, 3])]

    def run(self, _outputs: None, fed: dict[str, np.ndarray]) -> list[np.ndarray]:
        patches = fed["input"]
        self.batches.append(len(patches))
        return [logits(patches).astype(np.float32)]


def logits(patches: np.ndarray) -> np.ndarray:
    half = patches.shape[2] // 2
    parts = (patches[:, :, :half], patches[:, :, half:], patches[:, :half])
    return np.stack([part.mean(axis=(1, 2, 3)) for part in parts], axis=1) / 20


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> KnownNetwork:
    known = KnownNetwork()
    monkeypatch.setattr("attendance_app.classifiers.mask.open_network", lambda _name, _threads=1: known)
    return known


@pytest.fixture
def classifier(network: KnownNetwork) -> MaskClassifier:
    return MaskClassifier()


def noise(count: int, side: int = SIDE) -> np.ndarray:
    light = np.linspace(0.6, 1.0, count)[:, None, None, None]
    drawn = np.random.default_rng(0).integers(0, 256, (count, side, side, 3)) * light
    drawn[:, :, : side // 2] *= 0.5  # darker on their left
    return drawn.astype(np.float32)


def softened(patches: np.ndarray) -> np.ndarray:
    powers = np.exp(logits(patches) / 2.0)
    return powers / powers.sum(axis=1, keepdims=True)


def test_what_belongs_to_the_weights_comes_from_the_file(classifier: MaskClassifier) -> None:
    assert classifier.split_seed == 7
    assert classifier.rule.least_probability == 0.6
    assert classifier.patches(noise(1, 40)[0].astype(np.uint8), [Box(10, 10, 20, 20)]).shape == (1, SIDE, SIDE, 3)


def test_probabilities_are_calibrated_by_the_temperature(classifier: MaskClassifier, network: KnownNetwork) -> None:
    patches = noise(9)

    answers = classifier.probabilities(patches)

    assert answers == pytest.approx(softened(patches), abs=1e-5)
    assert network.batches == [4, 4, 1]


def test_no_patches_have_no_probabilities(classifier: MaskClassifier) -> None:
    assert classifier.probabilities(noise(0)).shape == (0, 3)


def test_a_mirrored_opinion_is_the_mean_of_both(classifier: MaskClassifier) -> None:
    patches = noise(5)

    answers = classifier.probabilities(patches, mirrored=True)

    assert answers.shape == (5, 3)
    assert answers == pytest.approx((softened(patches) + softened(patches[:, :, ::-1])) / 2, abs=1e-5)


def test_of_blank_patches_only_nothing_is_said(classifier: MaskClassifier) -> None:
    patches = noise(3)
    patches[1] = 118

    answers = classifier.probabilities(patches)

    assert answers[1] == pytest.approx([1 / 3] * 3)
    assert answers[[0, 2]] == pytest.approx(softened(patches)[[0, 2]], abs=1e-5)


def test_opinions_of_a_track_become_one(classifier: MaskClassifier) -> None:
    sure, unsure = classifier.rule.opinion((0.9, 0.05, 0.05)), classifier.rule.opinion((0.5, 0.45, 0.05))

    assert classifier.average([sure, unsure]).state is MaskState.WITH_MASK
    assert classifier.average([sure, unsure]).probabilities == pytest.approx((0.7, 0.25, 0.05))


def test_a_large_face_is_made_small_by_means_of_its_pixels(classifier: MaskClassifier) -> None:
    """Picking single pixels would make patterns of noise."""
    side = SIDE * 4
    picture = np.random.default_rng(1).integers(0, 256, (side, side, 3)).astype(np.uint8)
    box_side = round(side / 1.5)
    edge = (side - box_side) // 2

    (patch,) = classifier.patches(picture, [Box(edge, edge, edge + box_side, edge + box_side)])

    means = picture.reshape(SIDE, 4, SIDE, 4, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    assert np.corrcoef(patch.ravel(), normalise_light(means).ravel())[0, 1] > 0.95


def test_a_small_face_is_made_large_without_steps(classifier: MaskClassifier) -> None:
    picture = np.zeros((40, 40, 3), dtype=np.uint8)
    picture[:, 20:] = 200

    (patch,) = classifier.patches(picture, [Box(19, 19, 22, 22)])

    assert len(np.unique(patch[0, :, 0].round())) > 3
