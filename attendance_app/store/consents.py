"""Consents: no face template is kept without a current one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import Consent, tidy
from attendance_app.store.changes import Topic
from attendance_app.store.errors import ConsentWithoutGround, NoConsentToWithdraw, StudentInUse
from attendance_app.store.forgotten import note_withdrawn
from attendance_app.store.heads import drop_heads_of
from attendance_app.store.inverses import ForgetConsent
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import ConsentRow, EnrolmentRow, FaceTemplateRow
from attendance_app.store.scrub import ask_for_scrub
from attendance_app.store.student_rows import student_row


def consent_of(row: ConsentRow) -> Consent:
    return Consent(
        student_id=row.student_id,
        ground=row.ground,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
        source=row.source,
    )


class ConsentReads(Reads):
    """Grounds of consent, one line each. Lines are not changed, except for the day of withdrawal and an undo."""

    def current(self, student_id: int) -> Consent | None:
        """Return the newest consent that was not withdrawn."""
        with self._read() as session:
            row = current_consent(session, student_id)
            return None if row is None else consent_of(row)

    def of_course(self, course_id: int) -> dict[int, Consent]:
        """Return the current consent of every student of a course who has one, by student id."""
        query = (
            select(ConsentRow)
            .join(EnrolmentRow, EnrolmentRow.student_id == ConsentRow.student_id)
            .where(EnrolmentRow.course_id == course_id, ConsentRow.withdrawn_at.is_(None))
            .order_by(ConsentRow.id)
        )
        with self._read() as session:
            # In the order of their ids: of several consents of a student the newest stays.
            return {row.student_id: consent_of(row) for row in session.scalars(query)}

    def history(self, student_id: int) -> tuple[Consent, ...]:
        """Return every consent ever recorded, oldest first."""
        query = select(ConsentRow).where(ConsentRow.student_id == student_id).order_by(ConsentRow.id)
        with self._read() as session:
            return tuple(consent_of(row) for row in session.scalars(query))


class ConsentWrites(ConsentReads, Writes):
    """Consents inside a transaction."""

    def record(self, student_id: int, ground: str, at: datetime, *, source: str = "") -> Consent:
        """Record that consent is held; the same ground again changes nothing. Raises KnownError, NotFoundError."""
        ground = tidy(ground)
        if not ground:
            raise ConsentWithoutGround()
        student_row(self._session, student_id)
        row = current_consent(self._session, student_id)
        if row is None or row.ground != ground:
            row = ConsentRow(student_id=student_id, ground=ground, given_at=at, source=source)
            self._session.add(row)
            self._session.flush()
            self._log.note(Topic.STUDENTS, ForgetConsent(student_id, ground, at))
        return consent_of(row)

    def take_back(self, student_id: int, *, ground: str, given_at: datetime) -> None:
        """Delete a consent as an undo; one that was withdrawn since stays as it is.

        Raises StudentInUse when a face template depends on it, NotFoundError.
        """
        student = student_row(self._session, student_id)
        # By its values and not by its id: SQLite gives the id of a deleted row to a new one.
        that = (
            ConsentRow.student_id == student_id,
            ConsentRow.ground == ground,
            ConsentRow.given_at == given_at,
            ConsentRow.withdrawn_at.is_(None),
        )
        self._session.execute(delete(ConsentRow).where(*that))
        rests = select(FaceTemplateRow.id).where(FaceTemplateRow.student_id == student_id).limit(1)
        if self._session.scalar(rests) is not None and current_consent(self._session, student_id) is None:
            raise StudentInUse(name=student.name)  # which rolls the deletion back
        self._log.note_final(Topic.STUDENTS)

    def withdraw(self, student_id: int, at: datetime) -> int:
        """Withdraw every current consent and delete all data made from the face.

        Backups are rewritten without it as well. Returns the number of deleted face templates. Raises
        KnownError when no consent is on record.
        """
        student = student_row(self._session, student_id)
        if current_consent(self._session, student_id) is None:
            raise NoConsentToWithdraw(number=student.number)
        open_ones = (ConsentRow.student_id == student_id, ConsentRow.withdrawn_at.is_(None))
        self._session.execute(update(ConsentRow).where(*open_ones).values(withdrawn_at=at))
        gone = delete(FaceTemplateRow).where(FaceTemplateRow.student_id == student_id)
        count = len(self._session.scalars(gone.returning(FaceTemplateRow.id)).all())
        # A head was trained with this face among others; nothing less than the whole head can be deleted.
        drop_heads_of(self._session, student_id)
        note_withdrawn(self._session, student_id, at)
        ask_for_scrub(self._session, self._log, copies=True)
        self._log.note_final(Topic.STUDENTS, Topic.FACES)
        self._log.forgotten.add(student_id)
        return count


def current_consent(session: OrmSession, student_id: int) -> ConsentRow | None:
    """Return the newest consent that was not withdrawn."""
    query = select(ConsentRow).where(ConsentRow.student_id == student_id, ConsentRow.withdrawn_at.is_(None))
    return session.scalars(query.order_by(ConsentRow.id.desc()).limit(1)).first()
