"""The tables. Constraints, not code, prevent a second mark and a template without a student."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from attendance_app.domain.masks import MaskState
from attendance_app.domain.people import RosterOrder
from attendance_app.domain.session_edits import SessionEdit
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.store.types import UtcDateTime, enum_column

CASCADE = "CASCADE"
"""Erasing a student takes all of their rows along (docs/adr/0031)."""


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can drop it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class CourseRow(Base):
    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    archived: Mapped[bool] = mapped_column(default=False)
    # The default is for rows from before migration 0008; so is that of the parts of names below (0002).
    roster_order: Mapped[RosterOrder] = mapped_column(
        enum_column(RosterOrder), default=RosterOrder.FAMILY_NAME, server_default=text("'family_name'")
    )


class StudentRow(Base):
    __tablename__ = "student"
    __table_args__ = (UniqueConstraint("number"), {"sqlite_autoincrement": True})  # an erased id is never used again

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, default="")
    archived: Mapped[bool] = mapped_column(default=False)
    family_name: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    given_name: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class EnrolmentRow(Base):
    __tablename__ = "enrolment"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete=CASCADE), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), primary_key=True, index=True)
    list_number: Mapped[int | None]


class StudentCardRow(Base):
    """The QR card that a student holds up to the camera; another token makes the printed card worthless."""

    __tablename__ = "student_card"
    __table_args__ = (UniqueConstraint("token"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExcuseRow(Base):
    """Days on which a student is excused, both ends included."""

    __tablename__ = "excuse"
    # An undo that comes late must not find another excuse under its id.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), index=True)
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentRow(Base):
    """Lines are added, never changed, except that the day of withdrawal is filled in later."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), index=True)
    ground: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FaceTemplateRow(Base):
    __tablename__ = "face_template"
    __table_args__ = (UniqueConstraint("student_id", "photo_sha256", "encoder_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE))
    encoder_id: Mapped[str] = mapped_column(String(128), index=True)
    encoding: Mapped[bytes] = mapped_column(LargeBinary)  # little-endian float32
    photo_sha256: Mapped[str] = mapped_column(String(64), index=True)
    quality: Mapped[float]
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    face_px: Mapped[float | None]
    far_encoding: Mapped[bytes | None] = mapped_column(LargeBinary)  # as ``encoding``


class FaceThumbnailRow(Base):
    """The small crop shown beside a decision; deleted with its template."""

    __tablename__ = "face_thumbnail"

    template_id: Mapped[int] = mapped_column(ForeignKey("face_template.id", ondelete=CASCADE), primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)


class TrainedHeadRow(Base):
    """The identity network's last layer for one course; made from faces, so it is deleted with any of them."""

    __tablename__ = "trained_head"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete=CASCADE), primary_key=True)
    backbone_id: Mapped[str] = mapped_column(String(128))
    student_ids: Mapped[str] = mapped_column(Text)  # JSON list, in the order of the network's outputs
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[str] = mapped_column(Text)  # JSON
    trained_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TimetablePeriodRow(Base):
    """A course's term, or days without lessons, both ends included."""

    __tablename__ = "timetable_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete=CASCADE), index=True)
    holiday: Mapped[bool]
    first: Mapped[date]
    last: Mapped[date]
    name: Mapped[str] = mapped_column(Text)


class WeeklyLessonRow(Base):
    """A time of the week at which a course meets, by the clock on the wall; weekday 0 is Monday."""

    __tablename__ = "weekly_lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete=CASCADE), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    topic: Mapped[str] = mapped_column(Text)
    every: Mapped[int]
    first: Mapped[date | None]
    last: Mapped[date | None]


