"""``attendance demo`` as a new user would run it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli import demo
from attendance_app.cli.main import app
from attendance_app.services.demo.demo_lesson import LATE_AFTER, DemoLesson
from attendance_app.services.demo.lesson import ABSENT, LATE


def _demo(home: Path, *options: str) -> str:
    command = [sys.executable, "-m", "attendance_app", "--home", str(home), "demo", "--headless", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_the_demo_marks_everybody_rightly_and_can_be_run_again(tmp_path: Path) -> None:
    document = json.loads(_demo(tmp_path, "--json"))
    statuses = {mark["student_id"]: mark["status"] for mark in document["marks"]}
    expected = {
        f"S{number:02}": "absent" if f"S{number:02}" in ABSENT else "late" if f"S{number:02}" in LATE else "present"
        for number in range(1, 25)
    }
    assert statuses == expected
    assert document["unknown_people"] == 1
    with open(document["csv"], encoding="utf-8-sig", newline="") as file:
        assert {row["student_id"]: row["status"] for row in csv.DictReader(file)} == expected

    table = _demo(tmp_path)
    assert "Student 24" in table
    assert "Unknown people: 1" in table
    assert list(tmp_path.iterdir()) == [tmp_path / "demo"]


@pytest.mark.timeout(300)
def test_with_a_screen_the_window_is_handed_the_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its late minutes too, not the film alone: then nobody would be late."""
    handed: list[DemoLesson | None] = []
    monkeypatch.setattr(demo, "has_screen", lambda: True)
    monkeypatch.setattr(demo, "open_window", lambda _home, *, lesson: handed.append(lesson) or 0)
    done = CliRunner().invoke(app, ["--home", str(tmp_path), "demo"])
    assert done.exit_code == 0, done.output
    assert [lesson.late_after for lesson in handed if lesson] == [LATE_AFTER]
