"""No mark is lost on the way to the database."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from attendance_app.domain.errors import NotFoundError, StoreError
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.errors import WritingFailed
from attendance_app.services.session import recorder as recorder_module
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.recorder import Recorder
from attendance_app.store.errors import DiskFull, StudentGone

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def mark(student: int) -> Mark:
    return Mark(1, student, Status.PRESENT, MarkedBy.CAMERA, NOON)


class Disk:
    """Writes marks, or fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.written: list[Mark] = []
        self.gone: set[int] = set()
        self.bugs = 0

    def write(self, marks):
        if self.bugs:
            self.bugs -= 1
            raise KeyError("a bug")
        if self.failures:
            self.failures -= 1
            raise DiskFull(path=Path("register.sqlite"), free_mb=0.0, needed_mb=20)
        if self.gone & {m.student_id for m in marks}:
            raise StudentGone(student_id=1)
        self.written += marks
        return tuple(marks)


def start(disk: Disk) -> tuple[Recorder, list[Mark], list[StoreError]]:
    announced: list[Mark] = []
    errors: list[StoreError] = []
    return Recorder(disk.write, on_recorded=announced.extend, on_error=errors.append), announced, errors


def test_marks_are_written_in_order_and_announced_after_the_commit():
    disk = Disk()
    recorder, announced, _ = start(disk)
    for student in range(50):
        recorder.submit(mark(student))
    recorder.close()

    assert [m.student_id for m in disk.written] == list(range(50))
    assert announced == disk.written


