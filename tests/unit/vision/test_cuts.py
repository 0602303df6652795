"""Cuts: frames that show another picture than the one before."""

import cv2
import numpy as np
import pytest

from attendance_app.vision.cuts import CutWatch

CLOSE, APART = 0.07, 1.0


def scene(seed: int, shape: tuple[int, int] = (360, 640)) -> np.ndarray:
    """Large shapes, as a room has."""
    coarse = np.random.default_rng(seed).integers(20, 230, (6, 10, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC))


def cut_between(before: np.ndarray, after: np.ndarray, seconds: float) -> bool:
    watch = CutWatch()
    assert not watch.sees_cut(before, 3.0), "the first frame is no cut"
    return watch.sees_cut(after, 3.0 + seconds)


@pytest.mark.parametrize("seconds", [CLOSE, APART])
@pytest.mark.parametrize("shape", [(360, 640), (1080, 1920), (90, 60)])
def test_another_picture_is_a_cut(seconds, shape):
    assert cut_between(scene(1, shape), scene(2, shape), seconds)


def noisy(image):
    return np.clip(image + np.random.default_rng(0).normal(0, 12, image.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda image: image, id="nothing"),
        pytest.param(noisy, id="noise"),
        pytest.param(lambda image: (image * 0.4).astype(np.uint8), id="the light is turned down"),
        pytest.param(lambda image: np.roll(image, 12, axis=1), id="the camera turns a little"),
    ],
)
def test_the_same_room_is_no_cut(change):
    assert not cut_between(scene(1), change(scene(1)), CLOSE)


def test_somebody_who_passes_the_camera_is_no_cut():
    at = [cv2.rectangle(scene(1), (left, 60), (left + 120, 360), (40, 40, 40), -1) for left in (200, 216)]
    assert not cut_between(at[0], at[1], CLOSE)


def test_what_moves_within_a_second_is_no_cut_where_frames_are_far_apart():
    moved = np.roll(scene(1), 22, axis=1)
    assert not cut_between(scene(1), moved, APART)
    assert cut_between(scene(1), moved, CLOSE)


def test_the_noise_of_a_dark_room_is_no_cut():
    # Grey levels 0 and 1.
    dark = np.random.default_rng(0).integers(0, 2, (2, 360, 640, 3), dtype=np.uint8)
    assert not cut_between(dark[0], np.zeros_like(dark[0]), CLOSE)
    assert not cut_between(dark[0], dark[1], CLOSE)


def test_another_source_begins_without_a_cut():
    watch = CutWatch()
    watch.sees_cut(scene(1), 0.0)
    watch.forget()
    assert not watch.sees_cut(scene(2), 0.1)
