"""The real program on a real (virtual) screen, with a mouse and a keyboard: from the first start to a CSV and back.

The clicks to a CSV: demo class, start, end, export. Pictures for whoever wants to look: ``artifacts/window/``.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import ImageGrab
from PIL.Image import Image
from session_csv import read_people_csv

from attendance_app.bootstrap import open_data
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.store.database import Store

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ARTEFACTS = CHECKOUT / "artifacts" / "window"
DEMO_BUTTON, FIRST_TILE, TOP_RIGHT = (457, 147), (745, 190), (1180, 37)
"""Where to click in a window of 1280 x 720 at the screen's corner: each target is at least 90 pixels wide."""

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True, slots=True)
class Screen:
    """A virtual screen with a mouse and a keyboard."""

    display: str

    def click(self, place: tuple[int, int]) -> None:
        self._tool("mousemove", str(place[0]), str(place[1]), "click", "1")

    def press(self, key: str) -> None:
        self._tool("key", key)

    def focus(self) -> None:
        """Do what a window manager would after a dialog: give the keyboard back to the window."""
        self._tool("search", "--onlyvisible", "--name", "Attendance", "windowfocus", "--sync")

    def picture(self, name: str, *, still: bool = True) -> None:
        """Keep a picture of the screen; ``still``: once it stands still, as somebody who looks before they click."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        picture = self._still() if still else ImageGrab.grab(xdisplay=self.display)
        picture.save(ARTEFACTS / f"{name}.png")

    def _still(self, *, seconds: float = 1.5, at_most: float = 30.0) -> Image:
        """The screen once something has been on it, unchanged, for ``seconds``."""
        end = time.monotonic() + at_most
        picture, since = ImageGrab.grab(xdisplay=self.display), time.monotonic()
        while time.monotonic() < min(end, since + seconds):
            time.sleep(0.25)
            now = ImageGrab.grab(xdisplay=self.display)
            if now.tobytes() != picture.tobytes() or len(now.getcolors(1 << 24)) < 3:
                picture, since = now, time.monotonic()
        return picture

    def _tool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.display}, check=True)


def require_tools() -> None:
    """Skip where there is no virtual screen or no hand for it; in CI, where both must be, fail."""
    lacking = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if not lacking:
        return
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(f"missing in CI: {', '.join(lacking)}")
    pytest.skip(f"needs {' and '.join(lacking)}")


@pytest.fixture
def screen() -> Iterator[Screen]:
    require_tools()
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as lines:
        number = lines.readline().strip()
    yield Screen(f":{number}")
    server.terminate()
    server.wait(10)


@dataclass(frozen=True, slots=True)
class Program:
    """Starts the program as a user would, on one data folder."""

    screen: Screen
    home: Path

    def start(self) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "DISPLAY": self.screen.display,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.home.parent),
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "attendance_app", "--home", str(self.home)], env=environment, cwd=self.home.parent
        )


def comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.25)
    return True


def wait_until(what: str, condition: Callable[[], bool], seconds: float = 90.0) -> None:
    if not comes_true(condition, seconds):
        pytest.fail(f"waited {seconds:.0f} s in vain for: {what}")


def click_until(screen: Screen, place: tuple[int, int], what: str, condition: Callable[[], bool]) -> None:
    """Click as people do on a slow machine: again when nothing has come of it."""
    for _attempt in range(6):
        screen.click(place)
        if comes_true(condition, 15):
            return
    screen.picture("nothing-came", still=False)
    pytest.fail(f"clicked in vain for: {what}")


def marks(store: Store) -> dict[str, Mark]:
    sessions = store.sessions.all()
    if not sessions:
        return {}
    numbers = {student.id: student.number for student in store.students.all()}
    return {numbers[mark.student_id]: mark for mark in store.marks.of_session(sessions[0].id)}


def is_now(store: Store, number: str, status: Status) -> bool:
    mark = marks(store).get(number)
    return mark is not None and mark.status is status


def test_from_the_first_start_to_a_csv_and_back(screen: Screen, tmp_path: Path) -> None:
    program = Program(screen, tmp_path / "data")
    running = program.start()
    wait_until("the data folder", (program.home / "attendance.log").exists)
    screen.picture("1-first-start")
    screen.click(DEMO_BUTTON)
    with open_data(program.home) as store:
        wait_until("the demo's film", lambda: any((program.home / "demo").glob("lesson-*.avi")))
        screen.picture("2-demo-ready")
        _take_the_roll(screen, store)
        exported = _end_and_export(screen, store, tmp_path)
        assert exported == {number: mark.status for number, mark in marks(store).items()}
    screen.press("Return")
    time.sleep(2)
    screen.focus()
    screen.press("ctrl+q")
    assert running.wait(30) == 0
    _restart(screen, program)


def _take_the_roll(screen: Screen, store: Store) -> None:
    click_until(screen, TOP_RIGHT, "a session", lambda: bool(store.sessions.all()))
    wait_until("22 marks by camera", lambda: len(marks(store)) >= 22)
    screen.picture("3-session", still=False)
    screen.click(FIRST_TILE)
    time.sleep(1)
    screen.press("a")
    wait_until("the correction", lambda: is_now(store, "S01", Status.ABSENT))
    assert marks(store)["S01"].marked_by is MarkedBy.TEACHER
    screen.picture("4-corrected", still=False)
    screen.press("ctrl+z")
    wait_until("its undoing", lambda: is_now(store, "S01", Status.PRESENT))


def _end_and_export(screen: Screen, store: Store, home: Path) -> dict[str, Status | None]:
    wait_until("everybody who came", lambda: sum(m.marked_by is MarkedBy.CAMERA for m in marks(store).values()) >= 22)
    screen.click(TOP_RIGHT)
    wait_until("the session's end", lambda: not store.sessions.unfinished())
    screen.picture("5-ended")
    screen.press("Return")
    wait_until("the export", lambda: bool(list(home.rglob("DEMO_*.csv"))))
    screen.picture("6-exported")
    return read_people_csv(next(home.rglob("DEMO_*.csv")))


def _restart(screen: Screen, program: Program) -> None:
    again = program.start()
    screen.picture("7-again")
    screen.focus()
    screen.press("ctrl+4")
    screen.picture("8-sessions")
    assert again.poll() is None
    screen.press("ctrl+q")
    assert again.wait(30) == 0
    assert "ERROR" not in (program.home / "attendance.log").read_text(encoding="utf-8")
