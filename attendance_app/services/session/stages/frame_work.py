"""A frame with the values that the stages have added."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Detection, Frame
from attendance_app.services.session.doubts import Alternatives
from attendance_app.services.session.frame_result import Conclusion, FaceView, UnknownPerson
from attendance_app.vision.track import Track


@dataclass(frozen=True, slots=True)
class FoundFaces:
    """The result of a scan; ``seconds`` is its frame's time, ``late``: that frame was earlier than this one."""

    detections: Sequence[Detection]
    seconds: float
    late: bool


@dataclass(frozen=True, slots=True, eq=False)
class TrackMatch:
    """The most likely student of a track, when each student is assigned to at most one face of the frame.

    ``student_id`` None: nobody of the roster. ``distance`` is Euclidean, to the nearest enrolled encoding of the
    student (of any student, for nobody). ``either``: the probability of being one of the ``alternatives``, else 0.
    """

    track: Track
    student_id: int | None
    probability: float
    distance: float
    alternatives: Alternatives | None
    either: float


@dataclass(frozen=True, slots=True)
class FrameDecisions:
    """The decisions of a frame; ``unknown`` None: unknown people have not changed."""

    conclusions: tuple[Conclusion, ...]
    faces: tuple[FaceView, ...]
    seen: tuple[int, ...]
    unknown: tuple[UnknownPerson, ...] | None


@dataclass(slots=True)
class FrameState:
    """A frame on its way through the stages.

    ``cut``: the frame shows another picture than the one before. ``found`` None: no scan result has come with it.
    ``scan_begun``: a scan of this frame has started and its result comes later.
    """

    frame: Frame
    cut: bool = False
    found: FoundFaces | None = None
    scan_begun: bool = False
    fresh: list[Track] = field(default_factory=list)
    """The tracks that were encoded in this frame."""
    matches: list[TrackMatch] = field(default_factory=list)
    decided: FrameDecisions | None = None


class Stage(Protocol):
    """One step; adds its value to the frame's state."""

    def run(self, work: FrameState) -> None: ...


Posterior = NDArray[np.float64]
"""Faces x (students + 1), rows summing to 1, the last column "a stranger"."""
