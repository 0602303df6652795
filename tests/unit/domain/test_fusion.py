"""Two opinions of one face."""

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
