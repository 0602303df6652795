"""An animated picture is a film: all of its pictures are read, at their own times."""

import numpy as np
import pytest
from PIL import Image as Pictures

from attendance_app.vision.films.animation import is_animated
from attendance_app.vision.sources import open_source

SHADES = (40, 90, 140, 190, 240)


def animated(path, *, shades=SHADES, duration=200, size=(64, 48)):
    """Write one plain picture of each shade."""
    pictures = [Pictures.new("RGB", size, (shade, shade, shade)) for shade in shades]
    how = {"lossless": True} if path.suffix == ".webp" else {}
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=duration, **how)
    return path


def frames(source):
    while (frame := source.read()) is not None:
        yield frame


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_every_picture_of_an_animation_is_read_at_its_time(tmp_path, suffix):
    with open_source(str(animated(tmp_path / f"a{suffix}"))) as source:
        seen = list(frames(source))
        assert not source.truncated
    assert [float(frame.image.mean()) for frame in seen] == pytest.approx(SHADES, abs=2)
    assert [round(frame.seconds, 2) for frame in seen] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert {frame.image.shape for frame in seen} == {(48, 64, 3)}


def test_an_animation_that_states_no_times_is_shown_as_browsers_do(tmp_path):
    with open_source(str(animated(tmp_path / "a.gif", duration=0))) as source:
        assert [round(frame.seconds, 2) for frame in frames(source)] == [0.0, 0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_a_picture_that_does_not_move_is_a_photo(tmp_path, suffix):
    still = animated(tmp_path / f"a{suffix}", shades=(90,))
    assert not is_animated(still)
    with open_source(str(still)) as source:
        assert len(list(frames(source))) == 1


def test_a_cut_animation_gives_what_it_has(tmp_path):
    noise = np.random.default_rng(1)
    pictures = [Pictures.fromarray(noise.integers(0, 255, (48, 64, 3), dtype=np.uint8)) for _ in range(8)]
    path = tmp_path / "a.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with open_source(str(path)) as source:
        assert 3 <= len(list(frames(source))) <= 6
