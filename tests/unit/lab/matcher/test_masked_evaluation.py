"""Classes probed by masked copies: what is counted, and which pictures get a mask."""

import numpy as np
import pytest

from attendance_app.lab.errors import TooFewPeopleForMatcher
from attendance_app.lab.matcher.masked_evaluation import CALIBRATED, UNCHANGED, evaluate_masked
from attendance_app.lab.matcher.masked_faces import (
    CLEAN,
    DEGRADED,
    FEW_PICTURES,
    MASKED,
    MOST_PICTURES,
    UNDER_NOSE,
    MaskedFaces,
    _drawn,
)

PEOPLE, PICTURES = 160, 6


def made_up(*, people: int = PEOPLE) -> MaskedFaces:
    """People far apart; under a mask all move the same way and become more alike; every third is not found."""
    random = np.random.default_rng(2)
    owners = np.repeat(np.arange(people), PICTURES)
    faces = random.normal(size=(people, 128))[owners] + 0.5 * random.normal(size=(len(owners), 128))
    masked = 0.5 * faces + random.normal(size=128) + 0.6 * random.normal(size=faces.shape)
    masked[::3] = np.nan
    noisy = faces + 0.2 * random.normal(size=faces.shape)
    views = {CLEAN: faces, DEGRADED: noisy, MASKED: masked, UNDER_NOSE: noisy}
    return MaskedFaces(views, owners, np.ones(len(owners), dtype=bool))


def test_masked_probes_are_named_less_often_and_what_was_not_found_is_left_out() -> None:
    faces = made_up()
    real = {"strangers": np.vstack([np.random.default_rng(5).normal(size=(20, 128)), np.full((5, 128), np.nan)])}
    report = evaluate_masked(faces, real, "stand-in", random=np.random.default_rng(0))
    dir_of = {
        (one.way, one.probe): {rates.threshold: rates.dir.value for rates in one.rates}[0.95] for one in report.probes
    }

    assert dir_of[UNCHANGED.name, CLEAN] > 0.9
    assert dir_of[UNCHANGED.name, MASKED] < dir_of[UNCHANGED.name, CLEAN]
    assert report.found[MASKED].value == pytest.approx(2 / 3)
    assert {(one.faces, one.pictures) for one in report.real} == {(20, 25)}
    assert {one.way for one in report.probes} >= {UNCHANGED.name, CALIBRATED.name}
    single = next(one for one in report.probes if (one.way, one.probe) == (UNCHANGED.name, CLEAN)).comparisons[0]
    assert single.fmr.total > 20 * single.fnmr.total, "one comparison with oneself, 29 with others"


def test_too_few_people_are_a_clear_error() -> None:
    with pytest.raises(TooFewPeopleForMatcher):
        evaluate_masked(made_up(people=40), {}, "stand-in", random=np.random.default_rng(0))


def test_masks_are_drawn_on_some_pictures_of_students_and_one_of_strangers() -> None:
    people = np.concatenate([np.repeat(np.arange(4), 9), np.repeat(np.arange(4, 8), FEW_PICTURES)])
    drawn = _drawn(people, np.random.default_rng(0))
    counts = [int(drawn[people == person].sum()) for person in range(8)]

    assert counts == [MOST_PICTURES] * 4 + [1] * 4
