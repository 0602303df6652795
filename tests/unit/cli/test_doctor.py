"""``attendance doctor``: one line a check, one document with ``--json``, exit status 1 on failure."""

import json

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.services.doctor import checks as doctor_service
from attendance_app.services.doctor.check_result import failed, fine, warning
from attendance_app.services.doctor.errors import CameraNotConnected, DiskAlmostFull

GOOD = fine("Python", "3.12")
ODD = warning("Camera", CameraNotConnected())
BAD = failed("Data folder", DiskAlmostFull(), "1 MB free")


@pytest.fixture
def finding(monkeypatch):
    return lambda *results: monkeypatch.setattr(doctor_service, "examine", lambda _home: iter(results))


def run(tmp_path, *arguments):
    return CliRunner().invoke(app, ["--home", str(tmp_path), "doctor", *arguments])


def test_each_check_has_a_line_and_each_trouble_its_remedy(tmp_path, finding):
    finding(GOOD, ODD)
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "ok       Python: 3.12" in result.stdout
    assert "What to do: Connect a camera" in result.stdout


def test_a_failure_exits_with_1(tmp_path, finding):
    finding(GOOD, BAD)
    assert run(tmp_path).exit_code == 1


def test_json_is_one_document(tmp_path, finding):
    finding(GOOD, BAD)
    result = run(tmp_path, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["healthy"] is False
    assert document["checks"][1] == {
        "name": "Data folder",
        "state": "failed",
        "detail": "1 MB free",
        "remedy": "Free some disk space.",
    }


def test_this_machine_is_examined_to_the_end(tmp_path):
    result = run(tmp_path / "home", "--json")
    names = [check["name"] for check in json.loads(result.stdout)["checks"]]
    assert {"Processor", "Networks", "Data folder", "Camera", "Window"} <= set(names)
    assert not (tmp_path / "home").exists()
