"""Killed at any moment, a restart finds every mark that was announced as recorded."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

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