def test_a_full_disk_delays_marks_but_loses_none(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk(failures=3)
    recorder, announced, errors = start(disk)
    recorder.submit(mark(1))
    recorder.submit(mark(2))
    while len(announced) < 2:
        threading.Event().wait(0.01)
    recorder.close()

    assert sorted(m.student_id for m in disk.written) == [1, 2]
    assert len(errors) == 3


def test_a_bug_that_comes_once_loses_no_mark(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk()
    disk.bugs = 1
    recorder, announced, errors = start(disk)
    recorder.submit(mark(1))
    recorder.close()

    assert [m.student_id for m in announced] == [1]
    assert [type(error) for error in errors] == [WritingFailed]


def test_a_bug_that_stays_is_reported_at_once_and_closing_hands_the_marks_back(monkeypatch):
    """Even where the caller would wait for a full disk: nobody can mend a bug meanwhile."""
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk()
    disk.bugs = 10**6
    reported = threading.Event()
    recorder = Recorder(disk.write, on_recorded=lambda _marks: None, on_error=lambda _error: reported.set() or True)
    recorder.submit(mark(1))
    assert reported.wait(60)
    recorder.submit(mark(2))

    with pytest.raises(WritingFailed, match="a bug"):
        recorder.close()
    assert [m.student_id for m in recorder.unwritten] == [1, 2]


def test_closing_says_when_marks_could_not_be_written(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    recorder, announced, _ = start(Disk(failures=10**6))
    recorder.submit(mark(1))

    with pytest.raises(DiskFull):
        recorder.close()
    assert announced == []


def test_a_closed_recorder_tries_on_while_it_is_asked_to(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk(failures=5)
    announced: list[Mark] = []
    recorder = Recorder(disk.write, on_recorded=announced.extend, on_error=lambda _error: True)
    recorder.submit(mark(1))
    recorder.submit(mark(2))
    recorder.close()

    assert sorted(m.student_id for m in announced) == [1, 2]


def test_patience_ends_when_nobody_asks_for_it_any_more(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    patience = iter([True, True, True])
    recorder = Recorder(
        Disk(failures=10**6).write, on_recorded=lambda _marks: None, on_error=lambda _error: next(patience, False)
    )
    recorder.submit(mark(1))

    with pytest.raises(DiskFull):
        recorder.close()
    assert next(patience, None) is None


def test_a_student_erased_meanwhile_does_not_hold_up_the_others():
    disk = Disk()
    disk.gone = {2}
    recorder, announced, _ = start(disk)
    for student in (1, 2, 3):
        recorder.submit(mark(student))
    recorder.close()

    assert [m.student_id for m in announced] == [1, 3]


def by_hand(disk: Disk, student: int):
    """What the teacher does, over the same disk."""
    mark = Mark(1, student, Status.LATE, MarkedBy.TEACHER, NOON)
    return ManualWrite(lambda: disk.write([mark]), waiting_marks=lambda: [mark])


def test_what_is_done_by_hand_is_committed_in_turn():
    disk = Disk()
    recorder, _, _ = start(disk)
    recorder.submit(mark(1))
    assert recorder.by_hand(by_hand(disk, 2))
    recorder.submit(mark(3))
    recorder.close()

    assert [m.student_id for m in disk.written] == [1, 2, 3]


def test_what_is_done_by_hand_waits_on_a_full_disk_and_keeps_its_place(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk(failures=10**6)
    recorder, _, errors = start(disk)
    recorder.submit(mark(1))
    assert not recorder.by_hand(by_hand(disk, 2))
    assert not recorder.by_hand(by_hand(disk, 3))
    recorder.submit(mark(4))
    assert errors
    disk.failures = 0
    recorder.close()

    assert [m.student_id for m in disk.written] == [1, 2, 3, 4]


def test_a_change_by_hand_that_is_wrong_is_told_to_its_maker_and_holds_up_nobody():
    disk = Disk()
    disk.gone = {2}
    recorder, announced, _ = start(disk)
    recorder.submit(mark(1))
    with pytest.raises(NotFoundError):
        recorder.by_hand(by_hand(disk, 2))
    recorder.submit(mark(3))
    recorder.close()

    assert [m.student_id for m in announced] == [1, 3]


def test_after_the_end_what_is_done_by_hand_is_written_at_once_or_refused():
    disk = Disk()
    recorder, _, _ = start(disk)
    recorder.close()
    assert recorder.by_hand(by_hand(disk, 1))
    disk.failures = 1
    with pytest.raises(StoreError):
        recorder.by_hand(by_hand(disk, 2))

    assert [m.student_id for m in disk.written] == [1]


def test_what_could_not_be_written_is_handed_out_with_the_teachers_marks_and_without_what_was_taken_back(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    disk = Disk(failures=10**6)
    recorder, _, _ = start(disk)
    recorder.submit(mark(1))
    kept, undone_mark = by_hand(disk, 2), by_hand(disk, 3)
    assert not recorder.by_hand(kept)
    assert not recorder.by_hand(undone_mark)
    assert undone_mark.cancel()
    with pytest.raises(StoreError):
        recorder.close()

    assert [(m.student_id, m.marked_by) for m in recorder.unwritten] == [(1, MarkedBy.CAMERA), (2, MarkedBy.TEACHER)]


def test_what_was_committed_can_no_longer_be_cancelled():
    disk = Disk()
    recorder, _, _ = start(disk)
    step = by_hand(disk, 1)
    assert recorder.by_hand(step)
    assert not step.cancel()
    recorder.close()


def test_each_transaction_is_announced_and_one_by_hand_without_marks():
    disk = Disk()
    announced: list[list[Mark]] = []
    recorder = Recorder(
        disk.write, on_recorded=lambda marks: announced.append(list(marks)), on_error=lambda _error: None
    )
    assert recorder.by_hand(by_hand(disk, 1))
    recorder.submit(mark(2))
    recorder.close()

    assert announced == [[], [mark(2)]]
    assert recorder.unwritten == ()


def test_what_the_register_has_is_announced_not_what_was_sent():
    announced: list[Mark] = []
    stands = mark(9)
    recorder = Recorder(lambda _marks: [stands], on_recorded=announced.extend, on_error=lambda _error: None)
    recorder.submit(mark(1))
    recorder.close()

    assert announced == [stands]


def test_a_bug_is_reported_with_what_it_was_and_logged_once(caplog, monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.0)
    disk, written = Disk(), threading.Event()
    disk.bugs = 3
    errors: list[StoreError] = []
    recorder = Recorder(disk.write, on_recorded=lambda _marks: written.set(), on_error=errors.append)
    recorder.submit(mark(1))
    assert written.wait(60)
    recorder.close()

    assert [error.details for error in errors] == [{"fault": "KeyError('a bug')"}] * 3
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError]


def test_every_failed_attempt_is_handed_over_and_the_last_one_raised(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.0)
    recorder, announced, errors = start(Disk(failures=10**6))
    recorder.submit(mark(1))
    with pytest.raises(DiskFull) as raised:
        recorder.close()

    assert errors[-1] is raised.value
    assert (announced, recorder.unwritten) == ([], (mark(1),))


def test_a_student_erased_meanwhile_is_left_out_of_what_is_announced_and_the_rest_keep_their_order():
    disk = Disk()
    disk.gone = {1, 4}
    recorder, announced, errors = start(disk)
    for student in range(1, 6):
        recorder.submit(mark(student))
    recorder.close()

    assert [m.student_id for m in announced] == [2, 3, 5]
    assert (errors, recorder.unwritten) == ([], ())


def raises(*_):
    raise OSError("the terminal was closed")


def test_a_listener_that_fails_keeps_no_mark_from_being_written():
    disk = Disk()
    recorder = Recorder(disk.write, on_recorded=raises, on_error=lambda _error: None)
    recorder.submit(mark(1))
    step = by_hand(disk, 2)
    assert recorder.by_hand(step)
    recorder.close()

    assert [m.student_id for m in disk.written] == [1, 2]


def test_a_listener_that_fails_at_an_error_ends_no_attempts(monkeypatch):
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.0)
    disk = Disk(failures=1)
    recorder = Recorder(disk.write, on_recorded=lambda _marks: None, on_error=raises)
    recorder.submit(mark(1))
    while disk.failures:
        time.sleep(0.01)
    recorder.submit(mark(2))
    recorder.close()

    assert disk.written == [mark(1), mark(2)]
