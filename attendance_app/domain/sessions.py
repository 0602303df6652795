"""Sessions, marks and their statuses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_sources import KnownSource

YEARS: Final = range(1970, 2200)
"""Of a session. At the ends of the calendar a time of another zone can't be written."""


class Status(Enum):
    """What the register says of a student."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


CAME: Final = frozenset({Status.PRESENT, Status.LATE})


class MarkedBy(Enum):
    """Who set a mark."""

    CAMERA = "camera"
    TEACHER = "teacher"
    CLOSE = "close"
    """Nobody: the session ended and the student had not been seen."""
    CARD = "card"
    """The student's card, which was held up to the camera."""


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a course; open until ``ended_at`` is set. Times are UTC.

    ``unknown_people``: how many were seen and not named. Of a session that was cut off and resumed it is the sum of
    both parts: nothing is kept of a stranger by which the second part could tell that the first has counted them.
    """

    id: int
    course_id: int
    started_at: datetime
    late_after: timedelta
    ended_at: datetime | None = None
    unknown_people: int = 0
    note: str = ""
    sources: tuple[KnownSource, ...] = ()
    """What its roll was taken from so far, each once; none for a roll by hand, and where it was not noted."""
    topic: str = ""
    """What the lesson was about, as the teacher has written it."""
    voided_at: datetime | None = None
    void_reason: str = ""
    lesson_at: datetime | None = None
    """When its lesson began by the timetable; None: when the session did, or nobody has said."""

    deleted_at: datetime | None = None
    """Since when it is put away: it is in no list and counts nowhere, and can be brought back."""
    confirmed_at: datetime | None = None
    """When the teacher has said that it counts, though it looks begun by mistake."""

    @property
    def late_from(self) -> datetime:
        """The moment from which ``late_after`` is counted: the lesson's start where it is known."""
        return self.lesson_at or self.started_at

    @property
    def counts(self) -> bool:
        """Whether it counts in reports; a void session, or a deleted one, keeps its marks and counts nowhere."""
        return self.voided_at is None and self.deleted_at is None


@dataclass(frozen=True, slots=True)
class FacePlace:
    """Where a face was seen: the name of the camera, film or photograph, and the face's box in its pixels, upright."""

    source: str
    box: Box


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the camera's mark says what it says.

    ``probability`` is the posterior of the decision, ``sightings`` its number of encodings. ``best_distance`` is
    Euclidean, between the track's encoding and the nearest enrolled one. ``cnn_student_id``: whom the identity network
    named, None for a stranger or where it was not run. ``place``: where the student was seen; marks of older versions
    have none.
    """

    probability: float
    sightings: int
    best_distance: float
    track_id: int
    cnn_student_id: int | None = None
    cnn_probability: float | None = None
    mask: MaskState | None = None
    place: FacePlace | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A student's line in the register of one session. Times are UTC."""

    session_id: int
    student_id: int
    status: Status
    marked_by: MarkedBy
    marked_at: datetime
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    evidence: Evidence | None = None
    remark: str = ""
    arrived_at: datetime | None = None
    """When the student came, as the teacher has said."""

    @property
    def arrival(self) -> datetime | None:
        """When the student came: as the teacher has said, else as the camera has seen; None: absent, or not known."""
        return (self.arrived_at or self.first_seen_at) if self.status in CAME else None


def arrival_status(session: Session, seen_at: datetime) -> Status:
    """Present up to and including ``late_after`` from the lesson's start, late from then on."""
    return Status.LATE if seen_at - session.late_from > session.late_after else Status.PRESENT


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One line of a mark's history; ``old`` None: the first mark, ``new`` None: the mark was taken away."""

    session_id: int
    student_id: int
    changed_at: datetime
    changed_by: MarkedBy
    old: Status | None
    new: Status | None
    remark: str = ""
