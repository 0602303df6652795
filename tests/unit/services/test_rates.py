"""Intervals of rates: exact for independent tries; coverage of 93 % at least where photos of one student are alike."""

import numpy as np
import pytest

from attendance_app.services.rates import Rate, clustered_rate


def test_tries_that_exclude_each_other_have_the_interval_of_their_groups() -> None:
    low, high = Rate(2, 60, exclusive=3).interval
    assert (3 * low, 3 * high) == pytest.approx(Rate(2, 20).interval)


def test_photos_of_one_student_that_agree_count_as_one_try() -> None:
    agreeing = clustered_rate([3, 3, 0, 0, 0, 0, 0, 0], [3] * 8)
    assert (agreeing.count, agreeing.total) == (6, 24)
    low, high = agreeing.interval
    alone = Rate(6, 24).interval
    assert low < alone[0]
    assert high > alone[1]


def test_without_an_error_only_the_students_are_counted() -> None:
    assert clustered_rate([0] * 20, [5] * 20).interval == pytest.approx(Rate(0, 20).interval)


def test_one_photo_each_is_as_good_as_independent() -> None:
    rate = clustered_rate([1, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1] * 10)
    assert rate.interval == pytest.approx(Rate(2, 10).interval, abs=0.03)


@pytest.mark.parametrize("photos", [3, 10])
@pytest.mark.parametrize("students", [12, 30])
@pytest.mark.parametrize(
    ("rate", "correlation"),
    [(0.02, 0.5), (0.1, 0.05), (0.2, 0.5), (0.5, 0.2)],
)
def test_the_interval_covers_the_true_rate_at_least_93_times_in_100(
    photos: int, students: int, rate: float, correlation: float
) -> None:
    """Photos of a student fail with a probability of their own: beta-binomial with this correlation within students."""
    random = np.random.default_rng(1)
    runs = 400
    spread = (1 - correlation) / correlation
    each = random.beta(rate * spread, (1 - rate) * spread, (runs, students))
    covered = 0
    for counts in random.binomial(photos, each).tolist():
        low, high = clustered_rate(counts, [photos] * students).interval
        covered += low <= rate <= high
    # An interval of 95 %, counted in 400 runs: that share scatters by 1.1 % (one standard deviation).
    assert covered / runs >= 0.93
