"""A paper sheet typed back: one letter a student, in the order of the list."""

from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.errors import LettersDontFit, LetterUnknown
from attendance_app.services.registers import session_register
from attendance_app.services.typed_sheet import apply_typed, read_letters, typed_changes
from attendance_app.store.database import open_store

START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
LATER = START + timedelta(hours=5)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("MATE", "")
        entries = [RosterEntry(f"S{n}", f"Student {n}", list_number=9 - n) for n in range(5)]
        with opened.write() as tx:
            tx.students.put_roster(course.id, entries)
        each(opened).sessions.open(course.id, START, timedelta(minutes=10))
        yield opened


def statuses(store):
    numbers = {student.id: student.number for student in store.students.all()}
    return {numbers[mark.student_id]: mark.status for mark in store.marks.of_session(1)}


@pytest.mark.parametrize("text", ["PLAE-", "p l r e .".replace("r", "f"), "PRFJ-", " PL AE\t-"])
def test_letters_go_to_the_students_in_the_order_of_the_list(store, text):
    register = session_register(store, 1)
    with store.write() as tx:
        assert apply_typed(tx, register, read_letters(text, register), at=LATER) == 4
    order = [line.student.number for line in register.lines]
    assert statuses(store) == dict(
        zip(order, [Status.PRESENT, Status.LATE, Status.ABSENT, Status.EXCUSED], strict=False)
    )


def test_only_what_differs_is_written_and_all_is_undone_at_once(store):
    first = session_register(store, 1).lines[0].student
    each(store).marks.set_by_teacher(1, first.id, Status.PRESENT, START, "on time")
    register, before = session_register(store, 1), store.marks.of_session(1)
    typed = read_letters("PAAAA", register)
    assert len(typed_changes(register, typed)) == 4
    with store.write() as tx:
        apply_typed(tx, register, typed, at=LATER)
        tx.offer_undo("typed", LATER)
    marks = {mark.student_id: mark for mark in store.marks.of_session(1)}
    assert (marks[first.id].marked_at, marks[first.id].remark) == (START, "on time")
    assert {mark.marked_by for mark in marks.values()} == {MarkedBy.TEACHER}
    store.undo(tx.changes.operation, LATER)
    assert store.marks.of_session(1) == before


@pytest.mark.parametrize(("text", "place"), [("PPXPP", 3), ("1PPPP", 1), ("PPPP?", 5)])
def test_a_letter_without_meaning_is_named_by_its_place(store, text, place):
    with pytest.raises(LetterUnknown) as refused:
        read_letters(text, session_register(store, 1))
    assert refused.value.place == place


@pytest.mark.parametrize("text", ["", "PPPP", "PPPPPP"])
def test_too_few_or_too_many_letters_are_refused(store, text):
    with pytest.raises(LettersDontFit):
        read_letters(text, session_register(store, 1))


def test_the_command_writes_and_refuses(store):
    run, home = CliRunner().invoke, str(store.home)
    assert run(app, ["--home", home, "session", "type", "1", "PPPP"]).exit_code != 0
    assert statuses(store) == {}
    done = run(app, ["--home", home, "session", "type", "1", "PPLA-"])
    assert done.stdout == "4 of 5 marks set.\n"
    assert list(statuses(store).values()).count(Status.PRESENT) == 2
