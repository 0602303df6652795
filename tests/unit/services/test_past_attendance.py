"""Attendance kept elsewhere, as a table: what comes in, what is named, and that twice changes nothing."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from single_writes import each

from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.columns import propose_mapping
from attendance_app.services.course_matrix import course_matrix
from attendance_app.services.exports import matrix_csv, matrix_xlsx
from attendance_app.services.past_attendance import LeftOut, PastReason, Reading, apply_past, plan_past
from attendance_app.services.roster_rows import SkipReason
from attendance_app.services.sheets.files import sheet_csv
from attendance_app.services.sheets.registers import course_sheet
from attendance_app.services.sheets.workbook import sheet_xlsx
from attendance_app.services.tables import errors
from attendance_app.services.tables.reading import read_table
from attendance_app.store.database import open_store
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
READING = Reading(zone=MADRID)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    return with_class(store)


def with_class(store):
    course = each(store).courses.add("ALG", "Algebra")
    entries = [RosterEntry(f"S{n}", f"Ana {n}", "", f"Ruiz {n}", "Ana") for n in range(1, 4)]
    each(store).students.put_roster(course.id, entries)
    return course


@pytest.fixture
def table_of(tmp_path):
    def read(content, name="old.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path)

    return read


def planned(store, course, table, reading=READING):
    return plan_past(store, course, table, propose_mapping(table), reading=reading, now=NOW)


def imported(store, course, table, reading=READING):
    plan = planned(store, course, table, reading)
    with store.write() as tx:
        apply_past(tx, plan, at=NOW, late_after=timedelta(minutes=10), note="old.csv")
    return plan


def statuses(store, course):
    return [[s and s.value[0] for s in row.statuses] for row in course_matrix(store, course.id).rows]


TABLE = "ID;Nombre;02/03/2026 08:15;2026-03-29;30/3/2026\nS1;Ana;P;R;F\nS2;Ana;Falta;;Justificada\nS3;Ana;-;P (2/2);P\n"


def test_a_table_becomes_sessions_with_marks_by_hand(store, course, table_of):
    plan = imported(store, course, table_of(TABLE))
    assert (plan.new_sessions, plan.new_marks, plan.unchanged, plan.left_out) == (3, 7, 0, ())
    assert statuses(store, course) == [["p", "l", "a"], ["a", None, "e"], [None, "p", "p"]]
    first, second, _ = reversed(store.sessions.all(course.id))
    # Of the second day the time is not known; on it the clocks went forward.
    assert first.started_at == datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
    assert second.started_at == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert (first.ended_at, first.note) == (first.started_at, "old.csv")
    assert {mark.marked_by for mark in store.marks.of_course(course.id)} == {MarkedBy.TEACHER}


def test_the_same_table_again_changes_nothing_and_a_mark_that_is_there_stays(store, course, table_of):
    imported(store, course, table_of(TABLE))
    session = store.sessions.all(course.id)[-1]
    each(store).marks.set_by_teacher(session.id, store.students.by_number("S1").id, Status.EXCUSED, NOW, "doctor")
    before = store.marks.of_course(course.id)
    again = imported(store, course, table_of(TABLE))
    assert (again.sessions, again.unchanged) == ((), 7)
    assert store.marks.of_course(course.id) == before
    longer = imported(store, course, table_of(TABLE.replace("Falta;;", "Falta;P;")))
    assert (longer.new_sessions, longer.new_marks) == (0, 1)
    assert statuses(store, course)[1] == ["a", "p", "e"]


@pytest.mark.parametrize("kind", ["people.csv", "people.xlsx", "machine.csv", "machine.xlsx"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_course_that_was_exported_comes_in_elsewhere(store, course, table_of, tmp_path, kind, language):
    imported(store, course, table_of(TABLE))
    matrix, words = course_matrix(store, course.id), sheet_words(translate_to(language))
    content = {
        "people.csv": lambda: sheet_csv(course_sheet(matrix, words, MADRID), ";"),
        "people.xlsx": lambda: sheet_xlsx(course_sheet(matrix, words, MADRID)),
        "machine.csv": lambda: matrix_csv(matrix, MADRID),
        "machine.xlsx": lambda: matrix_xlsx(matrix, MADRID),
    }[kind]()
    with open_store(tmp_path / "other") as other:
        there = with_class(other)
        imported(other, there, table_of(content, kind))
        assert statuses(other, there) == statuses(store, course)
        assert [s.started_at for s in other.sessions.all(there.id)] == [s.started_at for s in store.sessions.all()]


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        ("ID;2026-03-02\nS1;P\nS9;P\n", LeftOut(3, None, "S9", PastReason.NOT_ON_ROSTER)),
        ("ID;2026-03-02\nS1;P\nS1;F\n", LeftOut(3, None, "S1", SkipReason.DUPLICATE)),
        ("ID;2026-03-02\nS1;P\nS2;x\n", LeftOut(3, 2, "x", PastReason.UNKNOWN_WORD)),
        ("ID;2026-03-02\nS1;A\nS2;F\n", LeftOut(2, 2, "A", PastReason.UNKNOWN_WORD)),
        ("ID;2026-03-02\nS1;A\nS2;A\n", LeftOut(2, 2, "A", PastReason.UNKNOWN_WORD)),
        ("ID;2026-03-02;2026-05-05\nS1;P;P\n", LeftOut(None, 3, "2026-05-05", PastReason.IN_THE_FUTURE)),
        ("ID;2/3/2026;02/03/2026\nS1;P;F\n", LeftOut(None, 3, "02/03/2026", PastReason.SAME_TIME)),
    ],
)
def test_what_is_not_taken_over_is_named_with_line_and_column(store, course, table_of, table, left_out):
    assert left_out in planned(store, course, table_of(table)).left_out


def test_a_day_with_two_sessions_needs_a_time(store, course, table_of):
    imported(store, course, table_of("ID;2026-03-02 08:00;2026-03-02 10:00\nS1;P;P\n"))
    plan = planned(store, course, table_of("ID;2026-03-02\nS2;P\n"))
    assert plan.left_out == (LeftOut(None, 2, "2026-03-02", PastReason.SEVERAL_SESSIONS),)
    plan = imported(store, course, table_of("ID;2026-03-02 10:00\nS2;P\n"))
    assert [session.known is not None for session in plan.sessions] == [True]


def test_the_letter_a_is_absent_beside_p_or_what_somebody_says(store, course, table_of):
    table = table_of("ID;2026-03-02\nS1;A\nS2;P\n")
    assert [status for _, status in planned(store, course, table).sessions[0].marks] == [Status.ABSENT, Status.PRESENT]
    said = Reading(zone=MADRID, words={"A": Status.PRESENT, "x": Status.ABSENT})
    plan = planned(store, course, table_of("ID;2026-03-02\nS1;A\nS2;X\n"), said)
    assert [status for _, status in plan.sessions[0].marks] == [Status.PRESENT, Status.ABSENT]


@pytest.mark.parametrize(
    ("headers", "month_first", "days"),
    [
        (["3/4/2026"], False, [(4, 3)]),
        (["3/4/2026"], True, [(3, 4)]),
        (["3/4/2026", "3/13/2026"], False, [(3, 4), (3, 13)]),
        (["3/4/2026", "13/4/2026"], True, [(4, 3), (4, 13)]),
        (["3.4.2026", "03-04-2026 09:30"], False, [(4, 3), (4, 3)]),
        (["31/2/2026", "2026-13-01", "1/1/1200", "99:99", "4/2026", "2026-03-02 25:00", "2026-03-02"], False, [(3, 2)]),
    ],
)
def test_days_are_read_in_either_order(store, course, table_of, headers, month_first, days):
    table = table_of(f"ID;{';'.join(headers)}\nS1{';P' * len(headers)}\n")
    plan = planned(store, course, table, Reading(zone=MADRID, month_first=month_first))
    found = [session.started_at.astimezone(MADRID) for session in plan.sessions]
    assert [(day.month, day.day) for day in found] == days


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("ID;Nombre;Nota\nS1;Ana;7\n", errors.NoSessionColumn),
        ("Nombre;2026-03-02\nAna;P\n", errors.NoNumberColumn),
    ],
)
def test_a_table_without_days_or_numbers_is_refused(store, course, table_of, table, error):
    with pytest.raises(error):
        planned(store, course, table_of(table))
    assert store.sessions.all() == ()


def test_two_hundred_students_and_sixty_sessions_come_in(store, table_of):
    course = each(store).courses.add("BIG", "")
    each(store).students.put_roster(course.id, [RosterEntry(f"S{n}", f"Ana {n}") for n in range(200)])
    days = [f"{NOW.date() - timedelta(days=n + 1)}" for n in range(60)]
    text = io.StringIO()
    csv.writer(text).writerows([["ID", *days], *([f"S{n}", *["P"] * 60] for n in range(200))])
    assert imported(store, course, table_of(text.getvalue())).new_marks == 12_000
