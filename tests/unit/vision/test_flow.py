"""How far faces have moved between two pictures."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import FloatBox
from attendance_app.vision.flow import flow_picture, shifts

SIZE = 200.0
"""A box's nine points lie a quarter, a half and three quarters of this from its edges."""


def textured() -> np.ndarray:
    coarse = np.random.default_rng(0).integers(0, 255, (45, 80, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), dtype=np.uint8))


@pytest.mark.parametrize(
    ("left", "top", "points"),
    [
        pytest.param(100, 80, 9, id="inside the picture"),
        pytest.param(-90, 80, 6, id="a third of the points beyond its left edge"),
        pytest.param(80, -90, 6, id="a third beyond its top"),
        pytest.param(-90, -90, 4, id="more than half beyond its corner"),
        pytest.param(-130, 80, 3, id="two thirds beyond its left edge"),
        pytest.param(-400, 80, 0, id="all of them"),
    ],
)
def test_a_shift_is_known_where_half_of_the_points_are_found_again(left, top, points):
    before = flow_picture(textured())
    now = flow_picture(np.roll(textured(), (3, 4), axis=(0, 1)))

    [shift] = shifts(before, now, [FloatBox(left, top, left + SIZE, top + SIZE)])

    if points * 2 < 9:
        assert shift is None
    else:
        assert shift == pytest.approx((4, 3), abs=0.5)


def test_each_face_has_the_shift_of_its_own_points():
    picture = textured()
    moved = picture.copy()
    moved[:, 320:] = np.roll(picture[:, 320:], 5, axis=1)

    answer = shifts(
        flow_picture(picture),
        flow_picture(moved),
        [FloatBox(60, 100, 140, 180), FloatBox(-300, 0, -220, 80), FloatBox(460, 100, 540, 180)],
    )

    assert answer[0] == pytest.approx((0, 0), abs=0.2)
    assert answer[1] is None
    assert answer[2] == pytest.approx((5, 0), abs=0.5)


def test_a_shift_is_in_the_pixels_of_the_frame_however_large_it_is():
    large = np.kron(textured(), np.ones((3, 3, 1), dtype=np.uint8))

    [shift] = shifts(
        flow_picture(large),
        flow_picture(np.roll(large, (9, 12), axis=(0, 1))),
        [FloatBox(300, 300, 900, 900)],
    )

    assert shift == pytest.approx((12, 9), abs=1.5)


def test_no_faces_have_no_shifts():
    picture = flow_picture(textured())
    assert shifts(picture, picture, []) == []


def test_a_far_face_is_followed_across_a_background_that_stands_still():
    random = np.random.default_rng(1)

    def grain(height: int, width: int, middle: int) -> np.ndarray:
        """Uneven like a picture."""
        coarse = random.normal(middle, 60, (height // 4, width // 4, 3)).clip(0, 255).astype(np.uint8)
        return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))

    background, face = grain(1080, 1920, 110), grain(20, 20, 150)
    place, before = FloatBox(900, 500, 920, 520), None

    for step in range(8):
        frame = background.copy()
        frame[500 : 500 + 20, 900 + 3 * step : 920 + 3 * step] = face
        now = flow_picture(frame)
        if before is not None:
            [shift] = shifts(before, now, [place])
            assert shift is not None
            place = place.moved(*shift)
        before = now

    assert (place.left, place.top) == pytest.approx((921, 500), abs=2)
