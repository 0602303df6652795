"""The drawing of a photo with what was seen of masks in it."""

from io import BytesIO

import numpy as np
from PIL import Image as Pillow

from attendance_app.domain.faces import Box
from attendance_app.services.mask.drawing import BLUE, LONGEST_SIDE, PANEL, BoxLabel, Panel, drawn

GREY = np.full((100, 200, 3), 128, np.uint8)
RED = np.full((8, 8, 3), (200, 0, 0), np.uint8)


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(BytesIO(data)).convert("RGB")


def test_the_box_is_drawn_where_the_face_is() -> None:
    picture = opened(drawn(GREY, [BoxLabel(Box(20, 10, 80, 90), "")], []))

    assert picture.size == (200, 100)
    assert picture.getpixel((20, 50)) == BLUE
    assert picture.getpixel((50, 50)) == (128, 128, 128)


def test_a_large_photo_is_shrunk_with_its_boxes() -> None:
    large = np.full((1000, 2 * LONGEST_SIDE, 3), 128, np.uint8)

    picture = opened(drawn(large, [BoxLabel(Box(200, 100, 800, 900), "")], []))

    assert picture.size == (LONGEST_SIDE, 500)
    assert picture.getpixel((100, 250)) == BLUE


def test_what_the_network_saw_stands_side_by_side_below() -> None:
    picture = opened(drawn(GREY, [], [Panel(RED, ["squashed", "unsure"]), Panel(RED, ["found"])]))

    assert picture.width > 2 * PANEL
    reds = [x for x in range(picture.width) if picture.getpixel((x, 100 + PANEL // 2)) == (200, 0, 0)]
    assert len(reds) == 2 * PANEL
    below = np.asarray(picture)[100 + PANEL + 32 :]
    assert (below < 100).any()
