"""Which faces a training draws how often, and which it must not see."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.mask.data import Indices, MaskPictures, split_pictures
from attendance_app.lab.mask.faces import EXTRA, INDEPENDENT, REPORT, MaskFaces

TEST_SHARES = {REPORT: 0.3, INDEPENDENT: 0.3}
"""Share of each set that is kept for the test: whole source groups, whole photographs."""
VALIDATION_SHARE = 0.15

FAMILY_SHARES = {
    REPORT: 1.0,
    f"{INDEPENDENT}/listed": 0.5,
    f"{INDEPENDENT}/found": 0.7,
    f"{EXTRA}/with_mask/cloth": 0.35,
    f"{EXTRA}/with_mask/n95": 0.3,
    f"{EXTRA}/with_mask/surgical": 0.35,
    f"{EXTRA}/with_mask/synthetic": 0.1,
    f"{EXTRA}/without_mask/plain": 0.8,
    f"{EXTRA}/mask_weared_incorrect/street": 0.6,
    f"{EXTRA}/mask_weared_incorrect/synthetic": 0.3,
    "drawn/bare": 0.4,
    "drawn/right": 0.5,
    "drawn/under_nose": 0.25,
    "drawn/on_chin": 0.15,
    "drawn/on_one_ear": 0.1,
}
"""How often a family is drawn within its class, relative to the others. Drawn masks (synthetic) least."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceParts:
    """Indices of faces. ``tests`` has one entry a set: faces of groups that no other part has seen."""

    training: Indices
    validation: Indices
    tests: dict[str, Indices]


def part_faces(faces: MaskFaces, *, seed: int, use_independent: bool = True) -> FaceParts:
    """Split every set by group. The same seed gives the same parts.

    Without ``use_independent`` the whole independent set is a test, and validation comes from the others.
    """
    # Faces of masks-extra and drawn ones stay in training: they belong to no test.
    part = np.full(len(faces), "training", dtype="<U12")
    sets = np.array([family.split("/")[0] for family in faces.families])
    for name, share in TEST_SHARES.items():
        members = np.flatnonzero(sets == name)
        if not len(members):
            continue
        if name == INDEPENDENT and not use_independent:
            part[members] = "test"
            continue
        rest, test = _split(faces, members, share, seed)
        part[test] = "test"
        _, validation = _split(faces, rest, VALIDATION_SHARE, seed + 1)
        part[validation] = "validation"
    tests = {name: np.flatnonzero((part == "test") & (sets == name)) for name in TEST_SHARES}
    return FaceParts(
        training=np.flatnonzero(part == "training"),
        validation=np.flatnonzero(part == "validation"),
        tests={name: members for name, members in tests.items() if len(members)},
    )


def _split(faces: MaskFaces, members: Indices, share: float, seed: int) -> tuple[Indices, Indices]:
    """Split these faces by group, one entry a picture, so that the seed alone decides and not what was found."""
    names = sorted({faces.names[i] for i in members})
    # Reversed, so that the first face of each picture stays in the dictionary.
    first = {faces.names[i]: i for i in reversed(members)}
    pictures = MaskPictures(
        files=(),
        labels=np.array([faces.labels[first[name]] for name in names], dtype=np.intp),
        groups=tuple(faces.groups[first[name]] for name in names),
    )
    _, chosen = split_pictures(pictures, split="group", share=share, seed=seed)
    groups = {pictures.groups[i] for i in chosen}
    inside = np.array([faces.groups[i] in groups for i in members], dtype=bool)
    return members[~inside], members[inside]


def draw_weights(faces: MaskFaces, members: Indices) -> NDArray[np.float64]:
    """How often each of ``members`` is drawn; sums to 1.

    Classes are equal; within a class families have their shares, within a family groups are equal: 236 copies of one
    face must not count as 236 faces.
    """
    families = np.array(faces.families)[members]
    groups = np.array(faces.groups)[members]
    labels = faces.labels[members]
    weights = np.zeros(len(members))
    for label in range(len(MASK_CLASSES)):
        for family in np.unique(families[labels == label]):
            inside = (labels == label) & (families == family)
            _, of, counts = np.unique(groups[inside], return_inverse=True, return_counts=True)
            # A family's share is divided among its groups, a group's among its pictures.
            weights[inside] = FAMILY_SHARES.get(family, 0.5) / len(counts) / counts[of]
        of_class = labels == label
        if of_class.any():
            weights[of_class] /= weights[of_class].sum()
    return np.asarray(weights / weights.sum())
