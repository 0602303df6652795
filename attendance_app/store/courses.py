"""Courses."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.errors import NotFoundError
from attendance_app.domain.people import Course, RosterOrder, sort_key, tidy
from attendance_app.store.changes import Topic
from attendance_app.store.errors import CourseExists, CourseInUse, CourseWithoutCode, NoCourseAtAll, NoSuchCourse
from attendance_app.store.inverses import ArchiveCourse, RemoveCourse, ReorderCourse, RetitleCourse
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import CourseRow, EnrolmentRow, SessionRow, TimetablePeriodRow, WeeklyLessonRow


def course_of(row: CourseRow) -> Course:
    return Course(id=row.id, code=row.code, title=row.title, archived=row.archived, roster_order=row.roster_order)


class CourseReads(Reads):
    """Courses by id and by the school's code."""

    def by_code(self, code: str) -> Course:
        """Return the course with that code. Raises NotFoundError that names the codes there are."""
        with self._read() as session:
            row = session.scalar(select(CourseRow).where(CourseRow.code == tidy(code)))
            if row is None:
                raise _no_course(session, code)
            return course_of(row)

    def get(self, course_id: int) -> Course:
        """Return one course. Raises NotFoundError."""
        with self._read() as session:
            return course_of(course_row(session, course_id))

    def all(self, *, archived: bool | None = False) -> tuple[Course, ...]:
        """Return the courses sorted by code; ``archived`` None: with the archived ones, True: only those."""
        query = select(CourseRow)
        if archived is not None:
            query = query.where(CourseRow.archived == archived)
        with self._read() as session:
            courses = [course_of(row) for row in session.scalars(query)]
        return tuple(sorted(courses, key=lambda course: sort_key(course.code)))


class CourseWrites(CourseReads, Writes):
    """Courses inside a transaction."""

    def add(self, code: str, title: str) -> Course:
        """Add a course. Raises KnownError for an empty code or one that is taken."""
        code, title = tidy(code), tidy(title)
        if not code:
            raise CourseWithoutCode()
        if self._session.scalar(select(CourseRow.id).where(CourseRow.code == code)) is not None:
            raise CourseExists(code=code)
        row = CourseRow(code=code, title=title or code)
        self._session.add(row)
        self._session.flush()  # gives the row its id
        self._log.note(Topic.COURSES, RemoveCourse(row.id))
        return course_of(row)

    def retitle(self, course_id: int, title: str) -> Course:
        """Change the title. Raises NotFoundError."""
        row = course_row(self._session, course_id)
        self._log.note(Topic.COURSES, RetitleCourse(course_id, row.title))
        row.title = tidy(title) or row.code
        return course_of(row)

    def reorder(self, course_id: int, order: RosterOrder) -> Course:
        """Change by what its students are listed. Raises NotFoundError."""
        row = course_row(self._session, course_id)
        if row.roster_order is not order:
            # The students' topic too: whoever shows a list has to read it again.
            self._log.note(Topic.COURSES, ReorderCourse(course_id, row.roster_order))
            self._log.note(Topic.STUDENTS)
            row.roster_order = order
        return course_of(row)

    def archive(self, course_id: int, *, archived: bool = True) -> Course:
        """Archive a course with all its data, or restore it. Raises NotFoundError."""
        row = course_row(self._session, course_id)
        self._log.note(Topic.COURSES, ArchiveCourse(course_id, row.archived))
        row.archived = archived
        return course_of(row)

    def remove(self, course_id: int) -> None:
        """Remove a course as an undo. Raises CourseInUse when it has students, sessions or a timetable."""
        row = course_row(self._session, course_id)
        # The foreign keys would cascade: deleting a course in use would take its sessions and marks along.
        for kind in (EnrolmentRow, SessionRow, TimetablePeriodRow, WeeklyLessonRow):
            if self._session.scalar(select(kind.course_id).where(kind.course_id == course_id).limit(1)) is not None:
                raise CourseInUse(name=row.code)
        self._session.execute(delete(CourseRow).where(CourseRow.id == course_id))
        self._log.note_final(Topic.COURSES)


def course_row(session: OrmSession, course_id: int) -> CourseRow:
    row = session.get(CourseRow, course_id)
    if row is None:
        raise _no_course(session, f"no. {course_id}")
    return row


def _no_course(session: OrmSession, name: str) -> NotFoundError:
    codes = sorted(session.scalars(select(CourseRow.code)))
    if not codes:
        return NoCourseAtAll(name=name)
    return NoSuchCourse(name=name, codes=tuple(codes))
