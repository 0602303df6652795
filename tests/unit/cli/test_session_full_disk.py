"""``attendance session run`` while the register can't be written: no mark is lost, and nobody is told otherwise."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from single_writes import each
from typer.testing import CliRunner

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli import main, roll, start
from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.errors import MarksFileThere, MarksInFile, MarksInNoFile, NotAMarksFile
from attendance_app.services.session import recorder
from attendance_app.services.session.rescue import UnsavedMarks, find, recover, save, take_in
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.store import connection, driver
from attendance_app.store.database import FILE_NAME, Store, open_store
from attendance_app.store.errors import DiskFull
from attendance_app.vision.sources import open_source
from tests.rolls import Recognised, conclude, tools

STUDENTS = 60


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(20):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    return path


@pytest.fixture
def in_frame(monkeypatch: pytest.MonkeyPatch) -> dict[int, object]:
    """What happens while the frame of that number is worked on."""
    happens: dict[int, object] = {}

    def everybody_comes(store: Store) -> RollTools:
        students = [student.id for student in store.students.all()]
        recognised = Recognised()

        def work_on(frame: Frame) -> None:
            happens.get(frame.index, lambda: None)()  # type: ignore[operator]
            if frame.index == 0:
                recognised.conclusions[frame.seconds] = [
                    conclude(DecisionKind.MARK, student, at=0.0) for student in students
                ]

        recognised.in_frame = work_on
        return tools(store, open_source, recognised, clock=utc_now)

    monkeypatch.setattr(roll, "roll_tools", everybody_comes)
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.01)
    return happens


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a class, made once, and encrypted: encrypting it later would take its free pages away."""
    home = tmp_path_factory.mktemp("class") / "home"
    with open_data(home) as store:
        course = each(store).courses.add("M1", "Maths")
        for number in range(STUDENTS):
            student = each(store).students.add(f"S{number:03}", f"Student {number:03}")
            each(store).students.enrol(course.id, student.id)
    return home


def session_run(home: Path, video: Path, *more: str):
    words = ["--home", str(home), "session", "run", "--course", "M1", "--source", str(video), *more]
    return CliRunner().invoke(main.app, words)


def marks_of(home: Path) -> dict[str, Status]:
    with open_store(home) as store:
        (session,) = store.sessions.all()
        numbers = {student.id: student.number for student in store.students.all()}
        return {numbers[mark.student_id]: mark.status for mark in store.marks.of_session(session.id)}


