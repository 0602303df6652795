"""Detects that a picture in which nobody is recognised lies on its side or stands on its head."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

from attendance_app.domain.faces import Detection, Frame, Image
from attendance_app.services.session.frame_result import FaceState, FrameResult
from attendance_app.vision.turning import quarter_turns

EVERY_SECONDS: Final = 3.0
"""Seconds of the source between two examinations, and before the first."""
LOOKS: Final = 8
"""Number of frames that are examined; after that, an empty room is not examined any more."""
AGREEING: Final = 2
"""Number of frames that must show faces in the same direction: a single one may show a poster."""
LONGEST_SIDE: Final = 1280
"""Frames are reduced to this size, which costs a tenth of a second per direction."""


class SidewaysWatch:
    """Used on the roll's thread. ``find`` finds faces in an RGB picture."""

    def __init__(self, find: Callable[[Image], Sequence[Detection]]) -> None:
        self._find = find
        self._next = EVERY_SECONDS
        self._looks = 0
        self._agreed: list[int] = []
        self.recognised = False
        """Whether anybody has been recognised or doubted so far. A face on its head may be taken for a stranger."""
        self.upright = False
        """Whether a look has found faces in the picture as it is, and no turn that shows more."""
        self.degrees: int | None = None
        """What ``look`` has found."""

    def look(self, frame: Frame, result: FrameResult) -> int | None:
        """Return by how many degrees clockwise to turn the picture, once that is sure."""
        self.recognised |= any(face.state in {FaceState.KNOWN, FaceState.DOUBTFUL} for face in result.faces)
        if self.recognised or frame.seconds < self._next or self._looks >= LOOKS:
            return None
        self._next = frame.seconds + EVERY_SECONDS
        self._looks += 1
        found = self._direction(_shrunk(frame.image))
        if found is not None:
            self._agreed.append(found)
        # Exactly so many: a direction is returned once, not again with each later look.
        if found is None or self._agreed.count(found) != AGREEING:
            return None
        self.degrees = found
        return found

    def _direction(self, image: Image) -> int | None:
        """Return the turn that shows most faces; None if the upright picture shows as many, or no turn shows any."""
        # Upright first: of equal counts ``max`` takes the first.
        counts = {degrees: len(self._find(quarter_turns(image, degrees))) for degrees in (0, 90, 270, 180)}
        best = max(counts, key=lambda degrees: counts[degrees])
        self.upright |= best == 0 and counts[0] > 0
        return best or None


def _shrunk(image: Image) -> Image:
    scale = LONGEST_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
