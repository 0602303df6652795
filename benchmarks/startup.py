"""Size and start of installed programs, side by side.

``python benchmarks/startup.py BEFORE/bin/python NOW/bin/python``: environments that have the program installed. Each
round starts every program once, so that a busy moment meets all of them alike.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

WINDOW = """
import os, sys
from PySide6.QtWidgets import QApplication

def painted(*_):
    QApplication.processEvents()
    os._exit(0)

QApplication.exec = painted
sys.argv = ["attendance", "--home", sys.argv[1]]
import runpy
runpy.run_module("attendance_app", run_name="__main__")
"""
BARE = """
import os
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.show()
application.processEvents()
os._exit(0)
"""


def megabytes(python: Path) -> float:
    """Size of an environment's files in MB, without compiled Python files."""
    folder = python.parent.parent
    # Some installers compile, others leave it to the first start; a link (bin/python) is no file of its own.
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and file.suffix != ".pyc")
    return sum(file.stat().st_size for file in files) / 1e6


def seconds(command: list[str]) -> float:
    # With that variable every start would compile the program anew.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    # elsewhere than in a checkout, whose package would be imported in place of the installed one
    subprocess.run(
        command,
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=tempfile.gettempdir(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def started(python: Path, what: str) -> float:
    """Seconds until the program has said its help, or its window (or a bare one) has been painted."""
    if what == "help":
        return seconds([str(python), "-m", "attendance_app", "--help"])
    with tempfile.TemporaryDirectory() as home:
        return seconds([str(python), "-c", WINDOW if what == "window" else BARE, home])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pythons", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    for python in asked.pythons:
        print(f"{python}: {megabytes(python):.0f} MB")
    for what in ("help", "window", "bare"):
        for python in asked.pythons:
            started(python, what)  # writes the compiled Python files
        times = [[started(python, what) for python in asked.pythons] for _ in range(asked.rounds)]
        for python, own in zip(asked.pythons, zip(*times, strict=True), strict=True):
            print(f"{what:7} {statistics.median(own):.2f} s (from {min(own):.2f} to {max(own):.2f})  {python}")


if __name__ == "__main__":
    main()
