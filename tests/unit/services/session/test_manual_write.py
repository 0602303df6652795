"""A change by hand is committed once, or cancelled, or tried again."""

from pathlib import Path

import pytest

from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.store.errors import DiskFull, StudentGone


def failing(*errors: Exception):
    waiting, commits = list(errors), []

    def commit() -> None:
        if waiting:
            raise waiting.pop(0)
        commits.append(1)

    return commit, commits


FULL = DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)


def test_a_commit_that_works_is_done_and_cant_be_cancelled():
    commit, commits = failing()
    step = ManualWrite(commit, waiting_marks=lambda: ["mark"])
    assert (step.committed, step.tried.is_set(), step.error, list(step.waiting_marks())) == (
        False,
        False,
        None,
        ["mark"],
    )
    step.try_commit()
    assert (step.committed, step.tried.is_set(), step.error, list(step.waiting_marks())) == (True, True, None, [])
    assert not step.cancel()
    assert commits == [1]


def test_a_commit_without_room_is_tried_again():
    commit, commits = failing(FULL)
    step = ManualWrite(commit)
    with pytest.raises(DiskFull):
        step.try_commit()
    assert (step.committed, step.tried.is_set(), step.error) == (False, False, None)
    step.try_commit()
    assert (step.committed, commits) == (True, [1])


def test_a_commit_that_is_wrong_is_kept_for_its_maker():
    gone = StudentGone(student_id=4)
    step = ManualWrite(failing(gone)[0])
    step.try_commit()
    assert (step.committed, step.tried.is_set(), step.error) == (False, True, gone)


def test_a_cancelled_change_is_not_committed_and_waits_no_more():
    commit, commits = failing()
    step = ManualWrite(commit, waiting_marks=lambda: ["mark"])
    assert step.cancel()
    assert not step.commit_now()
    assert (step.committed, commits, list(step.waiting_marks())) == (False, [], [])


def test_a_change_has_no_marks_unless_it_says_so():
    assert list(ManualWrite(lambda: None).waiting_marks()) == []


def test_a_second_failure_that_nobody_waits_for_is_logged(caplog):
    step = ManualWrite(failing(StudentGone(student_id=4), StudentGone(student_id=5))[0])
    step.try_commit()
    assert caplog.records == []
    step.try_commit()
    assert [record.exc_info is not None for record in caplog.records] == [True]
