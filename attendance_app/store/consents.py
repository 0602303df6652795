"""Consents: without a current one no face template is kept."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Consent, tidy
from attendance_app.store.connection import Database
from attendance_app.store.heads import drop_heads_of
from attendance_app.store.rows import ConsentRow, FaceTemplateRow
from attendance_app.store.scrub import ask_for_scrub, finish_scrub
from attendance_app.store.students import student_row


def consent_of(row: ConsentRow) -> Consent:
    return Consent(
        student_id=row.student_id,
        ground=row.ground,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
        source=row.source,
    )


class ConsentRepository:
    """Grounds on record, a new line for each; nothing is rewritten but the day of withdrawal, or undone at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, student_id: int, ground: str, at: datetime, *, source: str = "") -> Consent:
        """Record that consent is held; the same ground again changes nothing. Raises KnownError, NotFoundError."""
        ground = tidy(ground)
        if not ground:
            raise KnownError(
                "A consent needs its ground.",
                remedy="Say who agreed and where it is kept, e.g. 'parent's form, binder 3'.",
            )
        with self._database.write() as session:
            student_row(session, student_id)
            row = current_consent(session, student_id)
            if row is None or row.ground != ground:
                row = ConsentRow(student_id=student_id, ground=ground, given_at=at, source=source)
                session.add(row)
                session.flush()
            return consent_of(row)

    def take_back(self, consent: Consent) -> bool:
        """Delete a consent as if it had never been entered (undo); False and kept while a face template rests on it."""
        with self._database.write() as session:
            rests = select(FaceTemplateRow.id).where(FaceTemplateRow.student_id == consent.student_id).limit(1)
            if session.scalar(rests) is not None:
                return False
            that = (
                ConsentRow.student_id == consent.student_id,
                ConsentRow.ground == consent.ground,
                ConsentRow.given_at == consent.given_at,
                ConsentRow.withdrawn_at.is_(None),
            )
            return bool(session.scalars(delete(ConsentRow).where(*that).returning(ConsentRow.id)).all())

    def current(self, student_id: int) -> Consent | None:
        """Return the newest consent that was not withdrawn."""
        with self._database.read() as session:
            row = current_consent(session, student_id)
            return None if row is None else consent_of(row)

    def history(self, student_id: int) -> tuple[Consent, ...]:
        """Return every consent ever recorded, oldest first."""
        query = select(ConsentRow).where(ConsentRow.student_id == student_id).order_by(ConsentRow.id)
        with self._database.read() as session:
            return tuple(consent_of(row) for row in session.scalars(query))

    def withdraw(self, student_id: int, at: datetime) -> int:
        """Withdraw every current consent and, in the same transaction, delete all that was made of the face.

        Returns the number of face templates deleted. Raises KnownError when no consent is on record.
        """
        with self._database.write() as session:
            student = student_row(session, student_id)
            if current_consent(session, student_id) is None:
                raise KnownError(
                    "There is no current consent of student {number}.", remedy="Nothing to do.", number=student.number
                )
            open_ones = (ConsentRow.student_id == student_id, ConsentRow.withdrawn_at.is_(None))
            session.execute(update(ConsentRow).where(*open_ones).values(withdrawn_at=at))
            gone = delete(FaceTemplateRow).where(FaceTemplateRow.student_id == student_id)
            count = len(session.scalars(gone.returning(FaceTemplateRow.id)).all())
            drop_heads_of(session, student_id)
            ask_for_scrub(session)
        finish_scrub(self._database)
        return count


def current_consent(session: OrmSession, student_id: int) -> ConsentRow | None:
    """Return the newest consent that was not withdrawn."""
    query = select(ConsentRow).where(ConsentRow.student_id == student_id, ConsentRow.withdrawn_at.is_(None))
    return session.scalars(query.order_by(ConsentRow.id.desc()).limit(1)).first()
