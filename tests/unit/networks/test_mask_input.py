import numpy as np
import pytest

from attendance_app.domain.faces import Box
from attendance_app.networks.mask_input import LEVEL_CONTRAST, LEVEL_MEAN, box_patch, normalise_light, square_patch


def striped(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 2, columns * 2, rows + columns], axis=2).astype(np.uint8)


def test_a_patch_is_square_about_the_middle_of_a_box_that_is_not():
    patch = square_patch(striped(100, 100), Box(40, 30, 60, 70), margin=1.0)
    assert patch.shape[0] == patch.shape[1] == round((20 * 40) ** 0.5)
    middle = patch.shape[0] // 2
    assert abs(int(patch[middle, middle, 0]) - 100) <= 2
    assert abs(int(patch[middle, middle, 1]) - 100) <= 2


def test_a_patch_beyond_the_picture_repeats_its_edge():
    image = striped(40, 40)
    patch = square_patch(image, Box(-20, -20, 20, 20), margin=1.0)
    assert patch.shape == (40, 40, 3)
    assert (patch[:20, :20] == image[0, 0]).all()


@pytest.mark.parametrize(
    ("box", "row", "column"),
    [
        pytest.param(Box(-20, 10, 0, 30), 10, 0, id="to its left"),
        pytest.param(Box(10, -20, 30, 0), 0, 10, id="above it"),
        pytest.param(Box(40, 10, 60, 30), 10, 39, id="to its right"),
        pytest.param(Box(10, 40, 30, 60), 39, 10, id="below it"),
    ],
)
def test_a_patch_outside_shows_the_last_row_or_column(box, row, column):
    image = striped(40, 40)

    patch = square_patch(image, box, margin=1.0)

    assert patch.shape == (20, 20, 3)
    if column == 10:
        assert (patch[5] == image[row, 10:30]).all()
    else:
        assert (patch[:, 5] == image[10:30, column]).all()


@pytest.mark.parametrize(("left", "top"), [(0, 10), (10, 0), (20, 10), (10, 20)])
def test_a_patch_within_the_picture_is_no_copy(left, top):
    image = striped(40, 40)

    patch = square_patch(image, Box(left, top, left + 20, top + 20), margin=1.0)

    assert np.shares_memory(patch, image)
    assert (patch == image[top : top + 20, left : left + 20]).all()


@pytest.mark.parametrize("box", [Box(0, 0, 0, 0), Box(10, 10, 10, 30), Box(500, 500, 520, 520)])
def test_an_empty_or_distant_box_still_gives_a_patch(box):
    assert min(square_patch(striped(30, 30), box, margin=1.35).shape[:2]) >= 2


@pytest.mark.parametrize("factor", [0.3, 0.6, 1.6])
def test_levelling_takes_brightness_away(factor):
    patch = striped(64, 64) + np.uint8(10)
    other = np.clip(patch * factor, 0, 255).astype(np.uint8)
    assert np.abs(normalise_light(patch) - normalise_light(other)).mean() < 2.5


def test_a_flat_patch_is_not_blown_up_into_noise():
    noise = np.random.default_rng(0).integers(99, 102, (32, 32, 3)).astype(np.uint8)
    assert np.abs(normalise_light(noise) - LEVEL_MEAN).max() < 20


def test_values_stay_floats_of_the_range_of_a_picture():
    patch = np.zeros((20, 20, 3), dtype=np.uint8)
    patch[0] = 255  # a narrow bright line: brought to the contrast of others it would go beyond the range

    bright, dark = normalise_light(patch), normalise_light(255 - patch)

    assert (bright.dtype, bright.shape) == (np.float32, (20, 20, 3))
    assert bright.max() == 255
    assert dark.min() == 0


def test_every_patch_is_brought_to_one_mean_and_contrast():
    luma = normalise_light(striped(64, 64)) @ np.array([0.299, 0.587, 0.114])

    assert luma.mean() == pytest.approx(LEVEL_MEAN, abs=2)
    assert luma.std() == pytest.approx(LEVEL_CONTRAST, abs=3)


def test_the_reports_patch_is_the_box_itself_and_stays_inside_the_picture() -> None:
    image = np.arange(20 * 30 * 3, dtype=np.uint32).reshape(20, 30, 3).astype(np.uint8)

    np.testing.assert_array_equal(box_patch(image, Box(4, 2, 10, 14), margin=1.0), image[2:14, 4:10])
    assert box_patch(image, Box(-5, -5, 100, 100), margin=1.5).shape == (20, 30, 3)
    assert box_patch(image, Box(500, 500, 510, 510), margin=1.0).shape[:2] == (1, 1)
