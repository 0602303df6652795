"""ONNX Runtime reports nothing to its maker and leaves nothing outside the data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attendance_app.networks.manifest import model_path

OPEN_A_NETWORK = "from attendance_app.networks.runtime import open_network; open_network('mask.onnx')"
IN_A_CHILD = """
import subprocess, sys
import attendance_app
child = "import onnxruntime, sys; onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])"
subprocess.run([sys.executable, "-c", child, sys.argv[1]], check=True)
"""


@pytest.mark.parametrize("code", [OPEN_A_NETWORK, IN_A_CHILD], ids=["process", "child process"])
def test_opening_a_network_leaves_a_fresh_home_empty(tmp_path: Path, code: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    kept.pop("ORT_DISABLE_TELEMETRY", None)
    environment = kept | {"HOME": str(home), "USERPROFILE": str(home), "LOCALAPPDATA": str(home)}

    subprocess.run([sys.executable, "-c", code, str(model_path("mask.onnx"))], env=environment, check=True, timeout=120)

    assert sorted(home.rglob("*")) == []
