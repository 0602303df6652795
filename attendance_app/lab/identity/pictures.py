"""Pictures that the teacher encodes and the student learns from, made from aligned faces and a seed.

They come as chips, 150 x 150 RGB (see ``networks.identity_input``).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attendance_app.networks.identity_input import CHIP, SIDE, Chips

MARGIN: Final = 4
"""Pixels on every side by which the student's view may be shifted."""


def blended(chip: Chips, other: Chips, share: float) -> Chips:
    """Return a face between two aligned faces: ``share`` of the first, the rest of the second."""
    mixture = chip.astype(np.float32) * share + other.astype(np.float32) * (1 - share)
    return mixture.round().astype(np.uint8)


def disturbed(chip: Chips, random: np.random.Generator) -> Chips:
    """Return the face turned, shifted and scaled a little, in other light, perhaps blurred or with part hidden."""
    import cv2

    turn = np.asarray(
        cv2.getRotationMatrix2D((CHIP / 2, CHIP / 2), random.normal(0, 4), random.uniform(0.93, 1.07)), np.float64
    )
    turn[:, 2] += random.normal(0, 2.5, 2)
    face = cv2.warpAffine(chip, turn, (CHIP, CHIP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    # A quarter each: blurred, small and enlarged again, partly hidden, none of these.
    kind = random.integers(4)
    if kind == 0:
        face = cv2.GaussianBlur(face, (0, 0), random.uniform(0.8, 2.5))
    elif kind == 1:
        small = int(random.uniform(36, 90))
        face = cv2.resize(cv2.resize(face, (small, small), interpolation=cv2.INTER_AREA), (CHIP, CHIP))
    elif kind == 2:
        left, top = random.integers(15, 105, 2)
        width, height = random.integers(15, 45, 2)
        face[top : top + height, left : left + width] = random.integers(0, 256, 3)
    return relit(np.asarray(face, np.uint8), random)


def relit(face: Chips, random: np.random.Generator) -> Chips:
    """Return the face with another gamma, contrast and colour balance."""
    light = (face.astype(np.float32) / 255) ** np.exp(random.normal(0, 0.25))
    light = (light - 0.5) * random.uniform(0.75, 1.2) + 0.5 + random.normal(0, 0.04)
    light *= random.normal(1, 0.04, 3)
    shown: Chips = (np.clip(light, 0, 1) * 255).round().astype(np.uint8)
    return shown


def training_pictures(chips: Chips, *, seed: int) -> Chips:
    """Return twice as many pictures as chips: every chip, then as many blends of two people and disturbed copies."""
    random = np.random.default_rng(seed)
    # The teacher says what each of them is, so a picture may show somebody who doesn't exist (docs/adr/0070).
    made = np.empty_like(chips)
    partners = random.integers(0, len(chips), len(chips))
    for index, partner in enumerate(partners):
        other = chips[partner][:, ::-1] if random.random() < 0.5 else chips[partner]
        if index % 2:
            made[index] = blended(chips[index], other, random.uniform(0.35, 0.65))
        else:
            made[index] = disturbed(chips[index], random)
    return np.concatenate([chips, made])


def jittered(views: Chips, random: np.random.Generator) -> NDArray[np.float32]:
    """Return a batch for the student from views with a margin: shifted, mirrored, in other light, float32 0 to 255.

    ``views``: (n, 72, 72, 3); the answer: (n, 64, 64, 3). The teacher's encoding stays that of the view as it was, so
    that the student learns to overlook all this.
    """
    batch = np.empty((len(views), SIDE, SIDE, 3), np.float32)
    shifts = random.integers(0, 2 * MARGIN + 1, (len(views), 2))
    mirrored = random.random(len(views)) < 0.5
    for picture, view, (down, right), mirror in zip(batch, views, shifts, mirrored, strict=True):
        cut = view[down : down + SIDE, right : right + SIDE]
        picture[:] = cut[:, ::-1] if mirror else cut
    # One contrast and one brightness a picture, and a shift for each colour, as another white balance gives.
    contrast = random.uniform(0.8, 1.2, (len(views), 1, 1, 1)).astype(np.float32)
    light = random.normal(0, 14, (len(views), 1, 1, 1)).astype(np.float32)
    colour = random.normal(0, 5, (len(views), 1, 1, 3)).astype(np.float32)
    jittered_batch: NDArray[np.float32] = np.clip((batch - 128) * contrast + 128 + light + colour, 0, 255)
    return jittered_batch
