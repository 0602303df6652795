"""How many pixels of a face really show something."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Quality
from attendance_app.vision.quality import RESOLVING, assess, resolved_px, resolved_width


def quality(width: int, sharpness: float) -> Quality:
    return Quality(1.0, None, width, sharpness, 0.5, 0.0)


@pytest.mark.parametrize("width", [16, 33, 60, 200])
def test_a_sharp_face_is_as_large_as_it_is(width: int) -> None:
    assert resolved_px(quality(width, 0.02)) == width


def test_an_unsharp_face_counts_as_the_small_one_that_shows_as_much() -> None:
    for small, sharpness in RESOLVING[:-1]:
        assert resolved_width(150, sharpness) == pytest.approx(small)
    sizes = [resolved_width(90, sharpness) for sharpness in np.linspace(0.0, 0.02, 60)]
    assert (np.diff(sizes) >= 0).all()
    assert (min(sizes), max(sizes)) == pytest.approx((16, 90))


def test_no_face_counts_as_larger_than_it_is_and_none_without_detail_is_an_error() -> None:
    assert resolved_width(14, 0.009) == 14
    assert resolved_width(120, 0.0) == pytest.approx(RESOLVING[0][0])


def test_blur_makes_a_face_count_as_smaller() -> None:
    coarse = np.random.default_rng(3).integers(40, 220, (30, 30, 3)).astype(np.uint8)
    image = cv2.resize(coarse, (90, 90), interpolation=cv2.INTER_CUBIC)
    points = np.array([[68, 36], [52, 36], [22, 36], [38, 36], [45, 56]], dtype=np.float32)
    sizes = [
        resolved_px(assess(cv2.GaussianBlur(image, (0, 0), sigma), Box(0, 0, 90, 90), points))
        for sigma in (0.1, 2.5, 4.0, 6.0)
    ]
    assert sizes[0] == 90
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 45
