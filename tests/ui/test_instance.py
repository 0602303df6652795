"""One window a data folder."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from attendance_app.ui.instance import OpenWindow, call_open_window
from attendance_app.ui.waiting import wait_until

KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from attendance_app.ui.instance import OpenWindow
application = QCoreApplication([])
window = OpenWindow(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def sockets() -> set[str]:
    # Sockets only: other tests that run meanwhile have folders of such names there.
    return {path.name for path in Path(tempfile.gettempdir()).glob("attendance-*") if path.is_socket()}


def test_a_second_start_calls_the_first_window(qapp: QApplication, tmp_path: Path) -> None:
    window = OpenWindow(tmp_path)
    calls: list[bool] = []
    window.called.connect(lambda: calls.append(True))

    assert call_open_window(tmp_path)
    assert wait_until(lambda: bool(calls), 10)

    window.close()
    assert not call_open_window(tmp_path)


def test_another_folders_window_is_not_called(qapp: QApplication, tmp_path: Path) -> None:
    window = OpenWindow(tmp_path)
    try:
        assert not call_open_window(tmp_path / "another")
    finally:
        window.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, and its pipes end with their process")
def test_a_killed_window_is_in_nobodys_way(qapp: QApplication, tmp_path: Path) -> None:
    before = sockets()
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=60)
    if sys.platform == "linux":
        assert sockets() <= before
    assert not call_open_window(tmp_path)

    window = OpenWindow(tmp_path)
    try:
        assert call_open_window(tmp_path)
    finally:
        window.close()
        assert sockets() <= before
