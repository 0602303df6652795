"""Rows, reach and advice, from faces whose sizes and places a test sets."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Quality
from attendance_app.services.room_check.advice import (
    Nobody,
    PictureTrouble,
    TooSmall,
    Trouble,
    distance_m,
    remedies,
)
from attendance_app.services.room_check.check import RoomChecker, judge
from attendance_app.services.room_check.drawing import drawn
from attendance_app.services.room_check.room import RoomCheck, RoomFace, label_heights
from attendance_app.services.room_check.rows import is_level, rows_of
from attendance_app.services.session.cadence import Scan
from attendance_app.vision.reach import IN_PHOTOGRAPHS, NEAR_DETECTORS_FROM, Reach, SizeLimits, in_session

LIMITS = SizeLimits(sure=30, least=24)
GOOD = Quality(0.9, None, 60, 0.02, 0.4, 0.1)
SHARP = np.random.default_rng(3).integers(40, 200, (720, 1280, 3), dtype=np.uint8)


def box(x: float, y: float, size: int) -> Box:
    return Box(round(x - size / 2), round(y - size / 2), round(x + size / 2), round(y + size / 2))


def room(*rows: tuple[float, int, int]) -> list[Box]:
    """Rows as (height in the picture, size, faces), spread over 1280 pixels."""
    return [box(1280 * (n + 0.5) / count, y, size) for y, size, count in rows for n in range(count)]


def faces(boxes: list[Box], limits: SizeLimits = LIMITS, quality: Quality = GOOD) -> list[RoomFace]:
    return [RoomFace(b, replace(quality, width_px=b.width), limits.reach(b.width)) for b in boxes]


def checked(*rows: tuple[float, int, int], photographs: bool = False, quality: Quality = GOOD) -> RoomCheck:
    return judge(faces(room(*rows), quality=quality), SHARP, LIMITS, photographs=photographs)


# -- rows


def test_rows_are_told_by_height_and_begin_with_the_nearest() -> None:
    rows = rows_of(room((200, 20, 5), (600, 60, 2), (400, 40, 3)))
    assert [len(row) for row in rows] == [2, 3, 5]


def test_a_row_that_slopes_or_nods_a_little_stays_one_row() -> None:
    boxes = [box(100 + 150 * n, 400 - 8 * n, 40) for n in range(4)]
    assert len(rows_of(boxes)) == 1


def test_faces_at_one_height_are_rows_by_their_size() -> None:
    boxes = [box(100 + 100 * n, 300, size) for n, size in enumerate((80, 24, 78, 40, 26, 42))]
    assert is_level(boxes)
    assert [[boxes[index].width for index in row] for row in rows_of(boxes)] == [[80, 78], [40, 42], [24, 26]]


def test_a_single_row_is_not_level_with_anything_behind() -> None:
    assert not is_level(room((300, 40, 6)))


def test_labels_of_near_rows_give_way_upwards_only() -> None:
    result = checked((600, 60, 2), (400, 40, 3), (330, 20, 3), (310, 20, 3))
    heights = label_heights(result.rows, apart=30)
    assert heights[:2] == [600, 400]
    assert all(below - above >= 30 for below, above in pairwise(heights))


# -- reach and advice


def test_a_room_of_large_faces_works() -> None:
    result = checked((600, 80, 3), (400, 45, 4))
    assert result.works
    assert [row.reach for row in result.rows] == [Reach.SURE, Reach.SURE]
    assert result.count(Reach.SURE) == 7


def test_the_last_rows_that_are_too_small_are_counted_and_measured() -> None:
    (advice,) = checked((600, 80, 3), (400, 45, 4), (300, 22, 5), (200, 18, 5)).advice
    assert isinstance(advice, TooSmall)
    assert (advice.rows, advice.faces, advice.smallest, advice.largest) == (2, 10, 18, 22)
    assert advice.never


def test_rows_between_the_limits_are_recognised_now_and_then() -> None:
    result = checked((600, 80, 3), (300, 26, 5))
    (advice,) = result.advice
    assert isinstance(advice, TooSmall)
    assert not advice.never
    assert result.rows[1].reach is Reach.UNSURE
    assert not result.works


def test_nobody_in_the_picture_is_no_room_that_works() -> None:
    result = judge([], SHARP, LIMITS, photographs=False)
    assert result.advice == (Nobody(),)
    assert not result.works


def test_a_dark_picture_is_said_first() -> None:
    result = judge(faces(room((300, 18, 5))), SHARP // 20, LIMITS, photographs=False)
    assert result.advice[0] == PictureTrouble(Trouble.DARK)
    assert isinstance(result.advice[1], TooSmall)


@pytest.mark.parametrize(
    ("quality", "trouble"),
    [
        (replace(GOOD, brightness=0.02), Trouble.FACES_DARK),
        (replace(GOOD, brightness=0.95), Trouble.FACES_BRIGHT),
        (replace(GOOD, sharpness=0.0005), Trouble.FACES_BLURRED),
    ],
)
def test_a_flaw_that_many_faces_share_is_the_rooms(quality: Quality, trouble: Trouble) -> None:
    assert checked((600, 60, 5), quality=quality).advice == (PictureTrouble(trouble, 5),)


def test_two_dark_faces_are_no_fault_of_the_room() -> None:
    dark = faces(room((600, 60, 2)), quality=replace(GOOD, brightness=0.02))
    assert judge([*dark, *faces(room((400, 50, 3)))], SHARP, LIMITS, photographs=False).works


def test_small_faces_are_not_called_blurred() -> None:
    assert checked((600, 32, 5), quality=replace(GOOD, sharpness=0.0005)).works


def test_a_camera_at_the_height_of_the_heads_should_be_raised() -> None:
    level = [box(100 + 100 * n, 300, size) for n, size in enumerate((80, 78, 40, 42, 35, 36))]
    assert judge(faces(level), SHARP, LIMITS, photographs=False).advice == (PictureTrouble(Trouble.LEVEL),)


# -- remedies


def test_a_camera_goes_nearer_by_the_share_that_enlarges_the_faces() -> None:
    found = remedies(20, 30, nearest=25, picture_width=1920, photographs=False)
    assert found.distance == pytest.approx(2 / 3)
    assert found.metres == pytest.approx(distance_m(20, picture_width=1920) / 3)


def test_a_camera_cannot_go_nearer_than_the_first_row_lets_it() -> None:
    found = remedies(20, 30, nearest=120, picture_width=1920, photographs=False)
    assert found.distance is None
    assert found.metres is None


def test_the_distance_is_that_of_a_face_in_an_assumed_field_of_view() -> None:
    # A picture 1000 pixels wide, of 65 degrees: at one metre it shows 1.274 m, and a face of 0.16 m is 125.6 pixels.
    assert distance_m(1000 * 0.16 / (2 * math.tan(math.radians(32.5))), picture_width=1000) == pytest.approx(1)


@pytest.mark.parametrize(("size", "width"), [(20, 1920), (12, 3840), (8, None)])
def test_a_larger_picture_is_one_that_cameras_give(size: int, width: int | None) -> None:
    found = remedies(size, 30, nearest=200, picture_width=1280, photographs=False)
    assert found.camera_width == width


def test_a_phones_photograph_is_counted_by_how_much_it_enlarges() -> None:
    assert remedies(15, 34, nearest=80, picture_width=1280, photographs=False).photographs == 1
    assert remedies(6, 34, nearest=80, picture_width=1280, photographs=False).photographs == 2
    assert remedies(1, 34, nearest=80, picture_width=1280, photographs=False).photographs is None


def test_of_a_photograph_only_shares_are_said_and_a_second_one_is_of_a_part() -> None:
    found = remedies(20, 30, nearest=22, picture_width=4000, photographs=True)
    assert (found.distance, found.metres, found.camera_width, found.photographs) == (
        pytest.approx(2 / 3),
        None,
        None,
        2,
    )


# -- limits


def test_a_detector_of_near_faces_sets_the_limit_of_a_session() -> None:
    assert in_session("hog").least == in_session("cnn").sure == NEAR_DETECTORS_FROM
    assert IN_PHOTOGRAPHS.least < in_session("auto").least < NEAR_DETECTORS_FROM
    assert [IN_PHOTOGRAPHS.reach(width) for width in (32, 31, 20, 19)] == [
        Reach.SURE,
        Reach.UNSURE,
        Reach.UNSURE,
        Reach.OUT,
    ]


class Reader:
    """Finds what it is told."""

    def __init__(self, *sizes: int) -> None:
        self.detector = self
        self.any_size = True
        self.sizes = sizes
        self.asked: list[tuple[float, float]] = []

    def detect(self, _image, *, upsample=1.0, threshold=0.0):
        self.asked.append((upsample, threshold))
        return list(self.sizes)

    def poses(self, _image, found, *, gate):
        assert gate.width_px == 0
        made = []
        for place, size in enumerate(found):
            b = box(100 + 100 * place, 700 - 2 * size, size)
            quality = replace(GOOD, width_px=size)
            made.append(type("Pose", (), {"detection": type("Found", (), {"box": b}), "quality": quality}))
        return made


def test_faces_that_the_settings_detector_would_miss_are_found_and_said() -> None:
    reader = Reader(80, 45, 45, 44)
    result = RoomChecker(reader, Scan(1.5, -0.2), detector="hog").check(SHARP)
    assert reader.asked == [(1.5, -0.2)]
    assert result.advice[0] == PictureTrouble(Trouble.NEAR_DETECTOR, 3)
    assert result.count(Reach.OUT) == 3
    assert RoomChecker(reader, Scan(), detector="auto").check(SHARP).works


# -- drawing


def test_each_reach_has_a_shape_of_its_own() -> None:
    boxes = [box(200, 300, 40), box(400, 300, 27), box(600, 300, 20)]
    blank = np.full((720, 1280, 3), 90, np.uint8)
    result = judge(faces(boxes), blank, LIMITS, photographs=False)
    changed = (drawn(result, blank) != blank).any(axis=2)
    sure, unsure, out = (changed[b.top : b.bottom, b.left : b.right] for b in boxes)
    middle = slice(17, 23)
    assert sure[0].all()
    assert not sure[middle, middle].any()
    assert not unsure[0, 12:15].any()
    assert unsure[0, :5].all()
    assert out[8:12, 8:12].any()
    assert (blank == 90).all()
