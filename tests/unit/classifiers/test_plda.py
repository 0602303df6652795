"""The model's parameters in their file, and how they make log odds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plda_parameters import plda_parameters

from attendance_app.classifiers.errors import MatcherUnreadable
from attendance_app.classifiers.match import CalibratedScores
from attendance_app.classifiers.plda import PldaParameters, Templates, calibrated

RANDOM = np.random.default_rng(3)


def parameters(bend: float = 0.0) -> PldaParameters:
    plain = plda_parameters("encoder:1")
    return replace(plain, mean=RANDOM.normal(size=128), track_correlation=0.25, scale=0.7, offset=-1.5, bend=bend)


@pytest.mark.parametrize("bend", [0.0, 0.375])
def test_all_parameters_survive_their_file(tmp_path: Path, bend: float) -> None:
    before = parameters(bend)
    before.save(tmp_path / "parameters.npz")

    after = PldaParameters.load(tmp_path / "parameters.npz")

    assert (after.encoder_id, after.track_correlation, after.scale, after.offset, after.bend) == (
        "encoder:1",
        0.25,
        0.7,
        -1.5,
        bend,
    )
    for name in ("mean", "projection", "between"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_a_file_without_a_bend_has_none(tmp_path: Path) -> None:
    parameters().save(tmp_path / "parameters.npz")

    with np.load(tmp_path / "parameters.npz") as file:
        assert "bend" not in file


def test_parameters_are_computed_with_in_double_precision(tmp_path: Path) -> None:
    coarse = {name: getattr(parameters(), name).astype(np.float32) for name in ("mean", "projection", "between")}
    replace(parameters(), **coarse).save(tmp_path / "parameters.npz")

    after = PldaParameters.load(tmp_path / "parameters.npz")

    assert {after.mean.dtype, after.projection.dtype, after.between.dtype} == {np.dtype(np.float64)}


def test_a_file_of_another_format_is_refused_with_its_number(tmp_path: Path) -> None:
    np.savez(tmp_path / "newer.npz", format=np.int64(2))

    with pytest.raises(MatcherUnreadable) as refused:
        PldaParameters.load(tmp_path / "newer.npz")

    assert refused.value.details == {"file": "newer.npz", "cause": "format 2"}


def test_a_file_that_lacks_something_is_refused_with_its_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "half.npz", format=np.int64(1), encoder_id=np.str_("encoder:1"))

    with pytest.raises(MatcherUnreadable) as refused:
        PldaParameters.load(tmp_path / "half.npz")

    assert "mean" in refused.value.details["cause"]


def test_evidence_for_a_person_weighs_more_with_a_bend() -> None:
    ratios = np.array([-3.0, 0.0, 3.0])
    bent = 0.7 * ratios - 1.5 + 0.5 * np.log(1 + np.exp(ratios))

    assert parameters(0.5).log_odds(ratios) == pytest.approx(bent)
    assert parameters().log_odds(ratios) == pytest.approx(0.7 * ratios - 1.5)
    assert calibrated(ratios, scale=0.7, offset=-1.5) == pytest.approx(0.7 * ratios - 1.5)


def scores(students: int = 3) -> CalibratedScores:
    means = np.random.default_rng(4).normal(size=(students, 128)) * 3
    return CalibratedScores(parameters(), Templates(means=means, counts=np.ones(students)))


def test_the_prior_is_shared_by_the_students_and_half_is_the_strangers() -> None:
    odds = np.log(np.array([[1.0, 3.0, 2.0], [6.0, 0.5, 2.5]]))

    answer = scores().posterior(odds)

    # Of ten people before the camera five are strangers, the others each student alike.
    claims = np.exp(odds) * 0.5 / 3
    assert answer[:, :-1] == pytest.approx(claims / (claims.sum(axis=1, keepdims=True) + 0.5))
    assert answer.sum(axis=1) == pytest.approx(1)


def test_evidence_as_strong_as_it_likes_gives_probabilities() -> None:
    answer = scores().posterior(np.array([[2000.0, 0.0, -5.0], [-3000.0, -3000.0, -2900.0]]))

    assert answer[0] == pytest.approx([1, 0, 0, 0])
    assert answer[1] == pytest.approx([0, 0, 0, 1])


def test_without_students_there_are_strangers_only() -> None:
    assert scores(0).posterior(np.zeros((2, 0))).tolist() == [[1.0], [1.0]]


def test_a_track_is_worth_a_picture_at_least_and_sixteen_at_most() -> None:
    faces = np.random.default_rng(5).normal(size=(1, 128))
    worth = {count: scores().log_odds(faces, [count]) for count in (0, 1, 2, 16, 17, 500)}

    np.testing.assert_array_equal(worth[0], worth[1])
    np.testing.assert_array_equal(worth[16], worth[17])
    np.testing.assert_array_equal(worth[16], worth[500])
    assert not np.allclose(worth[1], worth[2])
    assert not np.allclose(worth[2], worth[16])
