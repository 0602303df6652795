"""The result of one frame: faces to draw, conclusions with their evidence, and unknown people."""

from dataclasses import dataclass, field
from enum import Enum

from attendance_app.domain.faces import Flaw, FloatBox, Image
from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_call import Decision
from attendance_app.domain.sessions import FacePlace
from attendance_app.services.session.doubts import Alternatives
from attendance_app.services.session.evidence import FaceLook, NetworkOpinions


class FaceState(Enum):
    """What is known of a face in the picture."""

    PENDING = "pending"
    KNOWN = "known"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FaceView:
    """A face as a window would draw it. ``student_id`` is set for KNOWN and DOUBTFUL faces.

    ``look``: the best picture of the person so far, kept of faces in photographs, for the case that they are named.
    """

    track_id: int
    box: FloatBox
    state: FaceState
    student_id: int | None
    probability: float
    flaw: Flaw | None
    mask: MaskState | None = None
    look: FaceLook | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Conclusion:
    """A decision of the roll call with its evidence.

    ``crop`` is the best picture of the face (RGB, held in memory only); ``opinions`` the results of the in-house
    networks; ``alternatives`` the two students of a doubt, None where the doubt is about one. ``place``: where the face
    was seen.
    """

    decision: Decision
    crop: Image | None = None
    opinions: NetworkOpinions = field(default_factory=NetworkOpinions)
    alternatives: Alternatives | None = None
    place: FacePlace | None = None


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """A person who is not on the roster: all their tracks, and the best picture."""

    tracks: tuple[int, ...]
    look: FaceLook | None

    @property
    def crop(self) -> Image | None:
        """Their picture (RGB), held in memory only."""
        return None if self.look is None else self.look.crop


@dataclass(frozen=True, slots=True)
class FrameResult:
    """The result of one frame.

    ``seen`` are the students proved to be in the picture now; ``unknown`` all unknown people so far, None when they
    have not changed.
    """

    index: int
    seconds: float
    faces: tuple[FaceView, ...]
    conclusions: tuple[Conclusion, ...]
    seen: tuple[int, ...]
    unknown: tuple[UnknownPerson, ...] | None = None
