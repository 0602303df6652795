"""Reads the QR codes of students' cards in a picture."""

import re
from typing import Final

import cv2

from attendance_app.domain.faces import Frame, Image
from attendance_app.vision.scaling import Scaling

TOKEN: Final = re.compile(r"[A-Z2-7]{16}")
"""What stands on a card: 80 random bits in base 32, which fit into the smallest QR code."""
LARGEST: Final = 1920
"""Pixels of the longer side; a larger picture of a camera is shrunk, since the cost grows with its area."""


class CardReader:
    """Finds several cards at once; used on one thread."""

    def __init__(self) -> None:
        # It reads smaller cards than OpenCV's other detector (docs/adr/0056).
        self._codes = cv2.QRCodeDetectorAruco()

    def read_frame(self, frame: Frame) -> tuple[str, ...]:
        """Return the tokens in a frame as ``read`` does; a photograph, in which cards are small, in its full size."""
        return self.read(frame.image, largest=None if frame.photograph is not None else LARGEST)

    def read(self, image: Image, *, largest: int | None = LARGEST) -> tuple[str, ...]:
        """Return the tokens of all cards in a picture (h x w x 3, RGB), each once; other QR codes are left out.

        ``largest``: pixels of the longer side to which the picture is shrunk; None: it is not.
        """
        longer = max(image.shape[:2])
        shown = image if largest is None or longer <= largest else Scaling.by(largest / longer).apply(image)
        grey = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)
        _found, texts, _corners, _straight = self._codes.detectAndDecodeMulti(grey)
        return tuple(sorted({text for text in texts if TOKEN.fullmatch(text)}))
