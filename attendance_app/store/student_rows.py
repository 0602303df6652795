"""Students between domain values and rows. For use inside a transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import Student, tidy
from attendance_app.domain.roster_order import in_order
from attendance_app.store.errors import NumberTaken, StudentGone, StudentWithoutNumber
from attendance_app.store.inverses import ChangeStudent
from attendance_app.store.rows import CourseRow, EnrolmentRow, StudentRow


def student_of(row: StudentRow, list_number: int | None = None) -> Student:
    return Student(
        id=row.id,
        number=row.number,
        name=row.name,
        email=row.email,
        archived=row.archived,
        family_name=row.family_name,
        given_name=row.given_name,
        list_number=list_number,
    )


def students_of_course(session: OrmSession, course_id: int, *, archived: bool | None = False) -> tuple[Student, ...]:
    """Return the students of a course in its order, with their list numbers; ``archived`` None: all of them."""
    query = (
        select(StudentRow, EnrolmentRow.list_number, CourseRow.roster_order)
        .join(EnrolmentRow, EnrolmentRow.student_id == StudentRow.id)
        .join(CourseRow, CourseRow.id == EnrolmentRow.course_id)
        .where(CourseRow.id == course_id)
    )
    if archived is not None:
        query = query.where(StudentRow.archived == archived)
    rows = session.execute(query).all()
    # The course's order comes with each row: one statement more would be felt in lists of many courses.
    return in_order([student_of(row, number) for row, number, _ in rows], rows[0].roster_order) if rows else ()


def student_row(session: OrmSession, student_id: int) -> StudentRow:
    """Return one row. Raises NotFoundError."""
    row = session.get(StudentRow, student_id)
    if row is None:
        raise StudentGone(student_id=student_id)
    return row


def number_of(text: str) -> str:
    """Return a student number as it is stored. Raises KnownError for an empty one."""
    number = tidy(text)
    if not number:
        raise StudentWithoutNumber()
    return number


def free_number(session: OrmSession, text: str) -> str:
    """Return a student number that is not taken. Raises KnownError for an empty one or one that is taken."""
    number = number_of(text)
    if session.scalar(select(StudentRow.id).where(StudentRow.number == number)) is not None:
        raise NumberTaken(number=number)
    return number


def change_back(before: Student, after: Student) -> ChangeStudent:
    """Return the inverse of a change of a student's values."""
    changed = {
        name: getattr(before, name)
        for name in ("number", "name", "family_name", "given_name", "email")
        if getattr(before, name) != getattr(after, name)
    }
    return ChangeStudent(before.id, **changed)
