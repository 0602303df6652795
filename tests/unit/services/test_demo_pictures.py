"""What is shipped in resources/demo: everybody found, nobody mistaken for another, small enough."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from attendance_app.bootstrap import open_reader
from attendance_app.config.paths import bundled
from attendance_app.services.demo.clip import read_bust
from attendance_app.vision.photo import load_photo

DEMO = bundled("resources") / "demo"
STUDENTS = [f"S{number:02}" for number in range(1, 25)]


@pytest.fixture(scope="module")
def encodings() -> dict[str, NDArray[np.float32]]:
    """Of every photo and of every bust before a grey wall, by person."""
    reader = open_reader("hog")
    found: dict[str, list[NDArray[np.float32]]] = {}
    pictures = [(file.parent.name, load_photo(file)) for file in sorted((DEMO / "photos").glob("*/*.jpg"))]
    for file in sorted((DEMO / "busts").glob("*.webp")):
        figure = read_bust(file).astype(np.float32)
        cover = figure[..., 3:] / 255
        pictures.append((file.stem.split("-")[0], (figure[..., :3] * cover + 205 * (1 - cover)).astype(np.uint8)))
    for name, picture in pictures:
        detections = reader.find(picture)
        assert len(detections) == 1, name
        found.setdefault(name, []).append(reader.read(picture, detections)[0].encoding)
    return {name: np.stack(rows) for name, rows in found.items()}


def test_there_are_24_students_and_a_stranger(encodings: dict[str, NDArray[np.float32]]) -> None:
    assert sorted(encodings) == [*STUDENTS, "X01"]
    assert {len(rows) for rows in encodings.values()} == {5}


def test_pictures_of_one_person_lie_together(encodings: dict[str, NDArray[np.float32]]) -> None:
    farthest = max(np.linalg.norm(rows[:, None] - rows[None], axis=-1).max() for rows in encodings.values())
    # This bound and those below: docs/adr/0050.
    assert farthest <= 0.25


def test_different_people_lie_apart(encodings: dict[str, NDArray[np.float32]]) -> None:
    nearest = min(
        np.linalg.norm(one[:, None] - other[None], axis=-1).min() for one, other in combinations(encodings.values(), 2)
    )
    assert nearest >= 0.65


def test_the_demo_weighs_less_than_3_megabytes() -> None:
    assert sum(file.stat().st_size for file in DEMO.rglob("*") if file.is_file()) < 3_000_000


def test_no_real_face_is_near(encodings: dict[str, NDArray[np.float32]], shared_data: Path) -> None:
    """A sample of the people learnt from; the command that makes the pictures looks at all of them."""
    reader = open_reader("hog")
    real = []
    for folder in sorted((shared_data / "lfw-original").iterdir())[:400:2]:
        for file in sorted(folder.glob("*.jpg"))[:1]:
            picture = load_photo(file)
            real += [face.encoding for face in reader.read(picture, reader.find(picture))]
    assert len(real) >= 190
    made = np.concatenate(list(encodings.values()))
    assert np.linalg.norm(made[:, None] - np.stack(real)[None], axis=-1).min() >= 0.5