class SessionRow(Base):
    __tablename__ = "session"
    __table_args__ = (
        # An index over the unfinished sessions only: one of them a course, and any number of finished ones.
        Index("uq_session_unfinished", "course_id", unique=True, sqlite_where=text("ended_at IS NULL")),
        {"sqlite_autoincrement": True},  # a deleted session's number never names another one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete=CASCADE), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late_after_s: Mapped[float]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unknown_people: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    # One ``KnownSource`` a line. The default is for rows from before migration 0005.
    sources: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    # From migration 0009.
    topic: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    lesson_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionChangeRow(Base):
    """What was done to a session as a whole; lines are added, never changed."""

    __tablename__ = "session_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete=CASCADE), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edit: Mapped[SessionEdit] = mapped_column(enum_column(SessionEdit))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class MarkRow(Base):
    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("session_id", "student_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete=CASCADE))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), index=True)
    status: Mapped[Status] = mapped_column(enum_column(Status))
    marked_by: Mapped[MarkedBy] = mapped_column(enum_column(MarkedBy))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remark: Mapped[str] = mapped_column(Text, default="")
    # evidence: all of the first four or none
    probability: Mapped[float | None]
    sightings: Mapped[int | None]
    best_distance: Mapped[float | None]
    track_id: Mapped[int | None]
    # Whom the network named; erasing that student must not take this one's mark along.
    cnn_student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id", ondelete="SET NULL"), index=True)
    cnn_probability: Mapped[float | None]
    mask: Mapped[MaskState | None] = mapped_column(enum_column(MaskState))
    # which source has seen the face, and where in its picture: all five or none
    seen_by: Mapped[str | None] = mapped_column(Text)
    face_left: Mapped[int | None]
    face_top: Mapped[int | None]
    face_right: Mapped[int | None]
    face_bottom: Mapped[int | None]


class MarkHistoryRow(Base):
    """Who changed what and when; ``old_status`` None: first mark, ``new_status`` None: mark taken away."""

    __tablename__ = "mark_history"
    __table_args__ = (Index(None, "session_id", "student_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete=CASCADE))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[MarkedBy] = mapped_column(enum_column(MarkedBy))
    old_status: Mapped[Status | None] = mapped_column(enum_column(Status))
    new_status: Mapped[Status | None] = mapped_column(enum_column(Status))
    remark: Mapped[str] = mapped_column(Text, default="")


class ErasureRow(Base):
    """Record that an erasure was done, without the student's name."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    templates: Mapped[int]
    consents: Mapped[int]
    marks: Mapped[int]
    changes: Mapped[int]


class AuditRecordRow(Base):
    """A record of the audit trail; its hash covers its content, its rows and the hash before (docs/adr/0039)."""

    __tablename__ = "audit_record"
    # A record that was removed must leave a gap.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text)  # JSON
    hash: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list["AuditRowRow"]] = relationship(viewonly=True)


class AuditRowRow(Base):
    """What a record says of one row of the register. Content and salt are taken out when the student is erased; the
    digest stays, so that the chain still holds."""

    __tablename__ = "audit_row"
    __table_args__ = (Index(None, "student_id"), Index(None, "session_id"))

    record_id: Mapped[int] = mapped_column(ForeignKey("audit_record.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(64))
    row_key: Mapped[str] = mapped_column(String(64))
    # No foreign keys: a record outlives its row.
    student_id: Mapped[int | None]
    session_id: Mapped[int | None]
    content: Mapped[str | None] = mapped_column(Text)  # JSON
    salt: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))


class SettingRow(Base):
    """Notes of the store itself (see ``scrub``), and what messages to families need (see ``messages``). What the user
    sets otherwise is in ``settings.toml``."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class OperationRow(Base):
    """An action that can be undone, in the order they were done; holds no face."""

    __tablename__ = "operation"
    # An undo that comes late must not find another action under its id.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    partial: Mapped[bool]
    inverse: Mapped[str] = mapped_column(Text)  # JSON list, see ``inverse_json``


class OperationStudentRow(Base):
    """A student that an operation refers to: the operation is deleted when the student is erased."""

    __tablename__ = "operation_student"

    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id", ondelete=CASCADE), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=CASCADE), primary_key=True, index=True)
