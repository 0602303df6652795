import threading

import pytest
from conftest import wait_for
from PySide6.QtCore import QThread

from attendance_app.domain.errors import KnownError
from attendance_app.services.jobs import JobContext
from attendance_app.ui.job_runner import Jobs
from attendance_app.ui.waiting import process_events_for
from attendance_app.vision.errors import NoCameraFound


@pytest.fixture
def jobs(qapp: object):
    made = Jobs()
    yield made
    made.close()


def test_work_is_done_off_the_windows_thread_and_reported_in_it(jobs: Jobs) -> None:
    here = QThread.currentThread()
    worked_in: list[bool] = []
    told: list[tuple[int, bool]] = []

    def work(_job: JobContext) -> int:
        worked_in.append(QThread.currentThread() is here)
        return 42

    jobs.start(work, done=lambda result: told.append((result, QThread.currentThread() is here)))
    wait_for(lambda: told)
    assert worked_in == [False]
    assert told == [(42, True)]


def test_progress_arrives_in_order(jobs: Jobs) -> None:
    seen: list[tuple[int, int]] = []

    def work(job: JobContext) -> None:
        for done in range(5):
            job.report(done, 5)

    jobs.start(work).progressed.connect(lambda done, total: seen.append((done, total)))
    wait_for(lambda: not jobs.busy)
    assert seen == [(done, 5) for done in range(5)]


def test_cancel_ends_the_work_and_calls_nobody_done(jobs: Jobs) -> None:
    results: list[object] = []
    cancelled: list[bool] = []
    started = threading.Event()

    def work(job: JobContext) -> None:
        started.set()
        while True:
            job.raise_if_cancelled()

    runner = jobs.start(work, done=results.append)
    runner.cancelled.connect(lambda: cancelled.append(True))
    started.wait(2)
    runner.cancel()
    wait_for(lambda: not jobs.busy)
    assert results == []
    assert cancelled == [True]


def test_a_known_error_and_a_bug_go_different_ways(jobs: Jobs) -> None:
    known: list[KnownError] = []
    bugs: list[object] = []
    jobs.crashed.connect(bugs.append)

    def fails(_job: JobContext) -> None:
        raise NoCameraFound

    def breaks(_job: JobContext) -> None:
        raise ZeroDivisionError

    jobs.start(fails, failed=known.append)
    jobs.start(breaks, failed=known.append)
    wait_for(lambda: not jobs.busy)
    assert [type(error) for error in known] == [NoCameraFound]
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_closing_waits_and_calls_nobody_back(jobs: Jobs) -> None:
    results: list[object] = []

    def work(job: JobContext) -> int:
        while True:
            job.raise_if_cancelled()

    jobs.start(work, done=results.append)
    jobs.close()
    process_events_for(20)
    assert results == []
    assert not jobs.busy


def test_a_pools_threads_keep_their_python_state_from_job_to_job(jobs: Jobs) -> None:
    """Without that, dlib crashes in the second job on the thread that imported it."""
    seen: list[tuple[int, str]] = []
    local = threading.local()

    def work(_job: JobContext) -> None:
        local.count = getattr(local, "count", 0) + 1
        seen.append((local.count, threading.current_thread().name))

    for _ in range(6):
        jobs.start(work, long=True)
    wait_for(lambda: len(seen) == 6)
    assert max(count for count, _name in seen) >= 2
    assert all(name.startswith("long job") for _count, name in seen)
