"""Enrolling, a session, the networks, a training and the window: no packet is sent and nobody's address is asked for.

On Linux in a network name space whose only way out leads nowhere; there and elsewhere Python's own connections are
written down too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import pytest
from nowhere import NAMESERVERS

TESTS = Path(__file__).resolve().parent.parent
ASKS = "import socket; socket.getaddrinfo('example.org', 80)"
SENDS = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'here', ('192.0.2.1', 9))"
WINDOW = """
import signal, subprocess, sys, time
program = subprocess.Popen([sys.executable, "-m", "attendance_app", "--home", sys.argv[1]])
time.sleep(20)
program.send_signal(signal.SIGTERM)
sys.exit(program.wait(60))
"""

pytestmark = pytest.mark.timeout(900)


def _name_spaces() -> bool:
    """Whether a name space can be made here; some systems forbid it."""
    if not all(shutil.which(tool) for tool in ("unshare", "ip", "mount")):
        return False
    return subprocess.run(["unshare", "-rnm", "true"], check=False, capture_output=True).returncode == 0


class Watched:
    """Runs commands with a home of their own, and knows what they sent."""

    def __init__(self, folder: Path, *, name_space: bool) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self._connections = folder / "connections.txt"
        self._packets = folder / "packets.txt"
        self._nameservers = folder / "resolv.conf"
        self._nameservers.write_text(NAMESERVERS)
        self._before: list[str] = []
        if name_space:
            nowhere = [sys.executable, str(TESTS / "nowhere.py"), str(self._packets), str(self._nameservers)]
            self._before = ["unshare", "-rnm", *nowhere]

    def run(self, *command: str, statuses: Sequence[int] = (0,)) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "PYTEST", "COV"))}
        environment = kept | {
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "LOCALAPPDATA": str(self.home),
            "PYTHONPATH": str(TESTS / "guard"),
            "CONNECTIONS_FILE": str(self._connections),
            "QT_QPA_PLATFORM": "offscreen",
        }
        done = subprocess.run(
            [*self._before, *command], env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode in statuses, done.stderr
        assert not self._before or self._packets.exists(), done.stderr

    def sent(self) -> str:
        """Return what has left, or tried to, a line each, since this was asked last."""
        files = [file for file in (self._connections, self._packets) if file.exists()]
        texts = [file.read_text(encoding="utf-8") for file in files]
        for file in files:
            file.unlink()
        return "".join(texts)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path, name_space=_name_spaces())


@pytest.mark.parametrize(("code", "trace"), [(ASKS, "example"), (SENDS, "192.0.2.1")])
def test_whoever_asks_or_sends_is_noticed(watched: Watched, code: str, trace: str) -> None:
    watched.run(sys.executable, "-c", code, statuses=(0, 1))

    assert trace in watched.sent()


def test_nothing_leaves(watched: Watched, tmp_path: Path) -> None:
    data = tmp_path / "data"
    attendance = (sys.executable, "-m", "attendance_app", "--home", str(data / "demo"))
    watched.run(sys.executable, "-m", "attendance_app", "--home", str(data), "demo", "--headless")
    photo = tmp_path / "photo.png"
    film = cv2.VideoCapture(str(next((data / "demo").glob("lesson-*.avi"))))
    assert cv2.imwrite(str(photo), film.read()[1])
    film.release()
    assert watched.sent() == ""
    for command in (
        ("identify", str(photo), "--course", "DEMO"),
        ("mask", str(photo)),
        ("train", "identity", "--course", "DEMO"),
        ("report", "messages", "DEMO", "--limit", "100", "--json"),
    ):
        watched.run(*attendance, *command)
        assert watched.sent() == "", command
    # It fails where there is no camera.
    watched.run(*attendance, "doctor", statuses=(0, 1))
    assert watched.sent() == ""
    watched.run(sys.executable, "-c", WINDOW, str(data / "demo"))

    assert watched.sent() == ""
    left = [path for path in watched.home.rglob("*") if path.is_file()]
    # The key of the one register, until its recovery key is confirmed (docs/adr/0038).
    assert [(path.parent.name, path.suffix) for path in left] == [("keys", ".key")], left
