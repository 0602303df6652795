"""The audit trail: it records what is done, and notices what is done to it or past it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta

import pytest
from single_writes import each

from attendance_app.domain.audit import AuditAction, AuditProblem, Finding
from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.domain.sessions import Session, Status
from attendance_app.store.backup_files import Reason
from attendance_app.store.database import Store
from attendance_app.store.errors import NumberTaken

Forgery = Callable[[sqlite3.Connection], object]


@pytest.fixture
def marked(store: Store, session: Session, students: tuple[Student, ...], now: datetime) -> Session:
    for student in students:
        each(store).marks.set_by_teacher(session.id, student.id, Status.PRESENT, now, "")
    return session


def past_the_program(store: Store, *statements: str) -> None:
    store.database.close()
    with closing(sqlite3.connect(store.database.path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def found(store: Store) -> list[Finding]:
    return [problem.finding for problem in store.audit.check().problems]


def test_a_new_register_begins_its_trail(store: Store) -> None:
    (begun,) = store.audit.records()
    assert (begun.id, begun.action, begun.rows) == (1, AuditAction.BEGIN, 0)
    assert found(store) == []


def test_every_change_of_a_mark_is_recorded_with_both_states(
    store: Store, marked: Session, students: tuple[Student, ...], now: datetime
) -> None:
    each(store).marks.set_by_teacher(marked.id, students[0].id, Status.EXCUSED, now + timedelta(minutes=5), "bus")
    entries = [one for one in store.audit.of_session(marked.id) if one.table == "mark"]

    assert [one.after and one.after["status"] for one in entries] == ["present", "present", "present", "excused"]
    assert entries[0].before is None
    last = entries[-1]
    assert last.before is not None
    assert last.after is not None
    assert (last.before["status"], last.after["status"], last.after["remark"]) == ("present", "excused", "bus")
    assert [one.table for one in store.audit.of_student(students[1].id)] == ["student", "enrolment", "mark"]
    assert found(store) == []


def test_one_action_is_one_record_and_nothing_is_recorded_of_what_is_rolled_back(store: Store) -> None:
    before = len(store.audit.records())
    with store.write() as tx:
        for number in range(3):
            tx.students.add(f"N{number}", "New")
    with suppress(NumberTaken), store.write() as tx:
        tx.students.add("X", "Never")
        tx.students.add("N0", "Again")
    with store.write() as tx:
        pass
    (last,) = store.audit.records()[before:]
    assert last.rows == 3
    assert found(store) == []


def test_no_record_holds_a_face(
    store: Store, students: tuple[Student, ...], make_face: Callable[..., FaceTemplate], now: datetime
) -> None:
    each(store).consents.record(students[0].id, "parents", now)
    each(store).templates.add(make_face(students[0]))
    with closing(sqlite3.connect(store.database.path)) as connection:
        columns = {name for _number, name, *_rest in connection.execute("PRAGMA table_info(audit_row)")}
        content = [text for (text,) in connection.execute("SELECT content FROM audit_row")]
    assert columns.isdisjoint({"encoding", "jpeg"})
    assert not any("encoding" in text or "photo_sha256" in text for text in content)
    assert [one.table for one in store.audit.of_student(students[0].id)][-2:] == ["consent", "face_template"]


FORGERIES: list[tuple[str, list[Finding]]] = [
    ("UPDATE mark SET status = 'absent' WHERE id = 2", [Finding.ROW_CHANGED]),
    ("DELETE FROM mark WHERE id = 2", [Finding.ROW_REMOVED]),
    ("DELETE FROM mark_history", [Finding.ROW_REMOVED] * 3),
    (
        "INSERT INTO student (id, number, name, email, archived) VALUES (99, 'S99', 'Slipped in', '', 0)",
        [Finding.ROW_UNRECORDED],
    ),
    ("UPDATE audit_record SET actor = 'somebody' WHERE id = 3", [Finding.RECORD_ALTERED]),
    (
        "UPDATE audit_row SET content = replace(content, 'Student 02', 'Student 20') WHERE table_name = 'student'",
        [Finding.CONTENT_ALTERED, Finding.ROW_CHANGED],
    ),
    ("UPDATE audit_row SET content = 'no JSON' WHERE table_name = 'mark'", [Finding.CONTENT_ALTERED] * 3),
    ("UPDATE audit_record SET action = 'invented', detail = '[' WHERE id = 3", [Finding.RECORD_ALTERED]),
    ("DELETE FROM audit_record WHERE id = 4", [Finding.RECORDS_REMOVED, Finding.RECORD_ALTERED]),
    ("DELETE FROM audit_row WHERE record_id = 4", [Finding.RECORD_ALTERED, Finding.ROW_UNRECORDED]),
]


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(("statement", "expected"), FORGERIES)
def test_what_is_changed_past_the_program_is_noticed(store: Store, statement: str, expected: list[Finding]) -> None:
    past_the_program(store, statement)
    problems = found(store)
    assert problems[: len(expected)] == expected
    # They can still be read.
    assert store.audit.records()
    assert store.audit.of_session(1) is not None


@pytest.mark.usefixtures("marked")
def test_two_records_that_change_places_are_noticed(store: Store) -> None:
    past_the_program(
        store,
        "PRAGMA foreign_keys = OFF",
        "UPDATE audit_record SET id = -3 WHERE id = 3",
        "UPDATE audit_record SET id = 3 WHERE id = 4",
        "UPDATE audit_record SET id = 4 WHERE id = -3",
    )
    assert Finding.RECORD_ALTERED in found(store)


@pytest.mark.usefixtures("marked")
def test_records_removed_from_the_end_are_noticed(store: Store) -> None:
    last = store.audit.records()[-1].id
    past_the_program(
        store,
        f"DELETE FROM audit_row WHERE record_id >= {last - 1}",
        f"DELETE FROM audit_record WHERE id >= {last - 1}",
    )
    problems = store.audit.check().problems
    assert AuditProblem(Finding.RECORDS_REMOVED, last - 1, last) in problems
    # And what they spoke of is there without them.
    assert Finding.ROW_UNRECORDED in [one.finding for one in problems]


def test_an_erasure_leaves_a_gap_that_can_be_proved(
    store: Store, marked: Session, students: tuple[Student, ...], now: datetime
) -> None:
    each(store).erasures.erase_student(students[0].id, now)
    check = store.audit.check()

    assert check.problems == ()
    # Student, place on the roster, mark, line of history.
    assert check.erased == 4
    assert store.audit.of_student(students[0].id) == ()
    assert store.audit.records()[-1].action is AuditAction.ERASE
    with closing(sqlite3.connect(store.database.path)) as connection:
        assert not [
            one for (one,) in connection.execute("SELECT content FROM audit_row") if one and "Student 01" in one
        ]
    assert [one.row for one in store.audit.of_session(marked.id) if one.table == "mark"] == ["2", "3"]


@pytest.mark.usefixtures("marked")
def test_content_that_no_erasure_took_out_is_missed(store: Store) -> None:
    past_the_program(store, "UPDATE audit_row SET content = NULL, salt = NULL WHERE table_name = 'mark'")
    assert Finding.CONTENT_REMOVED in found(store)


def test_a_restore_is_recorded_with_what_it_replaced(
    store: Store, marked: Session, students: tuple[Student, ...], now: datetime
) -> None:
    backup = store.back_up(Reason.HAND, now).backup.path
    each(store).marks.set_by_teacher(marked.id, students[0].id, Status.ABSENT, now, "")
    each(store).erasures.erase_student(students[2].id, now)
    replaced = store.audit.records()[-1]
    store.restore(backup, now)

    last = store.audit.records()[-1]
    assert last.action is AuditAction.RESTORE
    assert last.detail == {"replaced": replaced.id, "hash": replaced.hash}
    assert last.id == replaced.id + 1
    check = store.audit.check()
    assert check.problems == ()
    assert check.erased
    assert store.audit.of_student(students[2].id) == ()


def test_an_action_can_note_what_changes_no_row(store: Store, course: Course) -> None:
    with store.write() as tx:
        tx.audit.note(AuditAction.EXPORT, {"course": course.code, "format": "csv"})
    last = store.audit.records()[-1]
    assert (last.action, last.detail, last.rows) == (AuditAction.EXPORT, {"course": "MATH-1", "format": "csv"}, 0)
    assert found(store) == []
