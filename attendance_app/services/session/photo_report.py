"""The result of photographs of a room: every face of each, named after all photographs were read."""

from collections import Counter
from dataclasses import dataclass, replace

from attendance_app.domain.faces import Flaw
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.regions import RegionCount, count_regions
from attendance_app.services.session.roll_messages import FrameSeen
from attendance_app.services.session.settled_faces import SettledFaces


@dataclass(frozen=True, slots=True)
class PhotoFaces:
    """The faces of one photograph, ``width`` x ``height`` pixels."""

    photograph: str
    faces: tuple[FaceView, ...]
    width: int
    height: int

    @property
    def regions(self) -> tuple[RegionCount, ...]:
        """Its faces by region."""
        return count_regions(self.faces, width=self.width, height=self.height)

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
        height, width = event.frame.image.shape[:2]
        self._seen.append(PhotoFaces(event.frame.photograph or "", event.result.faces, width, height))

    @property
    def photographs(self) -> tuple[PhotoFaces, ...]:
        """Return the photographs in the order in which they were read.

        A later photograph may settle who a doubtful face of an earlier one is, so that each face gets the last known
        name of its person.
        """
        settled = SettledFaces()
        for photo in self._seen:
            for face in photo.faces:
                settled.note(face)
        return tuple(replace(photo, faces=tuple(map(settled.settled, photo.faces))) for photo in self._seen)