@pytest.fixture
def home(tmp_path: Path, class_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class in a register that can't grow by another page, and in which each mark needs pages: the first ones would
    still find room on those that are there."""
    shutil.copytree(class_folder, tmp_path / "home")
    with closing(driver.connect(tmp_path / "home" / FILE_NAME)) as register, register:
        needs_pages = "INSERT INTO setting VALUES ('mark ' || NEW.id, zeroblob(20000))"
        # Three free pages, for the session itself and its record in the audit trail; a mark takes five.
        register.execute("INSERT INTO setting VALUES ('room', zeroblob(12000))")
        register.execute("DELETE FROM setting WHERE key = 'room'")
        register.execute(f"CREATE TRIGGER needs_pages AFTER INSERT ON mark BEGIN {needs_pages}; END")
    monkeypatch.setattr(connection, "PRAGMAS", (*connection.PRAGMAS, "PRAGMA max_page_count = 1"))
    return tmp_path / "home"


def test_marks_that_find_no_room_are_told_of_at_once_and_go_to_the_file(home, video, in_frame, tmp_path, monkeypatch):
    file = tmp_path / "marks.json"
    result = session_run(home, video, "--rescue", str(file))

    assert isinstance(result.exception, MarksInFile)
    assert "Marks wait in memory" in result.stderr
    assert (result.exception.students, result.exception.file) == (STUDENTS, file)
    assert f"attendance session recover {file}" in remedy_of(result.exception)
    assert file.stat().st_mode & 0o777 == 0o600
    assert marks_of(home) == {}

    monkeypatch.undo()
    for _twice in range(2):
        taken = CliRunner().invoke(main.app, ["--home", str(home), "session", "recover", str(file)])
        assert taken.exit_code == 0, taken.output
        assert marks_of(home) == {f"S{number:03}": Status.PRESENT for number in range(STUDENTS)}
    with open_store(home) as store:
        (session,) = store.sessions.all()
        assert session.ended_at is not None
        assert len(store.marks.history(session.id)) == STUDENTS


@pytest.mark.parametrize("full", [0, 1, 2])
def test_without_a_named_file_the_marks_go_where_there_is_room(home, video, in_frame, tmp_path, monkeypatch, full):
    """The user's folder first: many systems empty the temporary one when they start."""
    places = [tmp_path / name for name in ("own", "current", "temporary")]
    for place in places[full:]:
        place.mkdir()
    monkeypatch.setattr(Path, "home", lambda: places[0])
    monkeypatch.setattr(Path, "cwd", lambda: places[1])
    monkeypatch.setattr("tempfile.tempdir", str(places[2]))
    session_run(home, video)

    (file,) = places[full].glob("attendance-marks-M1-*.json")
    assert len({mark["student"] for mark in json.loads(file.read_text())["marks"]}) == STUDENTS


def test_without_room_anywhere_the_marks_stand_in_the_error(home, video, in_frame, tmp_path, monkeypatch):
    nowhere = tmp_path / "nothing" / "here"
    monkeypatch.setattr("tempfile.tempdir", str(nowhere))
    monkeypatch.setattr(Path, "cwd", lambda: nowhere)
    monkeypatch.setattr(Path, "home", lambda: nowhere)
    result = session_run(home, video)

    assert isinstance(result.exception, MarksInNoFile)
    assert len({mark["student"] for mark in json.loads(result.exception.text)["marks"]}) == STUDENTS
    assert result.exception.text in message_of(result.exception)


def test_a_rescue_file_that_exists_is_refused_before_the_session_begins(home, video, in_frame, tmp_path):
    (tmp_path / "marks.json").write_text("mine")
    result = session_run(home, video, "--rescue", str(tmp_path / "marks.json"))

    assert isinstance(result.exception, MarksFileThere)
    assert (tmp_path / "marks.json").read_text() == "mine"
    with open_store(home) as store:
        assert store.sessions.all() == ()


def test_the_program_ends_with_a_status_of_its_own(monkeypatch, capsys):
    def no_room() -> None:
        full = DiskFull(path=Path("register.sqlite"), free_mb=0.0, needed_mb=20)
        raise MarksInFile(session=1, students=2, reason=full, file=Path("x"))

    monkeypatch.setattr(sys, "argv", ["attendance", "session", "run"])
    monkeypatch.setattr(main, "app", lambda _arguments: no_room())
    with pytest.raises(SystemExit) as ended:
        start.run()
    assert ended.value.code == 3
    assert "attendance session recover x" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": "x"}', '{"kind": "attendance marks, format 1"}'])
def test_another_file_is_refused(class_folder, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    result = CliRunner().invoke(main.app, ["--home", str(class_folder), "session", "recover", str(tmp_path / "x.json")])

    assert isinstance(result.exception, NotAMarksFile)


def test_marks_come_back_as_they_were_and_the_teachers_word_stands(class_folder, tmp_path):
    shutil.copytree(class_folder, tmp_path / "home")
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    with open_store(tmp_path / "home") as store:
        course = store.courses.by_code("M1")
        session = each(store).sessions.open(course.id, at, timedelta(minutes=10))
        first, second, gone = store.students.all()[:3]
        seen = Mark(
            session.id, first.id, Status.LATE, MarkedBy.CAMERA, at, at, at, Evidence(0.9, 4, 0.4, 7, second.id, 0.8)
        )
        by_hand = Mark(session.id, second.id, Status.EXCUSED, MarkedBy.TEACHER, at, remark="a note, Ñ")
        lost = Mark(session.id, gone.id, Status.PRESENT, MarkedBy.CAMERA, at)
        numbers = {one.id: one.number for one in (first, second, gone)}
        file = save(UnsavedMarks(course, session, (seen, by_hand, lost), numbers, None, 1), tmp_path / "marks.json")
        each(store).marks.set_by_teacher(session.id, first.id, Status.EXCUSED, at)
        each(store).erasures.erase_student(gone.id, at)
    result = CliRunner().invoke(main.app, ["--home", str(tmp_path / "home"), "session", "recover", str(file)])

    assert result.exit_code == 0, result.output
    assert gone.number in result.stderr
    with open_store(tmp_path / "home") as store:
        stands = store.marks.get(session.id, first.id)
        assert stands is not None
        assert (stands.status, stands.evidence) == (Status.EXCUSED, seen.evidence)
        assert store.marks.get(session.id, second.id) == by_hand
        assert store.sessions.get(session.id).ended_at is None


@pytest.fixture
def small_disk(tmp_path: Path, class_folder: Path) -> Iterator[Path]:
    """A disk of 6 MB of its own; only root may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], check=False, capture_output=True
    ).returncode:
        pytest.skip("mounting is not allowed here")
    shutil.copytree(class_folder, place / "home")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    return filler


def test_a_disk_that_has_room_again_gets_every_mark(small_disk, video, in_frame):
    freed = threading.Event()
    in_frame[0] = lambda: fill(small_disk)
    in_frame[15] = lambda: ((small_disk / "filler").unlink(), freed.set())
    result = session_run(small_disk / "home", video, "--realtime")

    assert freed.is_set()
    assert result.exit_code == 0, result.output
    assert "Marks wait in memory" in result.stderr
    assert "Marks are being saved again" in result.stderr
    assert set(marks_of(small_disk / "home").values()) == {Status.PRESENT}


def test_a_disk_that_stays_full_leaves_a_file(small_disk, video, in_frame, tmp_path):
    in_frame[0] = lambda: fill(small_disk)
    result = session_run(small_disk / "home", video, "--rescue", str(tmp_path / "marks.json"))

    assert isinstance(result.exception, MarksInFile)
    (small_disk / "filler").unlink()
    taken = CliRunner().invoke(
        main.app, ["--home", str(small_disk / "home"), "session", "recover", str(tmp_path / "marks.json")]
    )
    assert taken.exit_code == 0, taken.output
    assert set(marks_of(small_disk / "home").values()) == {Status.PRESENT}


def unsaved(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Mark]:
    """A register, and a file in the user's folder with a mark that the register lacks."""
    shutil.copytree(home, folder / "register")
    monkeypatch.setattr(Path, "home", lambda: folder)
    monkeypatch.setattr(Path, "cwd", lambda: folder)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    store = open_store(folder / "register")
    course = store.courses.by_code("M1")
    session = each(store).sessions.open(course.id, at, timedelta(minutes=10))
    student = store.students.all()[0]
    mark = Mark(session.id, student.id, Status.PRESENT, MarkedBy.CAMERA, at)
    save(UnsavedMarks(course, session, (mark,), {student.id: student.number}, at + timedelta(hours=1), 0))
    return store, mark


def test_marks_in_a_file_are_found_until_the_register_has_them(class_folder, tmp_path, monkeypatch):
    store, mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        each(store).sessions.close(mark.session_id, mark.marked_at + timedelta(hours=1), 0)  # marks everybody absent
        (found,) = find(store)
        assert (found.session.id, found.students) == (mark.session_id, 1)

        take_in(store, found)
        written = store.marks.get(mark.session_id, mark.student_id)
        assert written is not None
        assert written.status is Status.PRESENT
        assert find(store) == ()
        assert not found.file.exists()


def test_a_file_whose_marks_the_register_has_is_not_offered(class_folder, tmp_path, monkeypatch):
    store, _mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        (found,) = find(store)
        recover(store, found.file)

        assert find(store) == ()


def test_what_the_teacher_has_marked_since_then_stays(class_folder, tmp_path, monkeypatch):
    store, mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        later = mark.marked_at + timedelta(days=1)
        each(store).sessions.close(mark.session_id, mark.marked_at + timedelta(hours=1), 0)
        (found,) = find(store)
        each(store).marks.set_by_teacher(mark.session_id, mark.student_id, Status.EXCUSED, later)

        assert find(store) == ()
        recover(store, found.file)
        stands = store.marks.get(mark.session_id, mark.student_id)
        assert stands is not None
        assert stands.status is Status.EXCUSED


def test_files_of_another_register_and_broken_ones_are_left_alone(class_folder, tmp_path, monkeypatch):
    store, _mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        (found,) = find(store)
        text = json.loads(found.file.read_text())
        found.file.write_text(json.dumps(text | {"course": "ELSE"}))
        (tmp_path / "attendance-marks-x.json").write_text("{")

        assert find(store) == ()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_a_file_that_another_user_has_written_is_not_offered(class_folder, tmp_path, monkeypatch):
    store, _mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        assert find(store)
        monkeypatch.setattr(os, "getuid", lambda: 4321)
        assert find(store) == ()


def test_looking_for_files_works_in_a_folder_that_is_gone(class_folder, tmp_path, monkeypatch):
    store, _mark = unsaved(class_folder, tmp_path, monkeypatch)

    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    with store:
        assert len(find(store)) == 1


def test_a_file_with_a_student_who_is_gone_is_kept(class_folder, tmp_path, monkeypatch):
    store, mark = unsaved(class_folder, tmp_path, monkeypatch)
    with store:
        (found,) = find(store)
        each(store).erasures.erase_student(mark.student_id, mark.marked_at)

        assert take_in(store, found).missing
        assert found.file.exists()
