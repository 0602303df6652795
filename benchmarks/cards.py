"""How large a card must be in the picture, and what looking for cards costs: ``python -m benchmarks.cards``."""

import time

import cv2
import numpy as np

from attendance_app.domain.faces import Image
from attendance_app.services.cards import qr_modules
from attendance_app.vision.cards import CardReader

TOKEN = "ABCDEFGH234567AB"
SIDES = (80, 100, 120, 150, 200, 300)
"""Pixels of a card's code with its white border."""
TILTS = range(-45, 46, 9)


def main() -> None:
    """Print for each size of picture the share of tilts at which a card is read, and the milliseconds of a search."""
    cv2.setNumThreads(1)
    reader, rng = CardReader(), np.random.default_rng(0)
    for width, height in ((1280, 720), (1920, 1080)):
        coarse = rng.integers(40, 220, (18, 32, 3), dtype=np.uint8)
        room = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        for side in SIDES:
            read, spent = 0, []
            for tilt in TILTS:
                frame = _with_card(room, side, tilt, rng)
                begun = time.process_time()
                read += reader.read(frame) == (TOKEN,)
                spent.append(time.process_time() - begun)
            print(f"{width}x{height}  card {side} px: {read}/{len(TILTS)} read, {1000 * np.median(spent):.0f} ms")


def _with_card(room: Image, side: int, tilt: float, rng: np.random.Generator) -> Image:
    squares = np.pad(np.where(np.array(qr_modules(TOKEN)), 0, 255).astype(np.uint8), 4, constant_values=255)
    large = cv2.resize(squares, None, fx=12, fy=12, interpolation=cv2.INTER_NEAREST)
    card = cv2.cvtColor(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2RGB)
    height, width = room.shape[:2]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), tilt, 1)
    turn[:, 2] += [width / 2 - side / 2, height / 2 - side / 2]
    shown = room.copy()
    cv2.warpAffine(card, turn, (width, height), shown, borderMode=cv2.BORDER_TRANSPARENT)
    noise = rng.normal(0, 4, shown.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(shown, (3, 3), 0) + noise, 0, 255), dtype=np.uint8)


if __name__ == "__main__":
    main()
