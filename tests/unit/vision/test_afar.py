"""Faces as from afar: what is coarse stays, what is fine goes."""

import numpy as np
from numpy.typing import NDArray

from attendance_app.vision.afar import BOX_SIDE, FAR_PX, from_afar
from attendance_app.vision.align import CHIP_SIZE


def stripes(period: float) -> NDArray[np.uint8]:
    """A chip with upright stripes, ``period`` of its pixels apart."""
    across = 127 + 100 * np.sin(2 * np.pi * np.arange(CHIP_SIZE) / period)
    return np.broadcast_to(across[np.newaxis, :, np.newaxis], (CHIP_SIZE, CHIP_SIZE, 3)).astype(np.uint8)


def test_only_what_a_far_face_shows_is_left() -> None:
    pixel = BOX_SIDE / FAR_PX
    chips = np.stack([stripes(1.2 * pixel), stripes(8 * pixel)])
    before = chips.copy()
    fine, coarse = from_afar(chips).astype(float)
    assert (chips == before).all()
    assert fine.std() < 0.35 * chips[0].std()
    assert coarse.std() > 0.8 * chips[1].std()
    assert np.abs(coarse - chips[1]).mean() < 12, "nothing is moved"
