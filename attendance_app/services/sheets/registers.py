"""One session's register, one student's and one course's attendance as tables for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from attendance_app.domain.excuses import minutes_late
from attendance_app.domain.people import Student
from attendance_app.domain.sessions import Status
from attendance_app.services.course_matrix import CourseMatrix, MatrixRow
from attendance_app.services.errors import NotInCourse
from attendance_app.services.registers import Register
from attendance_app.services.sheets.corrected_register import version_text
from attendance_app.services.sheets.sheet import Cell, Sheet, SheetWords


def register_sheet(register: Register, words: SheetWords, zone: tzinfo | None = None) -> Sheet:
    """Return a session's register; times are of ``zone``, None: this machine's."""
    session, course = register.session, register.course
    students = [line.student for line in register.lines]
    who = WhoColumns.of(students)
    named = who.header(words)
    header = [*named, words.status, words.arrived, words.minutes_late, words.marked, words.remark]
    rows = []
    for line in register.lines:
        mark = line.mark
        rows.append(
            (
                *who.cells(line.student),
                mark.status if mark else None,
                _clock(mark.arrival if mark else None, zone),
                None if mark is None else minutes_late(mark, session),
                words.marked_by[mark.marked_by] if mark else None,
                mark.remark if mark else None,
            )
        )
    facts: list[tuple[str, Cell]] = [
        (words.course, course.code),
        (words.day, _day(session.started_at, zone)),
        (words.begun, _clock(session.started_at, zone)),
        (words.ended, _clock(session.ended_at, zone)),
    ]
    if session.topic:
        facts.append((words.topic, session.topic))
    if not session.counts:
        facts.append((words.void, session.void_reason or words.counts_nowhere))
    if session.unknown_people:
        facts.append((words.unknown_people, session.unknown_people))
    version = version_text(session.id, register.revision)
    facts.append((words.version, version))
    return Sheet(
        title=f"{words.register}: {course.title or course.code}",
        facts=tuple(facts),
        header=tuple(header),
        rows=tuple(rows),
        words=words,
        status_column=len(named),
        signed=True,
        version=version,
    )


def course_sheet(matrix: CourseMatrix, words: SheetWords, zone: tzinfo | None = None) -> Sheet:
    """Return a course over time: a line a student, a column a session, the counts and the share attended."""
    who = WhoColumns.of([row.student for row in matrix.rows])
    starts = [_local(session.started_at, zone) for session in matrix.sessions]
    rows = tuple((*who.cells(row.student), *row.statuses, *_figures(row)) for row in matrix.rows)
    return Sheet(
        title=f"{words.attendance}: {matrix.course.title or matrix.course.code}",
        facts=((words.course, matrix.course.code), (words.sessions, len(matrix.sessions))),
        header=(*who.header(words), *starts, *(words.statuses[status] for status in Status), words.attended),
        rows=rows,
        words=words,
    )


def student_sheet(matrix: CourseMatrix, student: Student, words: SheetWords, zone: tzinfo | None = None) -> Sheet:
    """Return one student's sessions of a course, newest last, with counts and share. Raises NotInCourse."""
    row = next((row for row in matrix.rows if row.student.id == student.id), None)
    if row is None:
        raise NotInCourse(name=student.name, course=matrix.course.code)
    # Sessions without a mark were before the student came, or are not closed yet.
    dated = [(session, status) for session, status in zip(matrix.sessions, row.statuses, strict=True) if status]
    return Sheet(
        title=f"{words.attendance}: {row.student.name}",
        facts=(
            (words.number, row.student.number),
            (words.course, matrix.course.title or matrix.course.code),
            (words.sessions, len(dated)),
            (words.attended, row.attended),
        ),
        header=(words.day, words.begun, words.status),
        rows=tuple((_day(one.started_at, zone), _clock(one.started_at, zone), status) for one, status in dated),
        words=words,
        status_column=2,
        signed=True,
    )


@dataclass(frozen=True, slots=True)
class WhoColumns:
    """The columns that say who it is.

    ``numbered``: with the list number, where any student has one. ``apart``: family and given names, where every
    student's are known, else the name that is shown.
    """

    numbered: bool
    apart: bool

    @classmethod
    def of(cls, students: Sequence[Student]) -> "WhoColumns":
        return cls(
            numbered=any(student.list_number for student in students),
            apart=bool(students) and all(student.family_name and student.given_name for student in students),
        )

    def header(self, words: SheetWords) -> tuple[str, ...]:
        names = (words.family_name, words.given_name) if self.apart else (words.name,)
        return (*([words.list_number] if self.numbered else ()), words.number, *names)

    def cells(self, student: Student) -> tuple[Cell, ...]:
        names = (student.family_name, student.given_name) if self.apart else (student.name,)
        return (*([student.list_number] if self.numbered else ()), student.number, *names)


def _figures(row: MatrixRow) -> tuple[Cell, ...]:
    return (*(row.count(status) for status in Status), row.attended)


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)


def _day(moment: datetime, zone: tzinfo | None) -> Cell:
    return _local(moment, zone).date()


def _clock(moment: datetime | None, zone: tzinfo | None) -> Cell:
    return None if moment is None else _local(moment, zone).time()
