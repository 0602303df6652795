"""Marks for Moodle, read back by a checker that follows the rules of its importer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from single_writes import each

from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.errors import NobodyForMoodle
from attendance_app.services.moodle_marks import ACRONYMS, MoodleColumn, MoodleReason, UserField, moodle_marks
from attendance_app.services.registers import session_register
from attendance_app.store.database import open_store
from tests.moodle_importer import import_marks

MADRID = ZoneInfo("Europe/Madrid")
START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
PEOPLE = (
    ("007", "Íñigo Peña", "inigo@example.org"),
    ("S2", "Ana Díaz", "ANA@example.org"),
    ("s3,b", "Eva Núñez", ""),
    ("S4", "Leo Ruiz", "leo@example.org"),
)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("MATE", "")
        with opened.write() as tx:
            tx.students.put_roster(course.id, [RosterEntry(*person) for person in PEOPLE])
        session = each(opened).sessions.open(course.id, START, timedelta(minutes=10))
        ids = [opened.students.by_number(number).id for number, _, _ in PEOPLE]
        seen = START + timedelta(minutes=12, seconds=5)
        proof = Evidence(0.99, 5, 0.3, 1)
        each(opened).marks.record(Mark(session.id, ids[0], Status.LATE, MarkedBy.CAMERA, seen, seen, seen, proof))
        each(opened).marks.set_by_teacher(session.id, ids[1], Status.EXCUSED, seen)
        each(opened).marks.set_by_teacher(session.id, ids[2], Status.ABSENT, seen)
        yield opened


def users():
    return {
        f"login{place}": {"userid": "", "username": number.lower(), "idnumber": number, "email": email.lower()}
        for place, (number, _, email) in enumerate(PEOPLE)
    }


@pytest.mark.parametrize("field", [UserField.IDNUMBER, UserField.USERNAME])
@pytest.mark.parametrize("language", ["en", "es"])
def test_moodle_takes_every_status_by_its_acronym(store, field, language):
    acronyms = ACRONYMS[language]
    made = moodle_marks(session_register(store, 1), user=field, acronyms=acronyms)
    taken = import_marks(made.content, users(), set(acronyms.values()))
    assert taken.problems == []
    assert taken.marks == {
        "login0": acronyms[Status.LATE],
        "login1": acronyms[Status.EXCUSED],
        "login2": acronyms[Status.ABSENT],
    }
    assert [(student.number, reason) for student, reason in made.left_out] == [("S4", MoodleReason.NO_MARK)]


def test_who_has_no_email_is_left_out_by_name_where_users_are_found_by_it(store):
    made = moodle_marks(session_register(store, 1), user=UserField.EMAIL)
    taken = import_marks(made.content, users(), set("PLAE"))
    assert (taken.problems, set(taken.marks)) == ([], {"login0", "login1"})
    assert {(student.number, reason) for student, reason in made.left_out} == {
        ("s3,b", MoodleReason.NO_ID),
        ("S4", MoodleReason.NO_MARK),
    }


def test_times_of_arrival_are_local_and_only_of_those_who_came(store):
    made = moodle_marks(session_register(store, 1), user=UserField.IDNUMBER, column=MoodleColumn.SCANTIME, zone=MADRID)
    taken = import_marks(made.content, users(), set())
    assert taken.marks == {"login0": datetime(2026, 3, 2, 8, 12, 5)}  # noqa: DTZ001
    assert [reason for _, reason in made.left_out].count(MoodleReason.NO_TIME) == 2


def test_two_students_whom_moodle_could_not_tell_apart_are_both_left_out(store):
    course = store.courses.by_code("MATE")
    twin = each(store).students.add("s2", "Ana Otra")
    each(store).students.enrol(course.id, twin.id)
    each(store).marks.set_by_teacher(1, twin.id, Status.PRESENT, START)
    made = moodle_marks(session_register(store, 1), user=UserField.IDNUMBER)
    assert import_marks(made.content, users(), set("PLAE")).problems == []
    assert [reason for _, reason in made.left_out].count(MoodleReason.SAME_ID) == 2


def test_an_id_that_a_spreadsheet_would_run_is_left_out(store):
    course = store.courses.by_code("MATE")
    risky = each(store).students.add("=1+1", "Max")
    each(store).students.enrol(course.id, risky.id)
    each(store).marks.set_by_teacher(1, risky.id, Status.PRESENT, START)
    made = moodle_marks(session_register(store, 1), user=UserField.IDNUMBER)
    assert (b"=1+1" in made.content, MoodleReason.RISKY in [reason for _, reason in made.left_out]) == (False, True)


def test_a_session_without_anybody_to_write_says_so(store):
    course = store.courses.by_code("MATE")
    each(store).sessions.close(1, START)
    empty = each(store).sessions.open(course.id, START + timedelta(days=1), timedelta(0))
    with pytest.raises(NobodyForMoodle):
        moodle_marks(session_register(store, empty.id), user=UserField.IDNUMBER)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"idnumber,status\n007,late\n", "status not found"),
        (b"idnumber,status\n007,p\n", "status not found"),
        (b"idnumber,status\n007,P\n007,L\n", "duplicate user"),
        (b"idnumber,status\n7,P\n", "user not found"),
        (b"idnumber,scantime\n007,soon\n", "time not readable"),
    ],
)
def test_the_checker_complains_as_moodle_does(content, problem):
    assert import_marks(content, users(), set("PLAE")).problems[0].startswith(problem)


@pytest.mark.parametrize("content", [b"", b"idnumber\n007\n", b"idnumber,status\n007\n", b"status,idnumber\nP,007\n"])
def test_the_checker_refuses_what_moodle_refuses(content):
    with pytest.raises(ValueError, match=r"."):
        import_marks(content, users(), set("PLAE"))
