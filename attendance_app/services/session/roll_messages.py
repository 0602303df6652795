"""The order for a roll, its states, and its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attendance_app.config.settings import Settings
from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.domain.fusion import ClassifierChoice

if TYPE_CHECKING:
    from attendance_app.domain.faces import Frame, Image
    from attendance_app.domain.people import Course
    from attendance_app.domain.sessions import Mark, Session
    from attendance_app.domain.timetable import Lesson
    from attendance_app.services.session.frame_result import Conclusion, FrameResult, UnknownPerson
    from attendance_app.services.session.lifecycle import StartedSession
    from attendance_app.vision.photographs import PhotoSet
    from attendance_app.vision.source_protocol import PictureMode


@dataclass(frozen=True, slots=True)
class RollOrder:
    """Which course's roll to take, from which source (as ``open_source`` takes it; None: by hand), and how.

    ``also``: further sources at the same time. A session is closed with its sources when the last one has ended.
    ``resume`` continues a session that was cut off; otherwise it is closed first. ``realtime`` plays a recording at its
    own speed. ``classifier`` None: as the settings say. ``ends_with_source``: the session is closed when its source has
    ended or ``max_seconds`` of it have passed; otherwise it stays open until it is ended. ``patient``: the roll waits
    at the end until all marks can be written. ``rescue``: the file for marks that could not be written at all.
    ``turn``: by how many degrees the sources' pictures are turned clockwise, a multiple of 90. ``networks``: of the
    user's own, by name or run folder, in place of those in use. ``lesson``: the planned one that it is the roll of.
    """

    course: "Course"
    source: "str | PhotoSet | None"
    late_after: timedelta
    settings: Settings
    resume: bool = True
    realtime: bool = False
    classifier: ClassifierChoice | None = None
    max_seconds: float | None = None
    ends_with_source: bool = False
    patient: bool = False
    rescue: Path | None = None
    turn: int = 0
    also: "tuple[str | PhotoSet, ...]" = ()
    networks: tuple[str, ...] = ()
    lesson: "Lesson | None" = None

    @property
    def from_photographs(self) -> bool:
        """Whether it begins with photographs of the room."""
        return self.source is not None and not isinstance(self.source, str)

    @property
    def sources(self) -> "tuple[str | PhotoSet, ...]":
        """All sources that it begins with."""
        return self.also if self.source is None else (self.source, *self.also)


class RollState(Enum):
    """The state of a roll."""

    IDLE = "idle"
    """It has not been started."""
    OPENING = "opening"
    """Networks and source are being opened."""
    RUNNING = "running"
    """Frames come from a source."""
    PAUSED = "paused"
    """The session is open without a source: by hand, or since its recording has ended."""
    SOURCE_LOST = "source lost"
    """The session is open; its last camera has gone, or could not be opened, and is tried again if it is a camera."""
    ENDED = "ended"
    """The session was closed, or left open so that it can be resumed."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The state has changed; ``error`` is the reason of a lost source."""

    state: RollState
    error: KnownError | None = None


@dataclass(frozen=True, slots=True)
class SessionBegan:
    """The session is open; ``marks`` are those from before it was cut off."""

    started: "StartedSession"
    marks: "tuple[Mark, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class FrameSeen:
    """A frame was processed; ``source`` is its source's number."""

    frame: "Frame"
    result: "FrameResult"
    source: int = 0


@dataclass(frozen=True, slots=True)
class MarksRecorded:
    """Marks were committed. Sent on the recorder's thread."""

    marks: "tuple[Mark, ...]"


@dataclass(frozen=True, slots=True)
class MarksDelayed:
    """Marks can't be written at the moment; ``error`` None: they are written again. Sent on the recorder's thread."""

    error: StoreError | None


@dataclass(frozen=True, slots=True)
class MatchConcluded:
    """A match that was decided (MARK), or that the teacher should decide (REVIEW), and its time."""

    conclusion: "Conclusion"
    at: datetime


@dataclass(frozen=True, slots=True)
class CardRead:
    """A student's card was read, and its mark is on the way."""

    student_id: int


@dataclass(frozen=True, slots=True)
class UnknownCard:
    """A card was shown that nobody of the course has: one of another course, or one that was replaced. Once a card."""


@dataclass(frozen=True, slots=True)
class UnknownSeen:
    """All unknown people so far; sent whenever they have changed."""

    people: "Sequence[UnknownPerson]"


@dataclass(frozen=True, slots=True)
class PictureKnown:
    """What a camera gives, as soon as it is known and whenever its size has changed; ``name`` is the camera's."""

    name: str
    picture: "PictureMode"
    source: int = 0


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source of a roll. ``name``: what to call it, empty until it is open. ``error``: why it is lost."""

    number: int
    spec: "str | PhotoSet"
    name: str = ""
    opening: bool = False
    error: KnownError | None = None


@dataclass(frozen=True, slots=True)
class SourcesChanged:
    """All sources that the roll has now, those that are lost or still being opened as well."""

    sources: tuple[SourceStatus, ...]


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """The recording is over; ``truncated``: it ended before the length that its header gives."""

    truncated: bool
    source: int = 0


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session was closed; None: it was left open, or never begun."""

    session: "Session | None"


RollEvent: TypeAlias = (
    StateChanged
    | SessionBegan
    | FrameSeen
    | MarksRecorded
    | MarksDelayed
    | MatchConcluded
    | CardRead
    | UnknownCard
    | UnknownSeen
    | PictureKnown
    | SourcesChanged
    | SourceEnded
    | SessionClosed
)


@dataclass(frozen=True, slots=True, eq=False)
class RollSummary:
    """The result of a roll; ``seconds`` of its sources. ``to_review``: doubts about students without a mark.

    ``pictures``: what its cameras gave.
    """

    frames_read: int
    frames_processed: int
    seconds: float
    unknown_people: "tuple[Image | None, ...]"
    to_review: "tuple[Conclusion, ...]"
    truncated: bool
    pictures: tuple[PictureKnown, ...] = ()
