"""The inverses of the register's changes. They describe an action, not bytes to restore (ADR 0032).

Each docstring says which change the inverse reverts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from attendance_app.domain.marks import MarkSetting
from attendance_app.domain.people import Consent, FaceTemplate, RosterOrder
from attendance_app.domain.sessions import Mark
from attendance_app.domain.timetable import Timetable
from attendance_app.store.changes import Inverse

if TYPE_CHECKING:
    from attendance_app.store.unit import Transaction


@dataclass(frozen=True, slots=True)
class RemoveCourse(Inverse):
    """A course was added."""

    course_id: int

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002 - the moment matters to marks only
        tx.courses.remove(self.course_id)


@dataclass(frozen=True, slots=True)
class RetitleCourse(Inverse):
    """A course had this title."""

    course_id: int
    title: str

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.courses.retitle(self.course_id, self.title)


@dataclass(frozen=True, slots=True)
class ReorderCourse(Inverse):
    """A course's students were listed in this order."""

    course_id: int
    order: RosterOrder

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.courses.reorder(self.course_id, self.order)


@dataclass(frozen=True, slots=True)
class ArchiveCourse(Inverse):
    """A course was archived, or was not."""

    course_id: int
    archived: bool

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.courses.archive(self.course_id, archived=self.archived)


@dataclass(frozen=True, slots=True)
class PutTimetable(Inverse):
    """A course had this timetable."""

    course_id: int
    timetable: Timetable

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.timetables.put(self.course_id, self.timetable)


class _OfStudent(Inverse):
    """An inverse that refers to one student."""

    __slots__ = ()  # as in Inverse: else the dataclasses below would have a dictionary in spite of their slots
    student_id: int

    def concerns(self) -> tuple[int, ...]:
        return (self.student_id,)


@dataclass(frozen=True, slots=True)
class RemoveStudent(_OfStudent):
    """A student was added."""

    student_id: int

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.students.remove(self.student_id)


@dataclass(frozen=True, slots=True)
class ChangeStudent(_OfStudent):
    """A student had these values; None: that one was not changed."""

    student_id: int
    number: str | None = None
    name: str | None = None
    family_name: str | None = None
    given_name: str | None = None
    email: str | None = None

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.students.put_back(self)


@dataclass(frozen=True, slots=True)
class ArchiveStudent(_OfStudent):
    """A student was archived, or was not."""

    student_id: int
    archived: bool

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.students.archive(self.student_id, archived=self.archived)


@dataclass(frozen=True, slots=True)
class Unenrol(_OfStudent):
    """A student came onto a roster."""

    course_id: int
    student_id: int

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.enrolments.take_back(self.course_id, self.student_id)


@dataclass(frozen=True, slots=True)
class Enrol(_OfStudent):
    """A student was taken off a roster, where they had this list number."""

    course_id: int
    student_id: int
    list_number: int | None = None

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.enrolments.add(self.course_id, self.student_id, self.list_number)


@dataclass(frozen=True, slots=True)
class Renumber(_OfStudent):
    """A student had this number in a course's list; None: none."""

    course_id: int
    student_id: int
    list_number: int | None

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.enrolments.renumber(self.course_id, self.student_id, self.list_number)


@dataclass(frozen=True, slots=True)
class ForgetConsent(_OfStudent):
    """A consent was recorded."""

    student_id: int
    ground: str
    given_at: datetime

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.consents.take_back(self.student_id, ground=self.ground, given_at=self.given_at)


@dataclass(frozen=True, slots=True)
class RemoveExcuse(_OfStudent):
    """An excuse was entered."""

    student_id: int
    excuse_id: int

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.excuses.remove(self.excuse_id)


@dataclass(frozen=True, slots=True)
class PutExcuse(_OfStudent):
    """An excuse was removed."""

    student_id: int
    first: date
    last: date
    reason: str
    made_at: datetime

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.excuses.add(self.student_id, self.first, self.last, self.reason, self.made_at)


@dataclass(frozen=True, slots=True)
class RemoveTemplate(_OfStudent):
    """A photo was enrolled. Ids are used again, so that student and time identify the photo as well."""

    student_id: int
    template_id: int
    enrolled_at: datetime

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        for template in tx.templates.of_student(self.student_id):
            if template.id == self.template_id and template.enrolled_at == self.enrolled_at:
                tx.templates.delete(self.template_id)


