"""A source that lies on its side is turned upright."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image as Pictures

from attendance_app.vision.source_protocol import PictureMode
from attendance_app.vision.sources import open_source
from attendance_app.vision.turned_source import turned_source


@pytest.fixture
def folder(tmp_path):
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:, :20] = (255, 0, 0)  # red on the left
    Pictures.fromarray(picture).save(tmp_path / "1.png")
    return tmp_path


@pytest.mark.parametrize(
    ("turn", "red"),
    [
        (0, np.s_[:, :20]),
        (90, np.s_[:20, :]),
        (180, np.s_[:, 40:]),
        (270, np.s_[40:, :]),
        (360 + 90, np.s_[:20, :]),
    ],
)
def test_pictures_are_turned_clockwise(folder, turn, red):
    with open_source(str(folder), turn=turn) as source:
        frame = source.read()
        assert frame is not None
        assert (frame.image[red] == (255, 0, 0)).all()
        assert (frame.image == (255, 0, 0)).all(axis=2).sum() == 800
        assert source.read() is None
        assert (source.frames_read, source.recorded, source.truncated) == (1, True, False)


@pytest.mark.parametrize(("turn", "size"), [(0, (6, 4)), (90, (4, 6)), (180, (6, 4)), (270, (4, 6))])
def test_the_size_of_the_picture_is_that_of_the_turned_one(turn, size):
    source = turned_source(SimpleNamespace(picture=PictureMode(6, 4, 30.0)), turn)  # type: ignore[arg-type]
    assert source.picture == PictureMode(*size, 30.0)


def test_where_no_size_is_known_turning_makes_none():
    assert turned_source(SimpleNamespace(picture=None), 90).picture is None  # type: ignore[arg-type]
