"""Killed at any moment, a restart finds every mark that was announced as recorded."""

import json
import os
import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from attendance_app.domain.sessions import Mark
from attendance_app.store import driver
from attendance_app.store.database import FILE_NAME, Store, open_store

ROUNDS = 24


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the child is forked")
def test_killed_at_random_moments_no_recorded_mark_is_lost(tmp_path):
    seed = random.randrange(10**6)
    script = Path(__file__).with_name("recording_child.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "home"), str(ROUNDS), str(seed)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    report = json.loads(done.stdout)
    rounds = report["rounds"]
    context = f"seed {seed}: {done.stdout}"
    assert len(rounds) == ROUNDS
    assert sum(one["announced"] for one in rounds) > ROUNDS, context  # it did record
    assert [one["lost"] for one in rounds] == [[]] * ROUNDS, context
    assert {one["integrity"] for one in rounds} == {"ok"}, context
    assert {one["locked"] for one in rounds} == {False}, context  # the dead recorder's lock is free
    assert max(one["sessions"] for one in rounds) == 1, context  # resumed, never begun twice
    assert (report["cut_off"], report["ended"], report["marks"]) == (True, True, 30), context


def test_the_command_is_killed_and_goes_on_with_the_same_session(tmp_path, shared_data):
    """The real ``session run`` on a clip of one person, killed as soon as the mark is in the register."""
    import cv2

    clip = sorted((shared_data / "videos" / "portraits").glob("*.mp4"))[0]
    video = cv2.VideoCapture(str(clip))
    _, frame = video.read()
    video.release()
    photos = tmp_path / "photos" / "S01"
    photos.mkdir(parents=True)
    cv2.imwrite(str(photos / "a.png"), frame)

    attendance = [sys.executable, "-m", "attendance_app", "--home", str(tmp_path / "home")]
    session_run = [*attendance, "session", "run", "--course", "A", "--source", str(clip), "--json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def finish(*arguments: str) -> str:
        return subprocess.run(
            arguments, env=environment, capture_output=True, text=True, check=True, timeout=120
        ).stdout

    finish(*attendance, "course", "add", "A")
    finish(*attendance, "enrol", str(tmp_path / "photos"), "--course", "A", "--create-missing", "--consent", "test")
    with subprocess.Popen([*session_run, "--realtime"], env=environment, stdout=subprocess.DEVNULL) as recording:
        with open_store(tmp_path / "home") as store:
            committed = wait_for_mark(store, recording)
        recording.kill()
    with closing(driver.connect(tmp_path / "home" / FILE_NAME)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with open_store(tmp_path / "home") as store:
        assert store.sessions.get(committed.session_id).ended_at is None
        kept = store.marks.get(committed.session_id, committed.student_id)
    assert kept is not None
    assert (kept.status, kept.first_seen_at) == (committed.status, committed.first_seen_at)

    again = json.loads(finish(*session_run, "--max-seconds", "1"))
    assert again["session_id"] == committed.session_id
    assert [mark["student_id"] for mark in again["marks"] if mark["status"] == "present"] == ["S01"]


def wait_for_mark(store: Store, recording: subprocess.Popen[bytes]) -> Mark:
    """Return the first mark that the other process commits."""
    while recording.poll() is None:
        for session in store.sessions.unfinished():
            for mark in store.marks.of_session(session.id):
                return mark
        time.sleep(0.05)
    pytest.fail("the session ended before anybody was marked")
