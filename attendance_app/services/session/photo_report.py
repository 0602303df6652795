"""The result of photographs of a room: every face of each, named after all photographs were read."""

from collections import Counter
from dataclasses import dataclass, replace

from attendance_app.domain.faces import Flaw
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.roll_messages import FrameSeen

# The later of two equal states counts, a weaker one never replaces a stronger one.
_RANK = {FaceState.PENDING: 0, FaceState.UNKNOWN: 1, FaceState.DOUBTFUL: 2, FaceState.KNOWN: 3}


@dataclass(frozen=True, slots=True)
class PhotoFaces:
    """The faces of one photograph."""

    photograph: str
    faces: tuple[FaceView, ...]

    def count(self, state: FaceState) -> int:
        """Return how many faces are in that state."""
        return sum(face.state is state for face in self.faces)

    @property
    def flaws(self) -> Counter[Flaw | None]:
        """Why the faces that are neither named nor unknown were not recognised; None: the picture of the face has no
        flaw."""
        return Counter(face.flaw for face in self.faces if face.state is FaceState.PENDING)


class PhotoReport:
    """Collects the events of a roll from photographs."""

    def __init__(self) -> None:
        self._seen: list[PhotoFaces] = []

    def take(self, event: FrameSeen) -> None:
        """Add the result of one photograph."""
        self._seen.append(PhotoFaces(event.frame.photograph or "", event.result.faces))

    @property
    def photographs(self) -> tuple[PhotoFaces, ...]:
        """Return the photographs in the order in which they were read.

        A later photograph may settle who a doubtful face of an earlier one is, so that each face gets the last known
        name of its person.
        """
        best: dict[int, FaceView] = {}
        for photo in self._seen:
            for face in photo.faces:
                if face.track_id not in best or _RANK[face.state] >= _RANK[best[face.track_id].state]:
                    best[face.track_id] = face
        return tuple(
            replace(photo, faces=tuple(_settled(face, best[face.track_id]) for face in photo.faces))
            for photo in self._seen
        )


def _settled(face: FaceView, best: FaceView) -> FaceView:
    return replace(face, state=best.state, student_id=best.student_id, probability=best.probability)
