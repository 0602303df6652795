"""Recognises a cut: a frame that shows another picture than the one before it."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image

SIZE: Final = (32, 18)
"""Width and height to which frames are reduced for the comparison: movements in the room vanish, the scene stays."""
NEIGHBOURS: Final = 0.2
"""Seconds up to which two frames follow one another directly."""
LEAST: Final = 0.9
"""Correlation of two neighbouring frames below which the picture has jumped. In videos of a class and of talking heads
it was 0.968 at least, at the cuts of an edited film 0.27 at most, in its hand-held parts 0.69."""
LEAST_APART: Final = 0.75
"""The same for frames further apart, as the pictures of a folder. In one second talking heads took it to 0.88 at least;
one of five, near the camera, to 0.64: then its face is recognised anew."""


class CutWatch:
    """Compares each frame with the one before."""

    def __init__(self) -> None:
        self._before: tuple[NDArray[np.float32], float] | None = None

    def forget(self) -> None:
        """Begin another source: its first frame is no cut."""
        self._before = None

    def sees_cut(self, image: Image, seconds: float) -> bool:
        """Whether ``image`` (RGB), taken at ``seconds``, shows another picture than the image given before."""
        now = _reduced(image)
        if now is None:
            return False
        before, self._before = self._before, (now, seconds)
        if before is None:
            return False
        correlation = float((now * before[0]).mean())
        return correlation < (LEAST if seconds - before[1] <= NEIGHBOURS else LEAST_APART)


def _reduced(image: Image) -> NDArray[np.float32] | None:
    """``SIZE`` grey values of mean 0 and standard deviation 1; None for a picture without contrast, as in the dark: its
    noise would look like another picture each time."""
    # Every eighth pixel is enough, and averaging them all would take as long as following the faces.
    step = max(1, min(image.shape[0] // (4 * SIZE[1]), image.shape[1] // (4 * SIZE[0])))
    few = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(few, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    spread = float(grey.std())
    return None if spread < 1 else np.asarray((grey - grey.mean()) / spread, np.float32)
