"""What the page reads before a session: the roster with its pictures, an unfinished session, marks that a session could
not save. No widgets."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from attendance_app.bootstrap import open_lifecycle
from attendance_app.domain.people import Course, RosterOrder, Student
from attendance_app.domain.roster_order import numbered_name
from attendance_app.domain.sessions import Evidence, Mark, Session
from attendance_app.domain.timetable import Timetable
from attendance_app.services.session import rescue
from attendance_app.services.session.camera_marks import evidence_of
from attendance_app.services.session.doubts import Alternatives
from attendance_app.services.session.evidence import FaceLook
from attendance_app.services.session.frame_result import UnknownPerson
from attendance_app.services.session.lifecycle import RESUME_WITHIN
from attendance_app.services.session.rescue import FoundMarks
from attendance_app.services.session.roll_messages import MatchConcluded
from attendance_app.store.database import Store
from attendance_app.ui.pictures import image_of, image_of_jpeg

PORTRAIT_PX = 160
"""Longest side of a portrait: a tile at 150 % on a screen of double density shows 156 pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownMatch:
    """A match as the window shows it, with the face's picture; ``alternatives``: the two students of a doubt."""

    student_id: int
    track_id: int
    probability: float
    at: datetime
    image: QImage
    alternatives: Alternatives | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """An unknown person: their tracks and the best picture."""

    tracks: tuple[int, ...]
    image: QImage
    look: FaceLook


@dataclass(frozen=True, slots=True, eq=False)
class RollLine:
    """One student of the roster. ``doubt`` is a match that the teacher has not answered, ``match`` the newest.

    ``order`` is the course's.
    """

    student: Student
    portrait: QImage
    mark: Mark | None = None
    doubt: ShownMatch | None = None
    match: ShownMatch | None = None
    order: RosterOrder = RosterOrder.FAMILY_NAME

    @property
    def name(self) -> str:
        """The student's name as the course's lists have it."""
        return numbered_name(self.student, self.order)

    def changed(self, **values: object) -> "RollLine":
        return replace(self, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class RollCallData:
    """A course before its session. ``resumable``: the unfinished session began recently enough."""

    course: Course
    lines: tuple[RollLine, ...]
    cut_off: Session | None
    resumable: bool
    recorded: int
    unsaved: tuple[FoundMarks, ...]
    timetable: Timetable = field(default_factory=Timetable)
    sessions: tuple[Session, ...] = ()

    @property
    def anybody_enrolled(self) -> bool:
        """Whether the camera can recognise anyone."""
        return any(not line.portrait.isNull() for line in self.lines)


def read_roll_call(store: Store, course: Course, now: datetime) -> RollCallData:
    """Read roster, pictures and the unfinished session; a session that another window records is not unfinished."""
    portraits = store.templates.portraits(course.id)
    lines = tuple(
        RollLine(student, _portrait(portraits.get(student.id)), order=course.roster_order)
        for student in store.students.of_course(course.id)
    )
    cut_off = None if store.is_recording() else open_lifecycle(store).cut_off(course)
    resumable = cut_off is not None and now - cut_off.started_at <= RESUME_WITHIN
    recorded = len(store.marks.of_session(cut_off.id)) if cut_off else 0
    return RollCallData(
        course,
        lines,
        cut_off,
        resumable,
        recorded,
        rescue.find(store),
        store.timetables.of_course(course.id),
        store.sessions.all(course.id),
    )


def shown_match(concluded: MatchConcluded) -> ShownMatch:
    """Turn a match into a picture for the window; may be called in any thread."""
    conclusion, decision = concluded.conclusion, concluded.conclusion.decision
    assert decision.student_id is not None
    image = QImage() if conclusion.crop is None else image_of(conclusion.crop)
    return ShownMatch(
        decision.student_id,
        decision.track_id,
        decision.probability,
        concluded.at,
        image,
        conclusion.alternatives,
        evidence_of(conclusion),
    )


def stranger_of(person: UnknownPerson) -> Stranger | None:
    """Convert an unknown person for the window; None if there is no good picture. May be called in any thread."""
    return None if person.look is None else Stranger(person.tracks, image_of(person.look.crop), person.look)


def _portrait(jpeg: bytes | None) -> QImage:
    image = image_of_jpeg(jpeg)
    if image.isNull() or max(image.width(), image.height()) <= PORTRAIT_PX:
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    # Once here, instead of at each painting of the roster.
    return image.scaled(PORTRAIT_PX, PORTRAIT_PX, Qt.AspectRatioMode.KeepAspectRatio, smooth)
