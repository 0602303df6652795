"""Proves that ``dist/attendance`` runs without Python: ``uv run --no-project packaging/prove.py``. Linux only.

The folder is copied to a path with spaces and accents and used by somebody who can't write there (as root: by the user
``nobody``), with an empty home and an environment without PATH. Needs Xvfb, xdotool and ImageMagick. Pictures of the
window go to ``artifacts/packaging/``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "dist" / "attendance"
PICTURES: Final = ROOT / "artifacts" / "packaging"
NOBODY: Final = 65534
ABSENT: Final = {"S05", "S17"}
LATE: Final = {"S03", "S11", "S20"}
"""Who is so in the demo's lesson, of S01 to S24."""

FEWEST_COLOURS: Final = 200
"""Of a window with words, icons and buttons; a blank screen has one, a plain window some."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Installation:
    """A copy of the folder and somebody's empty home."""

    program: Path
    home: Path

    @property
    def demo(self) -> Path:
        """The data folder of the demo, in the place that the program chooses itself."""
        return self.home / ".local" / "share" / "attendance" / "demo"

    def start(self, *arguments: str, display: str | None = None) -> "subprocess.Popen[str]":
        """Start the program with nothing in its environment but a home, and for a window a screen and a language."""
        is_root = os.geteuid() == 0
        return subprocess.Popen(
            [str(self.program), *arguments],
            env={"HOME": str(self.home)} | ({"DISPLAY": display, "LANG": "C.UTF-8"} if display else {}),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            user=NOBODY if is_root else None,
            group=NOBODY if is_root else None,
            extra_groups=[] if is_root else None,
        )

    def run(self, *arguments: str, display: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; it must succeed."""
        process = self.start(*arguments, display=display)
        said, complained = process.communicate(timeout=300)
        done = subprocess.CompletedProcess(arguments, process.returncode, said, complained)
        require(done.returncode == 0, f"attendance {' '.join(arguments)}: {done.returncode}\n{said}\n{complained}")
        return done


def main() -> None:
    """Run every check; the first that fails ends with status 1."""
    with tempfile.TemporaryDirectory(prefix="attendance ") as place, virtual_screen() as display:
        installation = install(Path(place))
        before = files_of(installation.program.parent)
        began = time.monotonic()
        installation.run("--help")
        tell(f"it starts ({time.monotonic() - began:.2f} s)")
        for check in (doctor, demo, teach, laboratory, kill_and_resume, window):
            began = time.monotonic()
            said = check(installation, display)
            tell(f"{said} ({time.monotonic() - began:.0f} s)")
        require(files_of(installation.program.parent) == before, "The program wrote into its own folder.")
        tell("nothing was written into the program's folder")


def install(place: Path) -> Installation:
    """Copy the folder as an administrator would; hard links where they can be."""
    # Spaces and accents, as users' folders have them.
    home = place / "casa de Íñigo"
    home.mkdir()
    folder = place / "Programas y más" / "año 3º «B»"
    place.chmod(0o755)
    shutil.copytree(FOLDER, folder, symlinks=True, copy_function=_link)
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    else:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o555)
    return Installation(folder / "attendance", home)


def _link(source: str, target: str) -> None:
    try:
        # 560 MB need not be copied where a link does.
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def doctor(installation: Installation, display: str) -> str:
    """Everything but a camera is there; the questions to libraries are asked in child processes."""
    said = installation.run("doctor", display=display).stdout
    troubles = [line for line in said.splitlines() if line.startswith(("failed", "warning")) and "Camera" not in line]
    require(not troubles, f"The doctor finds:\n{said}")
    return "the doctor finds all well"


def demo(installation: Installation, display: str) -> str:
    """The demo's roll, headless, marks everybody rightly."""
    del display
    document = json.loads(installation.run("demo", "--headless", "--json").stdout)
    marked = {mark["student_id"]: mark["status"] for mark in document["marks"]}
    everybody = {f"S{number:02}" for number in range(1, 25)}
    expected = {one: "absent" if one in ABSENT else "late" if one in LATE else "present" for one in everybody}
    require(marked == expected, f"The demo's roll is wrong: {marked}")
    return "the demo's roll is right"


def teach(installation: Installation, display: str) -> str:
    """A course's head is trained in a child that multiprocessing starts."""
    del display
    said = installation.run("--home", str(installation.demo), "train", "identity", "--course", "DEMO").stdout
    require("Learnt 24 students" in said, f"The course was not learnt: {said}")
    return "the identity network learns the course in a process of its own"


def laboratory(installation: Installation, display: str) -> str:
    """Help says that the laboratory is not part of it, and no command that there is no Python for."""
    del display
    said = " ".join(installation.run("train", "--help").stdout.split())
    require("not part of this installation" in said and "pip install" not in said, f"The help says: {said}")
    return "the laboratory is said not to be part of it"


def kill_and_resume(installation: Installation, display: str) -> str:
    """Killed in the middle of a session, its marks are there and the next start goes on with it."""
    del display
    film = next(installation.demo.glob("lesson-*.avi"))
    there = ("--home", str(installation.demo), "--verbose")
    session = (*there, "session", "run", "--course", "DEMO", "--source", str(film))
    require(not is_plain(installation.demo / "attendance.sqlite3"), "The register is not encrypted.")
    already = count_marks(installation)
    process = installation.start(*session, "--realtime")
    wait_for("marks of a session", lambda: count_marks(installation) >= already + 5)
    process.kill()
    _, complained = process.communicate()
    require("FFmpeg's libraries are not called directly" not in complained, complained)
    kept = count_marks(installation)
    require(kept >= already + 5, "Marks were lost by the kill.")
    installation.run(*session)
    ended = [session["ended"] is not None for session in sessions_of(installation)]
    require(ended == [True, True], f"{len(ended)} sessions, {sum(ended)} of them ended")
    return "a session that was killed is gone on with, in an encrypted register"


def is_plain(register: Path) -> bool:
    """Whether any SQLite could open the file."""
    with register.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def sessions_of(installation: Installation) -> list[dict[str, str | None]]:
    """The demo's sessions, as the program itself lists them: nobody else can read an encrypted register."""
    listed = installation.run("--home", str(installation.demo), "session", "list", "--json").stdout
    return list(json.loads(listed))


def count_marks(installation: Installation) -> int:
    """Count the marks of all sessions; the program may be writing more."""
    there, marks = ("--home", str(installation.demo)), 0
    for session in sessions_of(installation):
        shown = installation.run(*there, "session", "show", str(session["session_id"]), "--json").stdout
        marks += sum(1 for mark in json.loads(shown)["marks"] if mark["status"] is not None)
    return marks


def window(installation: Installation, display: str) -> str:
    """The window shows, has its title, uses no Python from elsewhere, and opens again after a kill, in Spanish."""
    first = installation.start(display=display)
    look_at_window(first, display, "first-start")
    own = str(installation.program.parent)
    foreign = [name for name in mapped_files(first) if "python" in name.lower() and own not in name]
    require(not foreign, f"The window uses files of a Python elsewhere: {foreign}")
    first.kill()
    first.communicate()
    there = ("--home", str(installation.demo))
    installation.run(*there, "settings", "set", "language", "es")
    again = installation.start(*there, display=display)
    look_at_window(again, display, "demo-class-in-spanish")
    translated = [name for name in mapped_files(again) if name.endswith("qtbase_es.qm")]
    require(translated, "Qt's own words are not translated.")
    xdotool(display, "search", "--onlyvisible", "--name", "Attendance", "windowfocus", "--sync")
    xdotool(display, "key", "ctrl+q")
    _, complained = again.communicate(timeout=60)
    require((again.returncode, complained) == (0, ""), f"The window ended with {again.returncode}: {complained}")
    return "the window shows and closes"


def mapped_files(process: "subprocess.Popen[str]") -> set[str]:
    """Return the files that a process has in its memory."""
    lines = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").splitlines()
    return {line.split(maxsplit=5)[-1] for line in lines}


def look_at_window(process: "subprocess.Popen[str]", display: str, name: str) -> None:
    """Wait for the window's title and for a picture with something on it that stands still; keep the picture."""
    wait_for("the window", lambda: find_window(process, display))
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = PICTURES / f"{name}.png"
    before = ["0", ""]

    def stands_still() -> bool:
        subprocess.run(["import", "-display", display, "-window", "root", str(picture)], check=True)
        identify = ["identify", "-format", "%k %#", str(picture)]  # its number of colours, a hash of its pixels
        colours, pixels = subprocess.run(identify, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
        same, before[:] = before[1] == pixels, [colours, pixels]
        return same and int(colours) > FEWEST_COLOURS

    wait_for("something in the window", stands_still, every=1.5)


def find_window(process: "subprocess.Popen[str]", display: str) -> str:
    """Return the number of the visible window with the program's title, nothing if there is none yet."""
    require(process.poll() is None, f"The window's process ended with {process.returncode}.")
    return xdotool(display, "search", "--onlyvisible", "--name", "^Attendance$")


def xdotool(display: str, *words: str) -> str:
    """Return what xdotool prints, nothing when it fails."""
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True, check=False).stdout


@contextmanager
def virtual_screen() -> Iterator[str]:
    """A screen that exists in memory only; any local user may draw on it."""
    reading, writing = os.pipe()
    # -noreset: without it the server starts anew when the last program leaves, and sends away who comes just then
    command = ["Xvfb", "-ac", "-noreset", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as lines:
        number = lines.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def wait_for(what: str, condition: Callable[[], T], *, seconds: float = 120.0, every: float = 0.25) -> T:
    """Return the first true answer of ``condition``."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        require(time.monotonic() < end, f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(every)
    return answer


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file."""
    found = {}
    for file in folder.rglob("*"):
        state = file.lstat()
        found[str(file)] = (state.st_size, state.st_mtime_ns)
    return found


def require(condition: object, otherwise: str) -> None:
    """End with the reason unless ``condition`` holds."""
    if not condition:
        sys.exit(f"packaging: FAILED: {otherwise}")


def tell(what: str) -> None:
    """Print one line, at once."""
    print(f"packaging: {what}", flush=True)


if __name__ == "__main__":
    main()
