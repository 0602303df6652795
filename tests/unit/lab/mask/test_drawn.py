"""Drawn masks: where they cover the face, and that the seed decides all."""

import numpy as np
import pytest

from attendance_app.domain.faces import Image
from attendance_app.lab.mask.drawn import FIVE, WearStyle, draw_mask, find_pose

SCALE, MIDDLE = 1.0, (160, 120)
"""A made-up face looking straight: pixels a millimetre, and where the middle between the eyes is."""
NOSE, MOUTH, CHIN = (160, 155), (160, 188), (160, 222)


def landmarks() -> np.ndarray:
    return (FIVE[:, :2] * SCALE + MIDDLE).astype(np.float32)


def face() -> Image:
    return np.random.default_rng(3).integers(100, 180, (320, 320, 3), dtype=np.uint8)


def changed(before: Image, after: Image, place: tuple[int, int]) -> bool:
    """Whether the patch about ``place`` (x, y) is of another cloth than before."""
    x, y = place
    patch = np.s_[y - 4 : y + 5, x - 8 : x + 9]
    return bool(np.abs(before[patch].astype(int) - after[patch]).mean() > 8)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("worn", "covered"),
    [
        pytest.param(WearStyle.RIGHT, (True, True, True), id="right: nose, mouth and chin"),
        pytest.param(WearStyle.UNDER_NOSE, (False, True, True), id="under the nose: mouth and chin"),
        pytest.param(WearStyle.ON_CHIN, (False, False, True), id="on the chin: the chin"),
        pytest.param(WearStyle.ON_ONE_EAR, (False, False, False), id="on one ear: none of them"),
    ],
)
def test_each_way_of_wearing_covers_what_it_should(worn: WearStyle, covered: tuple[bool, ...], seed: int) -> None:
    image = face()
    masked = draw_mask(image, landmarks(), worn, np.random.default_rng(seed))

    assert tuple(changed(image, masked, place) for place in (NOSE, MOUTH, CHIN)) == covered
    assert (image != masked).any()
    assert (image[:115] == masked[:115]).all(), "the eyes are left alone"


def test_the_same_seed_draws_the_same_mask_and_another_seed_another() -> None:
    first, again, other = (draw_mask(face(), landmarks(), WearStyle.RIGHT, np.random.default_rng(s)) for s in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_a_turned_head_is_seen_to_be_turned() -> None:
    turned = FIVE.copy()
    angle = np.deg2rad(20)
    turned[:, 0] = FIVE[:, 0] * np.cos(angle) + FIVE[:, 2] * np.sin(angle)

    assert find_pose(landmarks()).yaw == pytest.approx(0)
    assert np.rad2deg(find_pose((turned[:, :2] + MIDDLE).astype(np.float32)).yaw) == pytest.approx(20, abs=6)


def test_a_face_outside_the_picture_changes_nothing() -> None:
    image = face()
    away = landmarks() + np.float32(2000)

    assert (draw_mask(image, away, WearStyle.RIGHT, np.random.default_rng(0)) == image).all()
