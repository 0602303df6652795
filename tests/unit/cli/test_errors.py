"""A known error is two lines on standard error and exit status 1; a data folder is named on either side."""

import json
import subprocess
import sys

import pytest
from PIL import Image


def attendance(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "attendance_app", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["session", "run", "--course", "NONE", "--source", "0"], "NONE", id="no such course"),
        pytest.param(["session", "show", "7"], "session 7", id="no such session"),
        pytest.param(["identify", "missing.jpg"], "missing.jpg", id="no such picture"),
        pytest.param(["enrol", "missing", "--course", "A"], "", id="no such folder"),
    ],
)
def test_known_error_is_message_and_remedy_without_traceback(tmp_path, words, said):
    done = attendance("--home", str(tmp_path), *words)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
    assert "What to do: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_camera_that_is_not_there_opens_no_session(tmp_path):
    attendance("course", "add", "A", "--home", str(tmp_path))

    done = attendance("--home", str(tmp_path), "session", "run", "--course", "A", "--source", "93", "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert "What to do: " in done.stderr
    assert json.loads(attendance("session", "list", "--json", f"--home={tmp_path}").stdout) == []


def test_a_session_that_cannot_start_is_taken_back(tmp_path):
    picture = tmp_path / "frame.png"
    Image.new("RGB", (64, 48)).save(picture)
    attendance("course", "add", "A", "--home", str(tmp_path))
    run = ["session", "run", "--course", "A", "--source", str(picture), "--classifier", "cnn"]

    done = attendance("--home", str(tmp_path), *run)

    assert done.returncode == 1
    assert "attendance train identity --course A" in done.stderr
    assert json.loads(attendance("session", "list", "--json", f"--home={tmp_path}").stdout) == []
