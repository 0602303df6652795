"""Bare faces with masks drawn on them, as further faces to train on. They are never tested on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from attendance_app.domain.faces import Box, Image, Landmarks
from attendance_app.domain.masks import MASK_CLASSES, MaskState
from attendance_app.lab.errors import NoFaceToDrawOn
from attendance_app.lab.mask.data import pictures_below
from attendance_app.lab.mask.drawn import WearStyle, draw_mask
from attendance_app.lab.mask.faces import DRAWN, FaceAt, FindFaces, MaskFaces, Progress, stacked
from attendance_app.lab.mask.report import read_picture
from attendance_app.lab.mask.views import kept_face

A_PERSON = 1
"""Pictures used of each person: many people teach more than many pictures of few."""
TURNS: tuple[WearStyle | None, ...] = (
    None,
    WearStyle.RIGHT,
    WearStyle.UNDER_NOSE,
    WearStyle.ON_CHIN,
    WearStyle.UNDER_NOSE,
    WearStyle.ON_ONE_EAR,
    WearStyle.RIGHT,
)
"""How the masks of one picture after another are worn; None: no mask."""

FindPoints = Callable[[Image, Box], Landmarks]
"""dlib's five points of the face in a box."""


def drawn_faces(folder: Path, find: FindFaces, points: FindPoints, *, seed: int, report: Progress) -> MaskFaces:
    """Draw a mask on one face of each person; ``folder`` has one folder of pictures for each.

    Raises KnownError if no face is found.
    """
    pictures = [
        path for person in sorted(folder.iterdir()) if person.is_dir() for path in pictures_below(person)[:A_PERSON]
    ]
    faces: list[FaceAt] = []
    for done, path in enumerate(pictures, start=1):
        # A generator of its own for each picture: a face not found changes no other picture.
        rng = np.random.default_rng([seed, done])
        faces += _drawn(path, TURNS[done % len(TURNS)], find, points, rng)
        if done % 50 == 0 or done == len(pictures):
            report(done, len(pictures))
    if not faces:
        raise NoFaceToDrawOn(folder=folder)
    return stacked(faces)


def _drawn(
    path: Path, worn: WearStyle | None, find: FindFaces, points: FindPoints, rng: np.random.Generator
) -> Iterator[FaceAt]:
    image = read_picture(path)
    # The likeliest face only: who else is in the picture has no place in this person's group.
    for box in find(image)[:1]:
        shown = image if worn is None else draw_mask(image, points(image, box), worn, rng)
        how = "bare" if worn is None else worn.value
        person = f"{DRAWN}/{path.parent.name}"
        yield FaceAt(kept_face(shown, box), _label(worn), person, f"{DRAWN}/{how}", f"{person}/{path.name}")


def _label(worn: WearStyle | None) -> int:
    if worn is None:
        return MASK_CLASSES.index(MaskState.WITHOUT_MASK)
    return MASK_CLASSES.index(MaskState.WITH_MASK if worn is WearStyle.RIGHT else MaskState.WORN_INCORRECTLY)
