from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MASK_CLASSES, MaskState
from attendance_app.lab.errors import NoFaceToDrawOn
from attendance_app.lab.mask.drawn_faces import TURNS, drawn_faces
from attendance_app.lab.mask.sampling import FAMILY_SHARES, part_faces

POINTS = np.array([[130, 80], [110, 80], [70, 80], [90, 80], [100, 115]], dtype=np.float32)


def people(root: Path, count: int) -> Path:
    for number in range(count):
        (root / f"person{number:02}").mkdir(parents=True)
        for picture in range(3):
            Image.new("RGB", (200, 200), (180, 140, 120)).save(root / f"person{number:02}" / f"{picture}.png")
    return root


def drawn(root: Path, *, seed: int = 0, find=lambda _image: [Box(50, 50, 150, 150)]):
    return drawn_faces(root, find, lambda _image, _box: POINTS, seed=seed, report=lambda _done, _total: None)


def test_one_face_a_person_is_drawn_and_labelled_as_the_mask_is_worn(tmp_path):
    faces = drawn(people(tmp_path, 2 * len(TURNS)))
    assert len(faces) == 2 * len(TURNS)
    states = Counter(MASK_CLASSES[label] for label in faces.labels)
    assert states[MaskState.WITHOUT_MASK] == 2 * TURNS.count(None)
    assert states[MaskState.WORN_INCORRECTLY] > states[MaskState.WITH_MASK] > 0
    bare = [family.endswith("bare") for family in faces.families]
    changed = [bool(face[..., 0].std() > 5) for face in faces.pictures]
    assert changed == [not one for one in bare]


def test_the_same_seed_draws_the_same_and_drawn_faces_are_trained_on_only(tmp_path):
    root = people(tmp_path, len(TURNS))
    first, again, other = drawn(root), drawn(root), drawn(root, seed=1)
    assert np.array_equal(first.pictures, again.pictures)
    assert not np.array_equal(first.pictures, other.pictures)
    assert part_faces(first, seed=0).training.tolist() == list(range(len(first)))
    assert set(first.families) <= set(FAMILY_SHARES)


def test_a_folder_without_faces_is_refused(tmp_path):
    with pytest.raises(NoFaceToDrawOn):
        drawn(people(tmp_path, 2), find=lambda _image: [])
