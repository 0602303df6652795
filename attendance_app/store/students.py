"""Students and the courses they are enrolled in."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from attendance_app.domain.people import Course, RosterEntry, RosterOrder, Student, renamed, sort_key, tidy, with_parts
from attendance_app.domain.roster_order import in_order
from attendance_app.store.changes import Topic
from attendance_app.store.courses import course_of, course_row
from attendance_app.store.errors import NoSuchStudent, StudentInUse
from attendance_app.store.inverses import ArchiveStudent, ChangeStudent, RemoveStudent
from attendance_app.store.messages import drop_family_language
from attendance_app.store.operations import forget_operations_of
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.roster_list import put_list
from attendance_app.store.rows import (
    ConsentRow,
    CourseRow,
    EnrolmentRow,
    ExcuseRow,
    FaceTemplateRow,
    MarkRow,
    StudentRow,
)
from attendance_app.store.scrub import ask_for_scrub
from attendance_app.store.student_rows import (
    change_back,
    free_number,
    student_of,
    student_row,
    students_of_course,
)


class StudentReads(Reads):
    """Students by id and by the school's number."""

    def get(self, student_id: int) -> Student:
        """Return one student. Raises NotFoundError."""
        with self._read() as session:
            return student_of(student_row(session, student_id))

    def by_number(self, number: str) -> Student:
        """Return the student with the school's number. Raises NotFoundError."""
        found = self.find(number)
        if found is None:
            raise NoSuchStudent(number=number)
        return found

    def find(self, number: str) -> Student | None:
        """Return the student with exactly that number, if any."""
        with self._read() as session:
            row = session.scalar(select(StudentRow).where(StudentRow.number == tidy(number)))
            return None if row is None else student_of(row)

    def all(self, *, archived: bool | None = False, search: str = "") -> tuple[Student, ...]:
        """Return students by family name; ``search``: part of name, number or e-mail, whatever its case and accents."""
        query = select(StudentRow)
        if archived is not None:
            query = query.where(StudentRow.archived == archived)
        wanted = sort_key(tidy(search))
        with self._read() as session:
            students = [student_of(row) for row in session.scalars(query)]
        # Not in SQL: SQLite compares without case for ASCII letters only, and never without accents.
        found = [s for s in students if not wanted or wanted in sort_key(f"{s.name}\n{s.number}\n{s.email}")]
        return in_order(found, RosterOrder.FAMILY_NAME)

    def of_course(self, course_id: int, *, archived: bool | None = False) -> tuple[Student, ...]:
        """Return the course's roster in its order, with list numbers."""
        with self._read() as session:
            return students_of_course(session, course_id, archived=archived)

    def courses_of(self, student_id: int) -> tuple[Course, ...]:
        """Return the courses that the student is enrolled in, by code."""
        query = select(CourseRow).join(EnrolmentRow).where(EnrolmentRow.student_id == student_id)
        with self._read() as session:
            return tuple(course_of(row) for row in session.scalars(query.order_by(CourseRow.code)))


class StudentWrites(StudentReads, Writes):
    """Students inside a transaction."""

    def add(self, number: str, name: str, email: str = "", *, family: str = "", given: str = "") -> Student:
        """Add a student, shown by name, by its parts or by number. Raises KnownError for an empty number or one that is
        taken."""
        number = free_number(self._session, number)
        shown = tidy(name) or tidy(f"{given} {family}") or number
        row = StudentRow(number=number, name=shown, email=tidy(email), family_name=tidy(family), given_name=tidy(given))
        self._session.add(row)
        self._session.flush()
        self._log.note(Topic.STUDENTS, RemoveStudent(row.id))
        return student_of(row)

    def update(
        self,
        student_id: int,
        *,
        number: str | None = None,
        name: str | None = None,
        family: str | None = None,
        given: str | None = None,
        email: str | None = None,
    ) -> Student:
        """Change what is given; ``name`` is what is shown. Raises NotFoundError, and KnownError for a number that is
        taken.

        Another name without its parts makes these unknown; parts without a name make what is shown.
        """
        row = student_row(self._session, student_id)
        before = student_of(row)
        if number is not None and tidy(number) != row.number:
            row.number = free_number(self._session, number)
        # A student without a name is shown by number, as in ``add``.
        shown = None if name is None else tidy(name) or row.number
        named = before if shown is None else renamed(before, shown)
        if family is not None or given is not None:
            named = with_parts(before, family=family, given=given, shown=shown)
        row.name, row.family_name, row.given_name = named.name, named.family_name, named.given_name
        row.email = row.email if email is None else tidy(email)
        student = student_of(row)
        if student != before:
            self._log.note(Topic.STUDENTS, change_back(before, student))
        return student

    def put_back(self, before: ChangeStudent) -> None:
        """Undo ``update``. Raises NotFoundError, and KnownError for a number that is taken by now."""
        row = student_row(self._session, before.student_id)
        for name in ("name", "family_name", "given_name", "email"):
            value = getattr(before, name)
            if value is not None:
                setattr(row, name, value)
        if before.number is not None and before.number != row.number:
            row.number = free_number(self._session, before.number)
        self._log.note(Topic.STUDENTS)

    def archive(self, student_id: int, *, archived: bool = True) -> Student:
        """Take a student off every roster without losing anything, or put them back. Raises NotFoundError."""
        row = student_row(self._session, student_id)
        if row.archived != archived:
            self._log.note(Topic.STUDENTS, ArchiveStudent(student_id, row.archived))
        row.archived = archived
        return student_of(row)

    def put_roster(self, course_id: int, entries: Sequence[RosterEntry]) -> None:
        """Bring a course's roster up to a list, in a number of statements that does not depend on its length.

        Students are added, renamed, taken out of the archive and enrolled; nobody is taken off, and what the list
        does not say stays. Raises NotFoundError, KnownError for an empty number.
        """
        course_row(self._session, course_id)
        put_list(self._session, self._log, course_id, entries)

    def remove(self, student_id: int) -> None:
        """Remove a student as if they had never been added. Raises StudentInUse when anything has been recorded."""
        row = student_row(self._session, student_id)
        # The foreign keys would cascade and take all of these along.
        for kind in (MarkRow, ConsentRow, FaceTemplateRow, EnrolmentRow, ExcuseRow):
            if self._session.scalar(select(kind.student_id).where(kind.student_id == student_id).limit(1)) is not None:
                raise StudentInUse(name=row.name)
        # Before the student: deleting the row deletes the note of which operations name them.
        forget_operations_of(self._session, student_id)
        drop_family_language(self._session, student_id)
        self._session.execute(delete(StudentRow).where(StudentRow.id == student_id))
        ask_for_scrub(self._session, self._log)
        self._log.note_final(Topic.STUDENTS)
        self._log.forgotten.add(student_id)
