"""Which students are on the roster of which course."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from attendance_app.domain.roster_order import LIST_NUMBERS
from attendance_app.store.changes import Topic
from attendance_app.store.courses import course_row
from attendance_app.store.errors import NoListNumber, NotOnRoster, StudentInUse
from attendance_app.store.inverses import Enrol, Renumber, Unenrol
from attendance_app.store.repository import Writes
from attendance_app.store.rows import EnrolmentRow, MarkRow, SessionRow
from attendance_app.store.student_rows import student_row


class EnrolmentWrites(Writes):
    """Rosters inside a transaction; ``students`` reads them."""

    def add(self, course_id: int, student_id: int, list_number: int | None = None) -> bool:
        """Put a student on a course's roster; False if they were on it, and keep their number. Raises NotFoundError."""
        course_row(self._session, course_id)
        student_row(self._session, student_id)
        # One statement adds and says whether it did: RETURNING is empty where the row was there.
        added = (
            insert(EnrolmentRow)
            .values(course_id=course_id, student_id=student_id, list_number=list_number)
            .on_conflict_do_nothing()
        )
        joined = self._session.execute(added.returning(EnrolmentRow.student_id)).first() is not None
        if joined:
            self._log.note(Topic.STUDENTS, Unenrol(course_id, student_id))
        return joined

    def remove(self, course_id: int, student_id: int) -> bool:
        """Take a student off a course's roster; their marks there stay. False if they were not on it."""
        here = EnrolmentRow.course_id == course_id, EnrolmentRow.student_id == student_id
        left = self._session.execute(delete(EnrolmentRow).where(*here).returning(EnrolmentRow.list_number)).first()
        if left is not None:
            self._log.note(Topic.STUDENTS, Enrol(course_id, student_id, left.list_number))
        return left is not None

    def renumber(self, course_id: int, student_id: int, list_number: int | None) -> None:
        """Give a student another number in a course's list, None: none. Raises KnownError, NotFoundError."""
        if list_number is not None and list_number not in LIST_NUMBERS:
            raise NoListNumber(text=str(list_number), most=LIST_NUMBERS.stop - 1)
        row = self._session.get(EnrolmentRow, (course_id, student_id))
        if row is None:
            course, student = course_row(self._session, course_id), student_row(self._session, student_id)
            raise NotOnRoster(number=student.number, course=course.code)
        if row.list_number != list_number:
            self._log.note(Topic.STUDENTS, Renumber(course_id, student_id, row.list_number))
            row.list_number = list_number

    def take_back(self, course_id: int, student_id: int) -> None:
        """``remove`` as an undo. Raises StudentInUse when the student has a mark in the course, NotFoundError."""
        row = student_row(self._session, student_id)
        marked = select(MarkRow.id).join(SessionRow).where(SessionRow.course_id == course_id)
        if self._session.scalar(marked.where(MarkRow.student_id == student_id).limit(1)) is not None:
            raise StudentInUse(name=row.name)
        self.remove(course_id, student_id)
