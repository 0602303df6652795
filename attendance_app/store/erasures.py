"""Everything about a student goes, complete and provable."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import Erasure
from attendance_app.store.connection import Database
from attendance_app.store.heads import drop_heads_of
from attendance_app.store.rows import (
    ConsentRow,
    ErasureRow,
    FaceTemplateRow,
    MarkHistoryRow,
    MarkRow,
    StudentRow,
)
from attendance_app.store.schema import backups
from attendance_app.store.scrub import ask_for_scrub, finish_scrub
from attendance_app.store.students import student_row


class ErasureRepository:
    """Erases students and keeps the log of it, which names nobody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase_student(self, student_id: int, at: datetime) -> Erasure:
        """Erase a student with templates, thumbnails, trained heads, consents, marks and history.

        The bytes leave the files too: the file is rewritten, its log emptied, copies made before migrations deleted.
        When another process is reading at that moment, the rewriting is done at the next start. Raises NotFoundError.
        """
        with self._database.write() as session:
            student_row(session, student_id)
            row = ErasureRow(
                erased_at=at,
                templates=_count(session, FaceTemplateRow, student_id),
                consents=_count(session, ConsentRow, student_id),
                marks=_count(session, MarkRow, student_id),
                changes=_count(session, MarkHistoryRow, student_id),
            )
            drop_heads_of(session, student_id)
            session.execute(delete(StudentRow).where(StudentRow.id == student_id))
            session.add(row)
            ask_for_scrub(session)
            session.flush()
            session.refresh(row)
            erasure = _erasure_of(row)
        for copy in backups(self._database.path):
            copy.unlink(missing_ok=True)
        finish_scrub(self._database)
        return erasure

    def log(self) -> tuple[Erasure, ...]:
        """Return the erasures, oldest first."""
        with self._database.read() as session:
            return tuple(_erasure_of(row) for row in session.scalars(select(ErasureRow).order_by(ErasureRow.id)))


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
