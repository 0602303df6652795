"""Erases everything about a student, completely, with a record that it was done."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import Erasure
from attendance_app.store.changes import Topic
from attendance_app.store.forgotten import note_erased
from attendance_app.store.heads import drop_heads_of
from attendance_app.store.messages import drop_family_language
from attendance_app.store.operations import forget_operations_of
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import (
    ConsentRow,
    ErasureRow,
    FaceTemplateRow,
    MarkHistoryRow,
    MarkRow,
    StudentRow,
)
from attendance_app.store.scrub import ask_for_scrub
from attendance_app.store.student_rows import student_row


class ErasureReads(Reads):
    """The log of erasures; it contains no names."""

    def log(self) -> tuple[Erasure, ...]:
        """Return the erasures, oldest first."""
        with self._read() as session:
            return tuple(_erasure_of(row) for row in session.scalars(select(ErasureRow).order_by(ErasureRow.id)))


class ErasureWrites(ErasureReads, Writes):
    """Erases students inside a transaction."""

    def erase_student(self, student_id: int, at: datetime) -> Erasure:
        """Erase a student with templates, thumbnails, trained heads, consents, marks, history and stored undo.

        The bytes are removed from the files too: the file and every backup are rewritten, its log emptied. When another
        process is reading at that moment, the file is rewritten at the next start.
        Raises NotFoundError.
        """
        student_row(self._session, student_id)
        row = ErasureRow(
            erased_at=at,
            templates=_count(self._session, FaceTemplateRow, student_id),
            consents=_count(self._session, ConsentRow, student_id),
            marks=_count(self._session, MarkRow, student_id),
            changes=_count(self._session, MarkHistoryRow, student_id),
        )
        # Before the student: heads name students in JSON, which no foreign key sees, and the cascade would delete the
        # rows by which operations are found. The rest goes by cascade (docs/adr/0031).
        drop_heads_of(self._session, student_id)
        forget_operations_of(self._session, student_id)
        drop_family_language(self._session, student_id)
        self._session.execute(delete(StudentRow).where(StudentRow.id == student_id))
        self._session.add(row)
        note_erased(self._session, student_id)
        ask_for_scrub(self._session, self._log, copies=True)
        self._session.flush()
        self._session.refresh(row)
        self._log.note_final(Topic.STUDENTS, Topic.FACES, Topic.MARKS)
        self._log.forgotten.add(student_id)
        return _erasure_of(row)


def _count(
    session: OrmSession,
    kind: type[FaceTemplateRow] | type[ConsentRow] | type[MarkRow] | type[MarkHistoryRow],
    student_id: int,
) -> int:
    return session.scalar(select(func.count()).select_from(kind).where(kind.student_id == student_id)) or 0


def _erasure_of(row: ErasureRow) -> Erasure:
    return Erasure(
        erased_at=row.erased_at,
        templates=row.templates,
        consents=row.consents,
        marks=row.marks,
        changes=row.changes,
    )
