"""The main job on a composed class of real faces, through the command line: enrol, run, export."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.class_videos import compose

CHECKOUT = Path(__file__).resolve().parents[2]


def attendance(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "attendance_app", "--home", str(home), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(900)
def test_a_class_fills_in_its_register(tmp_path, shared_data):
    video = compose(shared_data / "lfw-original", tmp_path, seed=3, late=3, seconds=16, fps=10)
    home = tmp_path / "home"
    attendance(home, "course", "add", "3B", "--title", "Algebra II")
    enrol = ["enrol", str(video.enrol_dir), "--course", "3B", "--create-missing", "--consent", "test", "--json"]
    counts = json.loads(attendance(home, *enrol))["counts"]

    source = ["--source", str(video.video_path), "--late-after", "0.07"]
    document = json.loads(attendance(home, "session", "run", "--course", "3B", *source, "--json"))
    out = tmp_path / "register.csv"
    attendance(home, "session", "export", str(document["session_id"]), "--machine", "--out", str(out))

    statuses = {mark["student_id"]: mark["status"] for mark in document["marks"]}
    marked = {number for number, status in statuses.items() if status in {"present", "late"}}
    doubtful = {item["student_id"] for item in document["to_review"]}
    late = {number for number, status in statuses.items() if status == "late"}
    assert counts["enrolled"] >= 80
    assert marked - video.present == set()
    assert video.present - marked <= doubtful
    assert len(marked) >= len(video.present) - 1
    assert {number for number, second in video.arrivals.items() if second > 4.2} & marked <= late
    assert 1 <= document["unknown_people"] <= video.strangers + 2
    assert document["frames_read"] == document["frames_processed"] == 160
    with out.open(encoding="utf-8-sig", newline="") as file:
        exported = {row["student_id"]: row["status"] for row in csv.DictReader(file)}
    assert exported == statuses
