"""Short filters give what the plain sums give."""

from fractions import Fraction

import numpy as np
import pytest

from attendance_app.lab.builder.toom_cook import short_filter


@pytest.mark.parametrize(
    ("outputs", "taps", "points"), [(2, 3, "0 1 -1"), (4, 5, "0 1 -1 2 -2 1/2 -1/2"), (3, 2, "2 5 -1/3")]
)
def test_results_are_those_of_the_plain_filter(outputs, taps, points):
    quick = short_filter(outputs, taps, [Fraction(point) for point in points.split()])
    rng = np.random.default_rng(2)
    values, weights = rng.standard_normal(outputs + taps - 1), rng.standard_normal(taps)
    result = quick.result @ ((quick.weights @ weights) * (quick.window @ values))
    assert result == pytest.approx(np.correlate(values, weights, mode="valid"), abs=1e-9)


def test_the_numbers_of_the_smallest_filter_are_the_textbook_s():
    quick = short_filter(2, 3, [Fraction(0), Fraction(1), Fraction(-1)])
    assert np.abs(quick.result).tolist() == [[1, 1, 1, 0], [0, 1, 1, 1]]
    assert np.count_nonzero(quick.window) == 8


def test_a_wrong_number_of_points_is_refused():
    with pytest.raises(ValueError, match="3 points"):
        short_filter(2, 3, [Fraction(0), Fraction(0), Fraction(1)])
