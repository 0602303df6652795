"""Views of one face at several sizes: which pictures, how large, and found again in the cache."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Image
from attendance_app.lab.matcher import sized_faces
from attendance_app.lab.matcher.sized_faces import (
    AGAIN,
    FAR_VIEWS,
    MOST_PICTURES,
    SIZES,
    WHOLE,
    SizedView,
    as_filmed,
    jittered,
    read_sized_faces,
    resized,
    size_name,
)
from attendance_app.services.jobs import NoJob


def face(side: int = 250, width: int = 100) -> sized_faces.Face:
    random = np.random.default_rng(1)
    coarse = random.integers(0, 256, (side // 10, side // 10, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)
    corner = (side - width) // 2
    return sized_faces.Face(image, Box(corner, corner, corner + width, corner + width))


@pytest.mark.parametrize("width", SIZES)
def test_a_face_is_brought_to_a_width_and_stays_in_the_middle(width: int) -> None:
    small = resized(face(), width)
    assert small.box.width == pytest.approx(width, abs=1)
    height, across = small.image.shape[:2]
    assert small.box.center == pytest.approx((across / 2, height / 2), abs=1)


def test_boxes_are_moved_about_and_the_picture_is_not() -> None:
    whole = face()
    moved = [jittered(whole, np.random.default_rng(seed)) for seed in range(200)]
    assert all(one.image is whole.image for one in moved)
    off = np.array([one.box.center for one in moved]) - whole.box.center
    widths = np.log([one.box.width / whole.box.width for one in moved])
    assert np.abs(off.mean(axis=0)).max() < 1.5, "to no side in particular"
    assert off.std(axis=0) / whole.box.width == pytest.approx(sized_faces.MOVED, rel=0.25)
    assert widths.std() == pytest.approx(sized_faces.RESIZED, rel=0.25)


def test_a_film_shows_a_face_differently_each_time() -> None:
    small = resized(face(), 40).image
    one, other = (as_filmed(small, np.random.default_rng(seed)).astype(float) for seed in (1, 2))
    assert one.shape == small.shape
    assert np.abs(one - other).mean() > 1, "noise and light of their own"
    assert np.corrcoef(one.ravel(), small.ravel())[0, 1] > 0.9, "the same face"


def test_a_view_tells_the_size_that_its_sharpness_shows() -> None:
    view = SizedView.of(np.zeros((2, 128)), np.array([80.0, 80.0]), np.array([0.02, 0.0038]))
    assert view.face_px.tolist() == pytest.approx([80.0, 20.0])


def pictures(folder: Path, counts: Sequence[int]) -> Path:
    for person, count in enumerate(counts):
        (folder / f"P{person}").mkdir(parents=True)
        for number in range(count):
            (folder / f"P{person}" / f"{number}.jpg").write_bytes(b"no picture")
    return folder


def test_everybody_is_read_first_those_of_several_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sized_faces, "MOST_STRANGERS", 2)
    folder = pictures(tmp_path, [1, MOST_PICTURES + 3, 1, 2, 1])
    listed = sized_faces._listed([folder], np.random.default_rng(0))
    owners = [person for person, _ in listed]
    assert owners == ["P1"] * MOST_PICTURES + ["P3"] * 2 + ["P0", "P2"]
    assert len({file for _, file in listed}) == len(listed)


class _Reader:
    """Stands for the networks: a face in the middle of every picture, whose encoding is the mean colour."""

    def __init__(self) -> None:
        self.encoded = 0

    def find(self, image: Image) -> list[object]:
        from attendance_app.domain.faces import Detection

        side = image.shape[0]
        return [Detection(Box(side // 4, side // 4, 3 * side // 4, 3 * side // 4), 1.0)]

    def poses(self, image: Image, detections: list[object]) -> list[object]:
        from types import SimpleNamespace

        box = detections[0].detection.box if hasattr(detections[0], "detection") else detections[0].box  # type: ignore[attr-defined]
        return [SimpleNamespace(box=box, quality=SimpleNamespace(width_px=box.width, sharpness=0.01))]

    def chips(self, image: Image, poses: list[object]) -> Image:
        return np.asarray(cv2.resize(image, (150, 150)), np.uint8)[np.newaxis]

    def encode(self, chips: Image) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        self.encoded += len(chips)
        means = chips.reshape(len(chips), -1, 3).mean(axis=1)
        return np.tile(means, 43)[:, :128].astype(np.float32)

    def encode_afar(self, chips: Image) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        return self.encode(chips) + 1


def test_all_views_show_the_same_pictures_and_the_cache_spares_the_networks(tmp_path: Path) -> None:
    for person in range(3):
        (tmp_path / "data" / f"P{person}").mkdir(parents=True)
        for number in range(2):
            colour = np.full((250, 250, 3), 40 * person + 20 * number, dtype=np.uint8)
            cv2.imwrite(str(tmp_path / "data" / f"P{person}" / f"{number}.png"), colour)
    (tmp_path / "data" / "P2" / "broken.jpg").write_bytes(b"no picture")
    reader, cache = _Reader(), tmp_path / "cache"
    first = read_sized_faces(reader, [tmp_path / "data"], seed=3, job=NoJob(), cache=cache)  # type: ignore[arg-type]
    assert first.people.tolist() == [0, 0, 1, 1, 2, 2], "what can't be read is left out"
    assert set(first.views) >= {WHOLE, *map(size_name, SIZES), *AGAIN.values()}
    for size in SIZES:
        assert first.views[size_name(size)].face_px == pytest.approx(size, rel=0.5)
    for name, view in first.views.items():
        if name in FAR_VIEWS:
            assert view.far_encodings == pytest.approx(view.encodings + 1)
        else:
            assert view.far_encodings is None
    encoded = reader.encoded
    again = read_sized_faces(reader, [tmp_path / "data"], seed=3, job=NoJob(), cache=cache)  # type: ignore[arg-type]
    assert reader.encoded == encoded
    assert all((again.views[name].encodings == view.encodings).all() for name, view in first.views.items())
    assert (again.views[WHOLE].far_encodings == first.views[WHOLE].far_encodings).all()
    read_sized_faces(reader, [tmp_path / "data"], seed=4, job=NoJob(), cache=cache)  # type: ignore[arg-type]
    assert reader.encoded == 2 * encoded, "another seed draws other views"
