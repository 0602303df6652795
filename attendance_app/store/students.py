"""Students and the courses they are enrolled in."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.errors import KnownError, NotFoundError
from attendance_app.domain.people import Course, RosterEntry, Student, sort_key, tidy
from attendance_app.store.connection import Database
from attendance_app.store.courses import course_of, course_row
from attendance_app.store.rows import CourseRow, EnrolmentRow, StudentRow


def student_of(row: StudentRow) -> Student:
    return Student(
        id=row.id,
        number=row.number,
        name=row.name,
        email=row.email,
        archived=row.archived,
        family_name=row.family_name,
        given_name=row.given_name,
    )


def by_name(student: Student) -> tuple[str, str]:
    """Sort key: name without case and accents, then number."""
    return sort_key(student.name), student.number


class StudentRepository:
    """Students by id and by the school's number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, number: str, name: str, email: str = "") -> Student:
        """Add a student. Raises KnownError for an empty number or one that is taken."""
        with self._database.write() as session:
            return add_student(session, number, name, email)

    def get(self, student_id: int) -> Student:
        """Return one student. Raises NotFoundError."""
        with self._database.read() as session:
            return student_of(student_row(session, student_id))

    def by_number(self, number: str) -> Student:
        """Return the student with the school's number. Raises NotFoundError."""
        found = self.find(number)
        if found is None:
            raise NotFoundError(
                "There is no student with number {number}.",
                remedy="See the numbers there are with: attendance student list",
                number=number,
            )
        return found

    def find(self, number: str) -> Student | None:
        """Return the student with exactly that number, if any."""
        with self._database.read() as session:
            row = session.scalar(select(StudentRow).where(StudentRow.number == tidy(number)))
            return None if row is None else student_of(row)

    def all(self, *, archived: bool | None = False, search: str = "") -> tuple[Student, ...]:
        """Return students by name; ``search``: part of name, number or e-mail, whatever its case and accents."""
        query = select(StudentRow)
        if archived is not None:
            query = query.where(StudentRow.archived == archived)
        wanted = sort_key(tidy(search))
        with self._database.read() as session:
            students = [student_of(row) for row in session.scalars(query)]
        found = [s for s in students if wanted in sort_key(f"{s.name}\n{s.number}\n{s.email}")]
        return tuple(sorted(found, key=by_name))

    def of_course(self, course_id: int, *, archived: bool | None = False) -> tuple[Student, ...]:
        """Return the course's roster by name."""
        with self._database.read() as session:
            return roster(session, course_id, archived=archived)

    def courses_of(self, student_id: int) -> tuple[Course, ...]:
        """Return the courses that the student is enrolled in, by code."""
        query = select(CourseRow).join(EnrolmentRow).where(EnrolmentRow.student_id == student_id)
        with self._database.read() as session:
            return tuple(course_of(row) for row in session.scalars(query.order_by(CourseRow.code)))

    def update(
        self, student_id: int, *, number: str | None = None, name: str | None = None, email: str | None = None
    ) -> Student:
        """Change what is given. Raises NotFoundError, and KnownError for a number that is taken."""
        with self._database.write() as session:
            row = student_row(session, student_id)
            if number is not None and tidy(number) != row.number:
                row.number = _free_number(session, number)
            if name is not None:
                _rename(row, tidy(name) or row.number)
            row.email = row.email if email is None else tidy(email)
            return student_of(row)

    def archive(self, student_id: int, *, archived: bool = True) -> Student:
        """Take a student off every roster without losing anything, or put them back. Raises NotFoundError."""
        with self._database.write() as session:
            row = student_row(session, student_id)
            row.archived = archived
            return student_of(row)

    def put_roster(self, course_id: int, entries: Sequence[RosterEntry]) -> None:
        """Bring a course's roster up to a list, in one transaction: all of it or nothing.

        Students are added, renamed, taken out of the archive and enrolled; nobody is taken off, and what the list
        does not say stays. Raises NotFoundError, KnownError for an empty number.
        """
        with self._database.write() as session:
            course_row(session, course_id)
            for entry in entries:
                row = session.scalar(select(StudentRow).where(StudentRow.number == tidy(entry.number)))
                if row is None:
                    row = student_row(session, add_student(session, entry.number, entry.name, entry.email).id)
                _rename(row, tidy(entry.name) or row.name, family=entry.family_name, given=entry.given_name)
                row.email = tidy(entry.email) or row.email
                row.archived = False
                enrol_student(session, course_id, row.id)

    def enrol(self, course_id: int, student_id: int) -> bool:
        """Put a student on a course's roster; False if they were on it."""
        with self._database.write() as session:
            return enrol_student(session, course_id, student_id)

    def unenrol(self, course_id: int, student_id: int) -> None:
        """Take a student off a course's roster; their marks there stay."""
        with self._database.write() as session:
            session.execute(
                delete(EnrolmentRow).where(EnrolmentRow.course_id == course_id, EnrolmentRow.student_id == student_id)
            )


def roster(session: OrmSession, course_id: int, *, archived: bool | None = False) -> tuple[Student, ...]:
    """Return the students of a course by name; ``archived`` None: all of them."""
    query = select(StudentRow).join(EnrolmentRow).where(EnrolmentRow.course_id == course_id)
    if archived is not None:
        query = query.where(StudentRow.archived == archived)
    return tuple(sorted((student_of(row) for row in session.scalars(query)), key=by_name))


def student_row(session: OrmSession, student_id: int) -> StudentRow:
    """Return one row. Raises NotFoundError."""
    row = session.get(StudentRow, student_id)
    if row is None:
        raise NotFoundError(
            "There is no student with internal number {id}: perhaps erased in the meantime.",
            remedy="See the students there are with: attendance student list",
            id=student_id,
        )
    return row


def _rename(row: StudentRow, name: str, *, family: str = "", given: str = "") -> None:
    """Change what is shown. Parts that a list gave stay until another name is shown, or a list gives others."""
    if name != row.name or family or given:
        row.name, row.family_name, row.given_name = name, tidy(family), tidy(given)


def add_student(session: OrmSession, number: str, name: str, email: str) -> Student:
    number = _free_number(session, number)
    row = StudentRow(number=number, name=tidy(name) or number, email=tidy(email))
    session.add(row)
    session.flush()
    return student_of(row)


def enrol_student(session: OrmSession, course_id: int, student_id: int) -> bool:
    added = insert(EnrolmentRow).values(course_id=course_id, student_id=student_id).on_conflict_do_nothing()
    return session.execute(added.returning(EnrolmentRow.student_id)).first() is not None


def _free_number(session: OrmSession, number: str) -> str:
    number = tidy(number)
    if not number:
        raise KnownError("A student needs a number.", remedy="Give the school's identifier of the student.")
    if session.scalar(select(StudentRow.id).where(StudentRow.number == number)) is not None:
        raise KnownError(
            "There is already a student with number {number}.",
            remedy="Use that student, or check the number.",
            number=number,
        )
    return number
