"""What the register says about the camera's work."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.domain.people import Course
from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status
from attendance_app.services.camera_report import CameraReport, Outcome, camera_report, outcome_of
from attendance_app.services.exports import CAMERA_COLUMNS, camera_csv, camera_xlsx
from attendance_app.services.session.marks_by_hand import set_status
from attendance_app.store.database import Store, open_store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEEN = Evidence(0.999, 12, 0.31, 4)
LECTERN = KnownSource.of(SourceKind.CAMERA, "webcam:Lectern")
PHOTOS = KnownSource.of(SourceKind.PHOTOGRAPHS)


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path) as opened:
        course = each(opened).courses.add("ALG", "Algebra")
        for number in range(1, 7):
            student = each(opened).students.add(f"S{number}", f"Student {number}")
            each(opened).students.enrol(course.id, student.id)
        yield opened


def course_of(store: Store) -> Course:
    return store.courses.by_code("ALG")


def by_camera(session: Session, student: int) -> Mark:
    return Mark(session.id, student, Status.PRESENT, MarkedBy.CAMERA, NINE, NINE, NINE, SEEN)


def session(store: Store, *, sources: tuple[KnownSource, ...] = (LECTERN,), close: bool = True) -> Session:
    """1, 2 and 3 by the camera, of whom 3 is taken back; 4 asked about and confirmed; 5 by hand; 6 nobody."""
    opened = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    with store.write() as tx:
        for source in sources:
            tx.sessions.note_source(opened.id, source)
        tx.marks.record([by_camera(opened, student) for student in (1, 2, 3)])
        set_status(tx, opened.id, [3], Status.ABSENT, at=NINE)
        set_status(tx, opened.id, [4], Status.PRESENT, at=NINE, confirms=SEEN)
        set_status(tx, opened.id, [5], Status.LATE, at=NINE)
        return tx.sessions.close(opened.id, NINE + timedelta(hours=1)) if close else opened


def test_present_students_are_found_confirmed_or_by_hand_and_camera_marks_are_right_or_wrong(store: Store) -> None:
    session(store)
    (row,) = camera_report(store, course_of(store).id).rows
    counts = [(rate.count, rate.total) for rate in (row.found, row.confirmed, row.by_hand, row.wrong)]
    assert counts == [(2, 4), (1, 4), (1, 4), (1, 3)]
    assert (row.sessions, row.present, row.sources) == (1, 4, (LECTERN,))


def test_each_source_has_its_row_and_the_most_used_comes_first(store: Store) -> None:
    session(store, sources=(PHOTOS, LECTERN))
    session(store)
    session(store)
    rows = camera_report(store, course_of(store).id).rows
    assert [(row.sources, row.sessions) for row in rows] == [((LECTERN,), 2), ((LECTERN, PHOTOS), 1)]


def test_open_sessions_and_those_without_a_camera_do_not_count(store: Store) -> None:
    by_hand = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    with store.write() as tx:
        set_status(tx, by_hand.id, [1, 2], Status.PRESENT, at=NINE)
        tx.sessions.close(by_hand.id, NINE)
    session(store, close=False)
    assert camera_report(store, course_of(store).id).rows == ()


def test_a_session_from_before_sources_were_noted_counts_by_its_evidence(store: Store) -> None:
    session(store, sources=())
    (row,) = camera_report(store, course_of(store).id).rows
    assert (row.sources, row.found.count) == ((), 2)


def test_more_sessions_of_the_same_students_narrow_the_interval_less_than_more_students_would(store: Store) -> None:
    for _ in range(6):
        session(store)
    (row,) = camera_report(store, course_of(store).id).rows
    low, high = row.found.interval
    assert row.found.value == 0.5
    assert row.found.design_effect > 3
    assert low < 0.2
    assert high > 0.8


def test_a_status_that_the_teacher_changes_after_the_camera_saw_the_student_stays_the_cameras_find() -> None:
    late = Mark(1, 1, Status.LATE, MarkedBy.TEACHER, NINE, NINE, NINE, SEEN)
    assert outcome_of(late) is Outcome.FOUND


def test_who_is_marked_by_hand_and_undone_leaves_no_outcome(store: Store) -> None:
    opened = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    with store.write() as tx:
        set_status(tx, opened.id, [4], Status.PRESENT, at=NINE, confirms=SEEN)
        tx.offer_undo("Student 4: present", NINE)
    operation = tx.changes.operation
    assert operation is not None
    store.undo(operation, NINE)
    assert store.marks.get(opened.id, 4) is None


def test_a_source_is_noted_once_and_read_back(store: Store) -> None:
    opened = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    for source in (LECTERN, PHOTOS, LECTERN):
        each(store).sessions.note_source(opened.id, source)
    assert store.sessions.get(opened.id).sources == (LECTERN, PHOTOS)
    assert (LECTERN.kind, LECTERN.camera, PHOTOS.camera) == (SourceKind.CAMERA, "webcam:Lectern", "")


def test_a_camera_whose_name_has_line_breaks_stays_one_source(store: Store) -> None:
    opened = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    each(store).sessions.note_source(opened.id, KnownSource.of(SourceKind.CAMERA, "webcam:A\nB\u2028C"))
    assert [source.camera for source in store.sessions.get(opened.id).sources] == ["webcam:A B C"]


def test_the_table_has_counts_shares_and_intervals(store: Store) -> None:
    session(store)
    report = camera_report(store, course_of(store).id)
    header, line = csv.reader(io.StringIO(camera_csv(report).decode("utf-8-sig")))
    values = dict(zip(header, line, strict=True))
    assert tuple(header) == CAMERA_COLUMNS
    assert (values["sources"], values["present"], values["camera_marks"]) == ("camera webcam:Lectern", "4", "3")
    assert (values["found"], values["found_share"]) == ("2", "0.5")
    assert 0 < float(values["found_low"]) < 0.5 < float(values["found_high"]) < 1
    assert camera_xlsx(report).startswith(b"PK")


def test_a_share_of_nothing_is_left_empty(store: Store) -> None:
    opened = each(store).sessions.open(course_of(store).id, NINE, timedelta(minutes=10))
    with store.write() as tx:
        tx.sessions.note_source(opened.id, LECTERN)
        tx.sessions.close(opened.id, NINE + timedelta(hours=1))
    report: CameraReport = camera_report(store, course_of(store).id)
    _, line = csv.reader(io.StringIO(camera_csv(report).decode("utf-8-sig")))
    assert line[4:] == ["0", "0", "", "", "", "0", "", "", "", "0", "", "", "", "0", "", "", ""]
