"""Combs, oblong pixels and turned pictures, on arrays."""

import numpy as np
import pytest

from attendance_app.vision.films.deinterlace import Deinterlacer, deinterlaced, is_combed
from attendance_app.vision.films.geometry import square_pixels, turned
from attendance_app.vision.turning import quarter_turns

from .interlaced_films import field, woven

SIZE = (320, 192)
MARKED = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


def test_combs_become_the_even_lines_moment():
    repaired = deinterlaced(woven(SIZE, 0))
    assert is_combed(woven(SIZE, 0))
    assert not is_combed(repaired)
    np.testing.assert_array_equal(repaired, field(SIZE, 0))


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(field(SIZE, 0), id="at rest"),
        pytest.param(np.random.default_rng(1).integers(90, 100, (192, 320, 3)).astype(np.uint8), id="sensor noise"),
        pytest.param(np.repeat(np.arange(192, dtype=np.uint8), 960).reshape(192, 320, 3), id="a ramp"),
        pytest.param(np.tile(np.repeat([[[40]], [[200]]], 3, axis=0), (32, 320, 3)).astype(np.uint8), id="stripes"),
        pytest.param(np.full((3, 5, 3), 9, np.uint8), id="three lines"),
        pytest.param(np.full((1, 1, 3), 9, np.uint8), id="one pixel"),
    ],
)
def test_a_picture_without_combs_stays_as_it_is(image):
    assert not is_combed(image)
    assert deinterlaced(image) is image


def test_an_odd_number_of_lines_is_repaired_too():
    assert not is_combed(deinterlaced(woven((320, 191), 0)))


def test_a_film_with_combs_is_still_watched_when_they_come_late():
    watch, still = Deinterlacer(), field(SIZE, 0)
    for _ in range(200):
        assert watch.treated(still) is still
    late = [is_combed(watch.treated(woven(SIZE, 0))) for _ in range(40)]
    assert not any(late[-10:])


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [(1.0, (2, 4)), (2.0, (2, 8)), (0.5, (4, 4)), (64 / 45, (2, 6)), (0.0, (2, 4)), (99.0, (2, 4)), (np.nan, (2, 4))],
)
def test_pixels_become_square_and_none_is_lost(aspect, shape):
    assert square_pixels(MARKED, aspect).shape[:2] == shape


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((1, 0, 0, 1), MARKED),
        ((0, 1, -1, 0), np.rot90(MARKED, -1)),
        ((-1, 0, 0, -1), np.rot90(MARKED, 2)),
        ((0, -1, 1, 0), np.rot90(MARKED, 1)),
        ((-1, 0, 0, 1), MARKED[:, ::-1]),
        ((1, 0, 0, -1), MARKED[::-1]),
        ((0, 1, 1, 0), MARKED.transpose(1, 0, 2)),
    ],
)
def test_a_display_matrix_turns_and_mirrors(matrix, expected):
    np.testing.assert_array_equal(turned(MARKED, matrix), expected)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_quarter_turns_go_clockwise(degrees):
    np.testing.assert_array_equal(quarter_turns(MARKED, degrees), np.rot90(MARKED, -degrees // 90))
