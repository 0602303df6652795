"""The encodings' and the network's probabilities for one face become one answer."""

import numpy as np
import pytest

from attendance_app.domain.fusion import fuse


def test_agreement_makes_surer():
    main, second = np.array([[0.9, 0.02, 0.08]]), np.array([[0.8, 0.05, 0.15]])

    fused = fuse(main, second)

    assert fused[0, 0] > 0.9
    assert fused.sum() == pytest.approx(1)


@pytest.mark.parametrize("second", [[0.01, 0.98, 0.01], [0.01, 0.01, 0.98]], ids=["another student", "a stranger"])
def test_disagreement_is_never_sure(second):
    fused = fuse(np.array([[0.9999, 0.00005, 0.00005]]), np.array([second]))

    assert fused[0].max() < 0.6
    assert fused.sum() == pytest.approx(1)


def test_two_who_see_a_stranger_agree():
    assert fuse(np.array([[0.1, 0.9]]), np.array([[0.2, 0.8]]))[0, -1] > 0.9


def test_each_face_is_fused_by_itself():
    main = np.array([[0.6, 0.3, 0.1], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    second = np.array([[0.64, 0.16, 0.2], [0.2, 0.5, 0.3], [0.25, 0.5, 0.25]])

    fused = fuse(main, second)

    # Where they agree: the main opinion times the square root of the second, brought to a sum of 1.
    first = main[0] * np.sqrt(second[0])
    third = main[2] * np.sqrt(second[2])
    assert fused[0] == pytest.approx(first / first.sum())
    assert fused[1] == pytest.approx([0.45, 0.35, 0.2])
    assert fused[2] == pytest.approx(third / third.sum())


def test_an_opinion_of_nought_is_no_division_by_nought():
    fused = fuse(np.array([[1.0, 0.0, 0.0]]), np.array([[1.0, 0.0, 0.0]]))

    assert fused[0] == pytest.approx([1, 0, 0])


def test_probabilities_may_be_as_small_as_they_like():
    fused = fuse(np.array([[1e-300, 1e-299, 1.0]]), np.array([[1e-300, 1e-299, 1.0]]))

    assert np.isfinite(fused).all()
    assert fused.sum() == pytest.approx(1)


def test_a_face_is_fused_though_another_face_has_far_larger_evidence():
    main = np.array([[1.0, 0.0, 0.0], [1e-11, 9e-12, 0.0]])

    fused = fuse(main, main)

    assert fused[1, 0] > fused[1, 1] > fused[1, 2] > 0
