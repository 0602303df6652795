import cv2
import numpy as np
import pytest

from attendance_app.lab.explore.copies import agreement, find_copies


def scene(seed: int) -> np.ndarray:
    """A smooth random picture, 64 x 64 grey: as different from the next as two photographs."""
    rng = np.random.default_rng(seed)
    return cv2.resize(rng.integers(0, 256, (9, 9)).astype(np.uint8), (64, 64), interpolation=cv2.INTER_CUBIC)


def moved(picture: np.ndarray, dx: int, dy: int) -> np.ndarray:
    return cv2.warpAffine(picture, np.float32([[1, 0, dx], [0, 1, dy]]), (64, 64), borderMode=cv2.BORDER_REPLICATE)


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((32, 32), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (64, 64), borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one[:, ::-1], id="mirrored"),
        pytest.param(lambda one: (one * 0.4).astype(np.uint8), id="darkened"),
        pytest.param(lambda one: moved(one, 3, 0), id="shifted"),
        pytest.param(lambda one: turned(one, 10), id="turned"),
        pytest.param(lambda one: moved(one[:, ::-1] // 2, 0, -3), id="all at once"),
    ],
)
def test_a_changed_copy_is_found(change):
    pictures = np.stack([scene(0), scene(1), change(scene(0)), scene(2)])
    groups = find_copies(pictures).groups
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 3


def test_different_pictures_are_no_copies():
    assert len(find_copies(np.stack([scene(i) for i in range(40)])).sizes) == 40


def test_copies_of_copies_are_one_group():
    chain = [moved(scene(3), 4 * step, 0) for step in range(4)]
    assert len(find_copies(np.stack([*chain, scene(4)])).sizes) == 2


def test_agreement_with_the_same_grouping_under_other_names_is_whole():
    same = agreement(np.array([5, 5, 7, 7, 9]), ["a", "a", "b", "b", "c"])
    assert (same.precision, same.recall, same.rand) == (1.0, 1.0, 1.0)


def test_a_split_group_lowers_the_pairs_found():
    split = agreement(np.array([0, 0, 1, 1]), ["a"] * 4)
    assert split.precision == 1.0
    assert split.recall == pytest.approx(2 / 6)