# No ==: comparing arrays of encodings has no single answer.
@dataclass(frozen=True, slots=True, eq=False)
class PutTemplate(_OfStudent):
    """A photo was removed. It is restored only while its consent is current."""

    private: ClassVar[bool] = True

    student_id: int
    template: FaceTemplate
    thumbnail: bytes | None
    consent: Consent | None

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.templates.put_back(self.template, self.thumbnail, self.consent)


@dataclass(frozen=True, slots=True)
class RestoreMark(_OfStudent):
    """A mark was made by hand; ``before`` None: there was none."""

    session_id: int
    student_id: int
    before: MarkSetting | None

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.marks.take_back(self.session_id, self.student_id, self.before, at)


@dataclass(frozen=True, slots=True)
class RemoveSession(Inverse):
    """A past session was added, with marks of this time."""

    session_id: int
    marked_at: datetime

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.sessions.remove(self.session_id, self.marked_at)


@dataclass(frozen=True, slots=True)
class ReopenSession(Inverse):
    """A session was closed; ``unknown_people`` was counted by then."""

    session_id: int
    unknown_people: int

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.sessions.reopen(self.session_id, self.unknown_people, at)


@dataclass(frozen=True, slots=True)
class NameSession(Inverse):
    """A session had this topic."""

    session_id: int
    topic: str

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.sessions.name(self.session_id, self.topic, at)


@dataclass(frozen=True, slots=True)
class VoidSession(Inverse):
    """A session counted in reports (``voided_at`` None), or had been void since then."""

    session_id: int
    voided_at: datetime | None
    reason: str

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.sessions.void(self.session_id, self.voided_at, self.reason, at=at)


@dataclass(frozen=True, slots=True)
class ReplaceMark(_OfStudent):
    """A mark was ``was`` and became ``now`` where sessions were split or merged; None: there is none."""

    session_id: int
    student_id: int
    was: Mark | None
    now: Mark | None

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.marks.put_back(self.now, self.was, at)


@dataclass(frozen=True, slots=True)
class MoveSession(Inverse):
    """A session had these times."""

    session_id: int
    started_at: datetime
    ended_at: datetime
    lesson_at: datetime | None
    arrivals: bool

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.sessions.move(
            self.session_id, self.started_at, self.ended_at, at=at, lesson_at=self.lesson_at, arrivals=self.arrivals
        )


@dataclass(frozen=True, slots=True)
class PutAwaySession(Inverse):
    """A session came into the list, or was put away (``back``)."""

    session_id: int
    back: bool

    def apply(self, tx: "Transaction", at: datetime) -> None:
        if self.back:
            tx.sessions.bring_back(self.session_id, at)
        else:
            tx.sessions.put_away(self.session_id, at)


@dataclass(frozen=True, slots=True)
class ConfirmSession(Inverse):
    """The teacher had, or had not, said that a session counts."""

    session_id: int
    confirmed_at: datetime | None

    def apply(self, tx: "Transaction", at: datetime) -> None:
        tx.sessions.confirm(self.session_id, self.confirmed_at, at=at)


@dataclass(frozen=True, slots=True)
class DescribeSession(Inverse):
    """A session had these figures and words before another was merged into it."""

    session_id: int
    unknown_people: int
    sources: str
    topic: str
    note: str

    def apply(self, tx: "Transaction", at: datetime) -> None:  # noqa: ARG002
        tx.sessions.describe(self)


INVERSES: tuple[type[Inverse], ...] = (
    RemoveCourse,
    RetitleCourse,
    ReorderCourse,
    ArchiveCourse,
    PutTimetable,
    RemoveStudent,
    ChangeStudent,
    ArchiveStudent,
    Unenrol,
    Enrol,
    Renumber,
    ForgetConsent,
    RemoveExcuse,
    PutExcuse,
    RemoveTemplate,
    RestoreMark,
    RemoveSession,
    ReopenSession,
    NameSession,
    VoidSession,
    ReplaceMark,
    MoveSession,
    PutAwaySession,
    ConfirmSession,
    DescribeSession,
)
"""The inverses that are stored. Their names and fields are a file format: changing them needs a migration."""
