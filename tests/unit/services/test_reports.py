import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import Session, Status
from attendance_app.services.course_matrix import CourseMatrix, MatrixRow, course_matrix
from attendance_app.services.demo.history import write_history
from attendance_app.services.reports import only, running_shares, session_shares, share_of, since, student_shares
from attendance_app.store.database import open_store
from attendance_app.store.errors import SessionStillOpen

P, L, A, E = Status.PRESENT, Status.LATE, Status.ABSENT, Status.EXCUSED
START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def matrix(*rows: tuple[Status | None, ...]) -> CourseMatrix:
    sessions = tuple(
        Session(index, 1, START + timedelta(days=index), timedelta(minutes=10)) for index in range(len(rows[0]))
    )
    students = (MatrixRow(Student(number, f"S{number}", f"Student {number}"), row) for number, row in enumerate(rows))
    return CourseMatrix(Course(1, "A", "Algebra"), sessions, tuple(students))


@pytest.mark.parametrize(
    ("statuses", "share"),
    [
        pytest.param((P, L, A, A), 0.5, id="late counts as come"),
        pytest.param((P, E, E, A), 0.5, id="excused counts neither way"),
        pytest.param((E, None), None, id="nothing to count"),
        pytest.param((P, None, P), 1.0, id="no mark counts neither way"),
    ],
)
def test_share(statuses: tuple[Status | None, ...], share: float | None) -> None:
    assert share_of(statuses) == share


def test_exactly_at_the_limit_is_not_below_it() -> None:
    found = student_shares(matrix((P, P, P, P, A), (P, P, P, A, A), (E, E, E, E, E)), 0.8)
    assert [line.below for line in found] == [False, True, False]


def test_shares_of_sessions_and_of_one_student_over_time() -> None:
    whole = matrix((P, A, E), (A, A, P))
    assert session_shares(whole) == (0.5, 0.0, 1.0)
    assert running_shares(whole.rows[0]) == (1.0, 0.5, 0.5)


def test_a_period_and_some_students_of_a_matrix() -> None:
    whole = matrix((P, A, E), (A, L, P))
    late = since(whole, START + timedelta(days=1))
    assert [row.statuses for row in late.rows] == [(A, E), (L, P)]
    assert [session.id for session in late.sessions] == [1, 2]
    assert [row.student.id for row in only(whole, frozenset({1})).rows] == [1]


def test_a_void_session_counts_nowhere_until_it_counts_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "home") as store:
        course = each(store).courses.add("A", "")
        ana, ben = (each(store).students.add(number, number) for number in ("S1", "S2"))
        each(store).students.enrol(course.id, ana.id)
        sessions = [
            each(store).sessions.add_past(
                course.id, START + timedelta(days=day), marks, late_after=timedelta(0), marked_at=START, note=""
            )
            for day, marks in enumerate(({ana.id: P}, {ana.id: A, ben.id: P}))
        ]
        each(store).sessions.void(sessions[1].id, START, "by mistake", at=START)
        void = course_matrix(store, course.id)
        each(store).sessions.void(sessions[1].id, None, at=START)
        again = course_matrix(store, course.id)

    assert [(row.student.id, row.attended) for row in void.rows] == [(ana.id, 1.0)]
    assert [session.id for session in void.sessions] == [sessions[0].id]
    assert [(row.student.id, row.attended) for row in again.rows] == [(ana.id, 0.5), (ben.id, 1.0)]


def test_an_open_session_is_not_made_void(tmp_path: Path) -> None:
    with open_store(tmp_path / "home") as store:
        course = each(store).courses.add("A", "")
        session = each(store).sessions.open(course.id, START, timedelta(0))
        with pytest.raises(SessionStillOpen):
            each(store).sessions.void(session.id, START, at=START)
        assert store.sessions.get(session.id).counts


def test_a_made_up_history_is_whole_and_repeatable(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        with open_store(tmp_path / name) as store:
            course = each(store).courses.add("DEMO", "")
            for number in range(14):
                student = each(store).students.add(f"S{number:02}", f"Student {number:02}")
                each(store).students.enrol(course.id, student.id)
            write_history(store, course, until=START, sessions=6, chance=random.Random(3))
            found.append(course_matrix(store, course.id))
            assert not store.sessions.unfinished()
    assert found[0] == found[1]
    assert len(found[0].sessions) == 6
    assert all(status is not None for row in found[0].rows for status in row.statuses)
    assert all(session.started_at < START for session in found[0].sessions)
