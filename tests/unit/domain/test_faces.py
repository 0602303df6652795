"""Rectangles about faces."""

import pytest

from attendance_app.domain.faces import Box, FloatBox

BOX = Box(10, 20, 30, 60)


def test_a_box_knows_its_size_and_centre():
    assert (BOX.width, BOX.height, BOX.area, BOX.center) == (20, 40, 800, (20.0, 40.0))


@pytest.mark.parametrize("box", [Box(30, 20, 10, 60), Box(10, 60, 30, 20)], ids=["width", "height"])
def test_a_box_turned_inside_out_has_no_area(box):
    assert box.area == 0


@pytest.mark.parametrize(
    ("other", "common"),
    [
        pytest.param(BOX, 800, id="itself"),
        pytest.param(Box(25, 50, 100, 100), 50, id="its lower right corner"),
        pytest.param(Box(0, 0, 15, 25), 25, id="its upper left corner"),
        pytest.param(Box(30, 20, 50, 60), 0, id="a neighbour that touches it"),
        pytest.param(Box(40, 20, 50, 60), 0, id="one to the right"),
        pytest.param(Box(10, 70, 30, 80), 0, id="one below"),
        pytest.param(Box(40, 70, 50, 80), 0, id="one to the right and below: no product of two negatives"),
    ],
)
def test_the_area_in_common(other, common):
    assert BOX.intersection(other) == common
    assert other.intersection(BOX) == common


def test_intersection_over_union():
    assert BOX.iou(BOX) == 1
    assert BOX.iou(Box(20, 20, 40, 60)) == pytest.approx(400 / 1200)
    assert BOX.iou(Box(100, 100, 120, 120)) == 0
    assert Box(5, 5, 5, 5).iou(Box(5, 5, 5, 5)) == 0


def test_a_moved_box_keeps_its_size():
    moved = BOX.moved(3, -4)

    assert (moved.left, moved.top, moved.right, moved.bottom) == (13, 16, 33, 56)


def test_a_grown_box_keeps_its_centre():
    grown = BOX.grown(1.5)

    assert (grown.left, grown.top, grown.right, grown.bottom) == (5, 10, 35, 70)


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        pytest.param(Box(-5, -6, 200, 300), (0, 0, 100, 80), id="larger than the picture"),
        pytest.param(Box(10, 20, 30, 60), (10, 20, 30, 60), id="inside it"),
        pytest.param(Box(-30, -20, -10, -5), (0, 0, 0, 0), id="to its left and above"),
        pytest.param(Box(120, 90, 140, 95), (100, 80, 100, 80), id="to its right and below"),
    ],
)
def test_a_clipped_box_lies_in_the_picture(box, inside):
    clipped = box.clipped(100, 80)

    assert (clipped.left, clipped.top, clipped.right, clipped.bottom) == inside


def test_a_box_of_fractions_gathers_small_moves_and_is_rounded_at_the_end():
    box = FloatBox.of(BOX)
    for _ in range(3):
        box = box.moved(0.4, -0.2)

    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((11.2, 19.4, 31.2, 59.4))
    assert (box.width, box.height) == pytest.approx((20, 40))
    assert box.rounded() == Box(11, 19, 31, 59)
