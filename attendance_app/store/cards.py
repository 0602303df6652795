"""The cards that students hold up to the camera: one a student, with a random token."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from attendance_app.store.changes import Topic
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import EnrolmentRow, StudentCardRow, StudentRow
from attendance_app.store.student_rows import student_row


class CardReads(Reads):
    """Who holds which card."""

    def of_course(self, course_id: int) -> dict[str, int]:
        """Return whose card each token is (student id), for the students on a course's roster."""
        query = (
            select(StudentCardRow.token, StudentCardRow.student_id)
            .join(EnrolmentRow, EnrolmentRow.student_id == StudentCardRow.student_id)
            .join(StudentRow, StudentRow.id == StudentCardRow.student_id)
            .where(EnrolmentRow.course_id == course_id, StudentRow.archived.is_(False))
        )
        with self._read() as session:
            return {row.token: row.student_id for row in session.execute(query)}


class CardWrites(CardReads, Writes):
    """Cards inside a transaction."""

    def put(self, student_id: int, token: str, at: datetime) -> None:
        """Give a student a card; an earlier one is no longer theirs. Raises NotFoundError."""
        student_row(self._session, student_id)
        given = {"token": token, "made_at": at}
        new = insert(StudentCardRow).values(student_id=student_id, **given)
        self._session.execute(new.on_conflict_do_update(index_elements=["student_id"], set_=given))
        self._log.note(Topic.STUDENTS)
