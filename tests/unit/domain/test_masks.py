import pytest

from attendance_app.domain.masks import MaskRule, MaskState

RULE = MaskRule(least_probability=0.6)


@pytest.mark.parametrize(
    ("probabilities", "state"),
    [
        pytest.param((0.7, 0.2, 0.1), MaskState.WITH_MASK, id="sure enough"),
        pytest.param((0.6, 0.3, 0.1), MaskState.WITH_MASK, id="exactly at the threshold"),
        pytest.param((0.5, 0.1, 0.4), MaskState.UNSURE, id="too close to call"),
        pytest.param((0.1, 0.2, 0.7), MaskState.WORN_INCORRECTLY, id="the third class"),
    ],
)
def test_the_likeliest_class_is_said_only_from_the_threshold_on(probabilities, state):
    assert RULE.opinion(probabilities).state is state


def test_opinions_of_a_track_are_averaged_before_deciding():
    unsure = RULE.opinion((0.5, 0.45, 0.05))
    sure = RULE.opinion((0.9, 0.05, 0.05))
    together = RULE.average([unsure, sure])
    assert unsure.state is MaskState.UNSURE
    assert together.state is MaskState.WITH_MASK
    assert together.probabilities == pytest.approx((0.7, 0.25, 0.05))


def test_averaging_nothing_is_refused():
    with pytest.raises(ValueError, match="no opinion"):
        RULE.average([])
