"""Marks that the register could not take: the file they go to, and the way back from it."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import Evidence, FacePlace, Mark, MarkedBy, Session, Status
from attendance_app.services.errors import (
    MarksFileUnreadable,
    MarksInFile,
    MarksInNoFile,
    NotAMarksFile,
    SessionElsewhere,
)
from attendance_app.services.session import rescue
from attendance_app.services.session.rescue import (
    FoundMarks,
    UnsavedMarks,
    find,
    recover,
    save,
    save_unwritten,
    take_in,
    text_of,
)
from attendance_app.store.database import Store, open_store
from attendance_app.store.errors import DiskFull, NoSuchCourse, SessionRecordedElsewhere

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COURSE = Course(1, "M 1/b", "Maths")
SESSION = Session(7, 1, NINE, timedelta(minutes=10))
NUMBERS = {1: "S1", 2: "Ñ2"}
SEEN = Evidence(0.97, 5, 0.31, 4, 2, 0.8, MaskState.WITH_MASK, FacePlace("back row.jpg", Box(1, 2, 30, 40)))
CAMERA = Mark(7, 1, Status.LATE, MarkedBy.CAMERA, NINE + MINUTE, NINE, NINE + 2 * MINUTE, SEEN)
TEACHER = Mark(7, 2, Status.LATE, MarkedBy.TEACHER, NINE, remark="a note, Ñ", arrived_at=NINE + MINUTE)


def unsaved(*marks: Mark, ended_at: datetime | None = None, unknown: int = 0) -> UnsavedMarks:
    return UnsavedMarks(COURSE, SESSION, marks, NUMBERS, ended_at, unknown)


def test_the_file_names_course_session_and_students_as_people_do() -> None:
    text = text_of(unsaved(CAMERA, TEACHER, ended_at=NINE + 50 * MINUTE, unknown=3))
    assert json.loads(text) == {
        "kind": "attendance marks, format 1",
        "course": "M 1/b",
        "session_started": "2026-03-02T09:00:00+00:00",
        "session_ended": "2026-03-02T09:50:00+00:00",
        "unknown_people": 3,
        "marks": [
            {
                "student": "S1",
                "status": "late",
                "marked_by": "camera",
                "marked_at": "2026-03-02T09:01:00+00:00",
                "first_seen_at": "2026-03-02T09:00:00+00:00",
                "last_seen_at": "2026-03-02T09:02:00+00:00",
                "arrived_at": None,
                "remark": "",
                "evidence": {
                    "probability": 0.97,
                    "sightings": 5,
                    "best_distance": 0.31,
                    "track_id": 4,
                    "network_student": "Ñ2",
                    "network_probability": 0.8,
                    "mask": "with_mask",
                    "place": {"source": "back row.jpg", "box": [1, 2, 30, 40]},
                },
            },
            {
                "student": "Ñ2",
                "status": "late",
                "marked_by": "teacher",
                "marked_at": "2026-03-02T09:00:00+00:00",
                "first_seen_at": None,
                "last_seen_at": None,
                "arrived_at": "2026-03-02T09:01:00+00:00",
                "remark": "a note, Ñ",
                "evidence": None,
            },
        ],
    }
    assert "a note, Ñ" in text
    assert text.startswith('{\n  "kind"')


def test_a_session_left_open_and_evidence_of_the_photos_alone_are_said_by_null() -> None:
    alone = Evidence(0.9, 1, 0.4, 1, cnn_student_id=99)
    document = json.loads(text_of(unsaved(replace(CAMERA, evidence=alone), replace(TEACHER, student_id=99))))
    assert document["session_ended"] is None
    (mark,) = document["marks"]
    names = ("network_student", "network_probability", "mask", "place")
    assert [mark["evidence"][name] for name in names] == [None] * 4


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders where marks may go, in order: home, current, temporary."""
    folders = [tmp_path / name for name in ("own", "current", "temporary")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folders[2]))
    monkeypatch.setattr(Path, "cwd", lambda: folders[1])
    monkeypatch.setattr(Path, "home", lambda: folders[0])
    return folders


def test_the_named_file_comes_first_and_is_for_its_owner_only(places: list[Path], tmp_path: Path) -> None:
    named = tmp_path / "marks.json"
    assert save(unsaved(TEACHER), named) == named
    assert named.read_text(encoding="utf-8") == text_of(unsaved(TEACHER))
    if sys.platform != "win32":
        assert stat.S_IMODE(named.stat().st_mode) == 0o600
    assert [list(folder.iterdir()) for folder in places] == [[], [], []]


