"""Puts a whole class list into the register with a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import RosterEntry, Student, tidy, with_list_entry
from attendance_app.store.changes import ChangeLog, Topic
from attendance_app.store.inverses import ArchiveStudent, RemoveStudent, Unenrol
from attendance_app.store.rows import EnrolmentRow, StudentRow
from attendance_app.store.student_rows import change_back, number_of, student_of

NEW = 0
"""Id of a student who is not stored yet."""


def put_list(session: OrmSession, log: ChangeLog, course_id: int, entries: Sequence[RosterEntry]) -> None:
    """Add, change and enrol the students of a list. Raises KnownError for an empty number."""
    numbers = {number_of(entry.number) for entry in entries}
    # All students are read: a list may have more numbers than SQLite takes parameters in one statement.
    known = {row.number: student_of(row) for row in session.scalars(select(StudentRow)) if row.number in numbers}
    wanted = dict(known)
    for entry in entries:
        number = number_of(entry.number)
        student = wanted.get(number) or Student(NEW, number, tidy(entry.name) or number)
        # A number that stands twice is one student; the later line adds to the earlier one.
        wanted[number] = with_list_entry(student, entry)
    _change(session, log, [(before, wanted[number]) for number, before in known.items()])
    ids = _add(session, log, [student for student in wanted.values() if student.id == NEW])
    _enrol(session, log, course_id, [*(student.id for student in known.values()), *ids])
    # The statements above go past the objects that this session has loaded.
    session.expire_all()


def _add(session: OrmSession, log: ChangeLog, students: Sequence[Student]) -> list[int]:
    if not students:
        return []
    rows = [_values(student) | {"number": student.number} for student in students]
    ids = list(session.scalars(insert(StudentRow).returning(StudentRow.id), rows))
    log.note(Topic.STUDENTS, *(RemoveStudent(student_id) for student_id in ids))
    return ids


def _change(session: OrmSession, log: ChangeLog, pairs: Sequence[tuple[Student, Student]]) -> None:
    changed = [(before, after) for before, after in pairs if before != after]
    for before, after in changed:
        if before.archived:
            log.note(Topic.STUDENTS, ArchiveStudent(before.id, archived=True))
        if replace(before, archived=False) != after:
            log.note(Topic.STUDENTS, change_back(before, after))
    if changed:
        session.execute(update(StudentRow), [_values(after) | {"id": after.id} for _, after in changed])


def _values(student: Student) -> dict[str, object]:
    return {
        "name": student.name,
        "email": student.email,
        "archived": student.archived,
        "family_name": student.family_name,
        "given_name": student.given_name,
    }


def _enrol(session: OrmSession, log: ChangeLog, course_id: int, ids: Sequence[int]) -> None:
    enrolled = set(session.scalars(select(EnrolmentRow.student_id).where(EnrolmentRow.course_id == course_id)))
    new = [student_id for student_id in ids if student_id not in enrolled]
    if new:
        session.execute(insert(EnrolmentRow), [{"course_id": course_id, "student_id": one} for one in new])
        log.note(Topic.STUDENTS, *(Unenrol(course_id, student_id) for student_id in new))
