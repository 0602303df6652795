"""A folder of pictures plays in natural order."""

import numpy as np
import pytest
from PIL import Image as Pictures

from attendance_app.domain.errors import SourceError
from attendance_app.vision.errors import NoPicturesInFolder
from attendance_app.vision.picture_folder import PictureFolder, pictures_in


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 10):
        Pictures.new("RGB", (20, 10), (number, 0, 0)).save(tmp_path / f"shot {number}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_bytes(b"")
    (tmp_path / "inner.png").mkdir()
    return tmp_path


def reds(source):
    found = []
    while (frame := source.read()) is not None:
        found.append((frame.index, frame.seconds, int(frame.image[0, 0, 0])))
    return found


def test_numbers_in_names_count_by_value(folder):
    assert [file.name for file in pictures_in(folder)] == ["shot 1.png", "shot 2.png", "shot 10.png"]


def test_pictures_are_frames_a_settable_time_apart(folder):
    with PictureFolder("a", pictures_in(folder), seconds_per_picture=0.5) as source:
        assert reds(source) == [(0, 0.0, 1), (1, 0.5, 2), (2, 1.0, 10)]
        assert not source.truncated


def test_an_unreadable_picture_is_left_out_and_noted(folder):
    (folder / "shot 5.png").write_bytes(b"broken")
    with PictureFolder("a", pictures_in(folder)) as source:
        assert [red for _, _, red in reds(source)] == [1, 2, 10]
        assert source.truncated
        assert source.frames_read == 4
        assert [error.details["name"] for error in source.skipped] == ["shot 5.png"]


def test_a_folder_with_unreadable_pictures_only_is_an_error(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"broken")
    with PictureFolder("a", pictures_in(tmp_path)) as source, pytest.raises(SourceError, match=r"a\.jpg"):
        source.read()


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(NoPicturesInFolder):
        pictures_in(tmp_path)


def test_in_real_time_a_slow_reader_misses_pictures_but_not_the_last(folder):
    clock = iter(np.repeat([0.0, 1.2, 60.0, 60.0, 60.0], 2).tolist())
    with PictureFolder("a", pictures_in(folder), realtime=True, clock=lambda: next(clock)) as source:
        assert [frame.index for frame in (source.read(), source.read(), source.read())] == [0, 1, 2]
        assert source.read() is None


def test_closing_ends_it(folder):
    source = PictureFolder("a", pictures_in(folder))
    source.close()
    assert source.read() is None