def test_no_file_is_replaced_and_the_next_place_is_taken(
    places: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 55)
    named = tmp_path / "marks.json"
    named.write_text("another session's")
    found = [save(unsaved(TEACHER), named) for _ in range(4)]
    local = NINE.astimezone()
    name = f"attendance-marks-M_1_b-{local:%Y%m%d-%H%M%S}-{os.getpid()}-55.json"
    assert found == [*(folder / name for folder in places), None]
    assert named.read_text() == "another session's"


def test_a_session_that_fails_again_after_it_was_resumed_gets_another_file_in_the_same_place(
    places: list[Path],
) -> None:
    files = {save(unsaved(TEACHER)) for _ in range(4)}
    assert files == set(places[0].iterdir())
    assert len(files) == 4


def test_half_a_file_is_taken_away_and_the_next_place_is_tried(
    places: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails, sync = [OSError("full")], os.fsync

    def sometimes(handle: int) -> None:
        if fails:
            raise fails.pop()
        sync(handle)

    monkeypatch.setattr(rescue.os, "fsync", sometimes)
    found = save(unsaved(TEACHER), tmp_path / "marks.json")
    assert found is not None
    assert found.parent == places[0]
    assert found.read_text(encoding="utf-8") == text_of(unsaved(TEACHER))
    assert not (tmp_path / "marks.json").exists()


def test_the_error_counts_students_and_has_the_text_where_no_file_could_be_made(
    places: list[Path], tmp_path: Path
) -> None:
    reason = DiskFull(path=tmp_path, free_mb=0.0, needed_mb=20)
    marks = unsaved(CAMERA, replace(CAMERA, last_seen_at=NINE), TEACHER)
    error = save_unwritten(marks, tmp_path / "marks.json", reason)
    assert isinstance(error, MarksInFile)
    assert error.details == {"session": 7, "students": 2, "reason": reason, "file": tmp_path / "marks.json"}
    for folder in places:
        folder.rmdir()
    error = save_unwritten(marks, tmp_path / "marks.json", reason)
    assert isinstance(error, MarksInNoFile)
    assert error.details == {"session": 7, "students": 2, "reason": reason, "text": text_of(marks)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def students(store: Store) -> tuple[Student, ...]:
    made = each(store).courses.add("M1", "Maths")
    for number in ("S1", "Ñ2", "S3"):
        each(store).students.enrol(made.id, each(store).students.add(number, number).id)
    return tuple(store.students.by_number(number) for number in ("S1", "Ñ2", "S3"))


@pytest.fixture
def session(store: Store, students: tuple[Student, ...]) -> Session:
    course = store.courses.by_code("M1")
    earlier = each(store).sessions.open(course.id, NINE - timedelta(days=1), 10 * MINUTE)
    each(store).sessions.close(earlier.id, NINE - timedelta(days=1))
    return each(store).sessions.open(course.id, NINE, 10 * MINUTE)


def written(path: Path, store: Store, session: Session, *marks: Mark, ended_at: datetime | None = None) -> Path:
    numbers = {one.id: one.number for one in store.students.all(archived=None)} | {99: "gone", 98: "gone too"}
    marks = tuple(replace(mark, session_id=session.id) for mark in marks)
    found = save(UnsavedMarks(store.courses.by_code("M1"), session, marks, numbers, ended_at, 4), path / "marks.json")
    assert found is not None
    return found


def test_marks_come_back_exactly_into_the_session_they_were_made_in(
    store: Store, session: Session, students: tuple[Student, ...], tmp_path: Path
) -> None:
    by_network = Evidence(0.9, 1, 0.4, 1, cnn_student_id=None, cnn_probability=0.3)
    marks = (
        replace(CAMERA, session_id=session.id, student_id=students[0].id, evidence=replace(SEEN, cnn_student_id=2)),
        replace(TEACHER, session_id=session.id, student_id=students[1].id),
        replace(CAMERA, session_id=session.id, student_id=students[2].id, evidence=by_network),
    )
    each(store).students.archive(students[1].id)
    result = recover(store, written(tmp_path, store, session, *marks))
    assert (result.marks, result.missing, result.session) == (marks, (), session)
    assert store.marks.of_session(session.id) == marks
    assert store.sessions.get(session.id).ended_at is None


def test_the_session_is_closed_as_the_file_says_and_a_second_time_changes_nothing(
    store: Store, session: Session, students: tuple[Student, ...], tmp_path: Path
) -> None:
    lost = replace(TEACHER, student_id=99)
    file = written(tmp_path, store, session, lost, CAMERA, replace(lost, student_id=98), ended_at=NINE + 50 * MINUTE)
    result = recover(store, file)
    assert result.missing == ("gone", "gone too")
    assert (result.session.ended_at, result.session.unknown_people) == (NINE + 50 * MINUTE, 4)
    statuses = [mark.status for mark in store.marks.of_session(session.id)]
    assert statuses == [Status.LATE, Status.ABSENT, Status.ABSENT]
    history = store.marks.history(session.id)
    with store.write() as tx:
        tx.sessions.reopen(session.id, 0, NINE)
        tx.sessions.close(session.id, NINE + 60 * MINUTE, 9)
    again = recover(store, file)
    assert (again.session.ended_at, again.session.unknown_people) == (NINE + 60 * MINUTE, 9)
    assert again.missing == result.missing
    assert len(store.marks.history(session.id)) == len(history) + 4


def test_a_session_that_the_register_does_not_have_is_named(store: Store, session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, store, replace(session, started_at=NINE + MINUTE), TEACHER)
    with pytest.raises(SessionElsewhere) as refused:
        recover(store, file)
    local = (NINE + MINUTE).astimezone()
    assert refused.value.details == {"course": "M1", "started": f"{local:%Y-%m-%d %H:%M:%S}"}
    document = json.loads(file.read_text())
    file.write_text(json.dumps(document | {"course": "X"}))
    with pytest.raises(NoSuchCourse):
        recover(store, file)


def test_a_session_of_another_course_at_the_same_time_is_another(
    store: Store, session: Session, tmp_path: Path
) -> None:
    file = written(tmp_path, store, session, CAMERA)
    other = each(store).courses.add("ART", "Art")
    there = each(store).sessions.open(other.id, session.started_at, 10 * MINUTE)
    assert recover(store, file).session == session
    file.write_text(file.read_text().replace('"M1"', '"ART"'))
    assert recover(store, file).session == there


def test_a_running_session_is_not_written_to_from_a_file(
    store: Store, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance_app.store.recording_lock.PATIENCE_SECONDS", 0)
    file = written(tmp_path, store, session, CAMERA, ended_at=NINE)
    with open_store(store.home) as other, other.recording(), pytest.raises(SessionRecordedElsewhere):
        recover(store, file)
    assert store.marks.of_session(session.id) == ()
    assert store.sessions.get(session.id).ended_at is None


def test_a_file_that_cant_be_read_says_why(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MarksFileUnreadable) as refused:
        recover(store, tmp_path / "nothing.json")
    assert refused.value.file == tmp_path / "nothing.json"
    assert refused.value.reason == os.strerror(2)


Change = Callable[[dict[str, object], dict[str, object]], object]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda whole, _mark: whole.pop("course"), id="no course"),
        pytest.param(lambda whole, _mark: whole.update(kind="attendance marks, format 2"), id="another format"),
        pytest.param(lambda whole, _mark: whole.update(session_started="2026-03-02T09:00:00"), id="no zone"),
        pytest.param(lambda whole, _mark: whole.update(session_started=None), id="no start"),
        pytest.param(lambda whole, _mark: whole.update(session_ended="soon"), id="no time"),
        pytest.param(lambda whole, _mark: whole.update(unknown_people="many"), id="no number"),
        pytest.param(lambda whole, _mark: whole.update(marks={}), id="no list"),
        pytest.param(lambda whole, _mark: whole.update(marks=[1]), id="no marks"),
        pytest.param(lambda _whole, mark: mark.update(status="there"), id="no status"),
        pytest.param(lambda _whole, mark: mark.update(marked_at=None), id="no moment"),
        pytest.param(lambda _whole, mark: mark.update(first_seen_at="2026-03-02"), id="a day"),
        pytest.param(lambda _whole, mark: mark.update(evidence=[]), id="no evidence"),
        pytest.param(lambda _whole, mark: mark["evidence"].pop("track_id"), id="half the evidence"),
        pytest.param(lambda _whole, mark: mark["evidence"].update(mask="on"), id="no way to wear a mask"),
        pytest.param(lambda _whole, mark: mark["evidence"].update(place="back"), id="no place"),
        pytest.param(lambda _whole, mark: mark["evidence"]["place"].update(box=[1, 2, 3]), id="no box"),
    ],
)
def test_a_file_that_was_changed_is_refused_whole(
    store: Store, session: Session, tmp_path: Path, change: Change
) -> None:
    file = written(tmp_path, store, session, CAMERA)
    document = json.loads(file.read_text())
    change(document, document["marks"][0])
    file.write_text(json.dumps(document))
    with pytest.raises(NotAMarksFile) as refused:
        recover(store, file)
    assert refused.value.file == file
    assert store.marks.of_session(session.id) == ()


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_document_is_refused(store: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(NotAMarksFile) as refused:
        recover(store, tmp_path / "x.json")
    assert refused.value.file == tmp_path / "x.json"


def test_a_file_from_before_there_were_photographs_is_read(store: Store, session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, store, session, CAMERA)
    document = json.loads(file.read_text())
    del document["marks"][0]["evidence"]["place"]
    file.write_text(json.dumps(document))
    (mark,) = recover(store, file).marks
    assert mark.evidence == replace(SEEN, place=None)


def offered(folder: Path, store: Store, session: Session, *marks: Mark, ended_at: datetime | None = None) -> Path:
    """A file of that session where ``find`` looks."""
    return written(folder, store, session, *marks, ended_at=ended_at).rename(
        folder / f"attendance-marks-{session.id}.json"
    )


def test_files_are_found_wherever_they_were_put_the_oldest_session_first(
    store: Store, session: Session, places: list[Path]
) -> None:
    earlier = store.sessions.all()[-1]
    first = offered(places[0], store, session, CAMERA, replace(TEACHER, student_id=2), ended_at=NINE)
    second = offered(places[2], store, earlier, CAMERA)
    (places[1] / "attendance-marks-copy.json").symlink_to(first)
    (places[1] / "other.json").write_bytes(first.read_bytes())
    assert find(store) == (FoundMarks(second.resolve(), earlier, 1), FoundMarks(first.resolve(), session, 2))


@pytest.mark.parametrize(
    "change",
    [
        {"course": "\ud800"},
        {"session_started": "0001-01-01T00:00:00+23:00"},
        {"session_started": "9999-12-31T23:59:59-23:00"},
        {"marks": [{"student": "\ud800"}]},
        {"marks": [{"student": ["S1"]}]},
        {"marks": {"student": "S1"}},
        {"unknown_people": 10**4400},
    ],
)
def test_a_file_with_impossible_values_is_left_out(
    store: Store, session: Session, places: list[Path], change: dict[str, object]
) -> None:
    file = offered(places[0], store, session, CAMERA)
    document = json.loads(file.read_text())
    sys.set_int_max_str_digits(0)
    try:
        file.write_text(json.dumps(document | change))
    finally:
        sys.set_int_max_str_digits(4300)
    assert find(store) == ()


def test_a_folder_that_cant_be_listed_is_left_out(
    store: Store, session: Session, places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(places[1], store, session, CAMERA)
    listed = Path.glob

    def glob(folder: Path, pattern: str) -> Iterator[Path]:
        if folder == places[0]:
            raise OSError(116, "Stale file handle")
        yield from listed(folder, pattern)

    monkeypatch.setattr(Path, "glob", glob)
    assert len(find(store)) == 1


def test_a_file_is_found_for_its_sessions_end_alone(store: Store, session: Session, places: list[Path]) -> None:
    file = offered(places[0], store, session, CAMERA, ended_at=NINE)
    recover(store, file)
    assert find(store) == ()
    with store.write() as tx:
        tx.sessions.reopen(session.id, 0, NINE)
    (found,) = find(store)
    assert found.students == 0
    take_in(store, found)
    assert (store.sessions.get(session.id).ended_at, file.exists()) == (NINE, False)


def test_a_file_too_large_to_be_one_of_ours_is_left_alone(
    store: Store, session: Session, places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = offered(places[0], store, session, CAMERA).stat().st_size
    monkeypatch.setattr(rescue, "_LARGEST_BYTES", size)
    assert len(find(store)) == 1
    monkeypatch.setattr(rescue, "_LARGEST_BYTES", size - 1)
    assert find(store) == ()


@pytest.mark.parametrize(
    ("later", "stands"), [(-MINUTE, Status.LATE), (timedelta(0), Status.LATE), (MINUTE, Status.EXCUSED)]
)
def test_the_teachers_newer_mark_counts(
    store: Store, session: Session, places: list[Path], later: timedelta, stands: Status
) -> None:
    late = replace(TEACHER, student_id=1, status=Status.LATE)
    file = offered(places[0], store, session, late)
    each(store).marks.set_by_teacher(session.id, 1, Status.EXCUSED, NINE + later)
    assert len(find(store)) == (stands is Status.LATE)
    recover(store, file)
    mark = store.marks.get(session.id, 1)
    assert mark is not None
    assert mark.status is stands


def test_who_was_on_time_before_the_session_was_resumed_is_not_late(
    store: Store, session: Session, places: list[Path]
) -> None:
    on_time = replace(CAMERA, status=Status.PRESENT, marked_at=NINE)
    offered(places[0], store, session, on_time)
    each(store).marks.record(replace(CAMERA, session_id=session.id, marked_at=NINE + 20 * MINUTE))
    (found,) = find(store)
    take_in(store, found)

    mark = store.marks.get(session.id, 1)
    assert mark is not None
    assert (mark.status, mark.marked_at) == (Status.PRESENT, NINE)
