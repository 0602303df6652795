"""The demo's film: the same every time, and people come when they should."""

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from attendance_app.services.demo import clip
from attendance_app.services.demo.clip import FPS, HEIGHT, WIDTH, ClipPerson, frames, read_bust, write_clip
from attendance_app.services.demo.errors import DemoPictureDamaged


def _figure(shade: int) -> np.ndarray:
    figure = np.full((384, 288, 4), shade, np.uint8)
    figure[..., 3] = 255
    return figure


def test_the_same_seed_draws_the_same_frames() -> None:
    people = [ClipPerson((_figure(20),)), ClipPerson((_figure(240),))]
    once, again, other = (list(islice(frames(people, seed=seed), 2)) for seed in (1, 1, 2))
    assert once[1].shape == (HEIGHT, WIDTH, 3)
    assert all(np.array_equal(left, right) for left, right in zip(once, again, strict=True))
    assert not np.array_equal(once[1], other[1])


def test_a_latecomer_is_seen_only_after_coming() -> None:
    drawn = list(islice(frames([ClipPerson((_figure(0),), arrives=2.0)], seed=1), round(FPS * 2.5)))
    empty = next(iter(frames([], seed=1)))
    assert np.abs(drawn[0].astype(int) - empty.astype(int)).max() < 30
    assert (drawn[-1] < 12).all(axis=-1).sum() > 5000


def test_a_written_clip_has_all_frames_and_reports_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "SECONDS", 0.5)
    told: list[tuple[int, int]] = []
    write_clip(tmp_path / "clip.avi", [], seed=1, report=lambda done, total: told.append((done, total)))
    assert told == [(number, 6) for number in range(1, 7)]
    assert cv2.VideoCapture(str(tmp_path / "clip.avi")).get(cv2.CAP_PROP_FRAME_COUNT) == 6


def test_a_damaged_bust_is_named(tmp_path: Path) -> None:
    file = tmp_path / "S01-1.webp"
    file.write_bytes(b"no picture")
    with pytest.raises(DemoPictureDamaged, match="S01-1"):
        read_bust(file)
