"""Puts a whole class list into the register with a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import RosterEntry, Student, tidy, with_list_entry
from attendance_app.store.changes import ChangeLog, Topic
from attendance_app.store.inverses import ArchiveStudent, RemoveStudent, Renumber, Unenrol
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
    new = [student for student in wanted.values() if student.id == NEW]
    ids = {student.number: student.id for student in known.values()} | _add(session, log, new)
    places = {number_of(entry.number): entry.list_number for entry in entries if entry.list_number is not None}
    _enrol(session, log, course_id, {student_id: places.get(number) for number, student_id in ids.items()})
    # The statements above go past the objects that this session has loaded.
    session.expire_all()


def _add(session: OrmSession, log: ChangeLog, students: Sequence[Student]) -> dict[str, int]:
    """Return the ids of the new students by number."""
    if not students:
        return {}
    rows = [_values(student) | {"number": student.number} for student in students]
    added = session.execute(insert(StudentRow).returning(StudentRow.number, StudentRow.id), rows)
    ids = {row.number: row.id for row in added}
    log.note(Topic.STUDENTS, *(RemoveStudent(student_id) for student_id in ids.values()))
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


def _enrol(session: OrmSession, log: ChangeLog, course_id: int, places: Mapping[int, int | None]) -> None:
    """Enrol the students with these ids, each with a list number or, None, with the one there is."""
    here = select(EnrolmentRow.student_id, EnrolmentRow.list_number).where(EnrolmentRow.course_id == course_id)
    enrolled = {row.student_id: row.list_number for row in session.execute(here)}
    new = {student_id: place for student_id, place in places.items() if student_id not in enrolled}
    if new:
        session.execute(
            insert(EnrolmentRow),
            [{"course_id": course_id, "student_id": one, "list_number": place} for one, place in new.items()],
        )
        log.note(Topic.STUDENTS, *(Unenrol(course_id, student_id) for student_id in new))
    moved = {
        student_id: place
        for student_id, place in places.items()
        if student_id in enrolled and place is not None and place != enrolled[student_id]
    }
    if moved:
        session.execute(
            update(EnrolmentRow),
            [{"course_id": course_id, "student_id": one, "list_number": place} for one, place in moved.items()],
        )
        log.note(Topic.STUDENTS, *(Renumber(course_id, one, enrolled[one]) for one in moved))
