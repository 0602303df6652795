"""Compares how fast programs start: ``uv run --no-project packaging/starts.py PROGRAM PROGRAM ...``.

Takes turns, so that other work on the machine slows all of them alike; prints medians in seconds. ``--help`` is timed
to its end, the window of an empty data folder until it is on a virtual screen.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from prove import find_window, virtual_screen, wait_for

ROUNDS = 7


def main() -> None:
    """Time every program in turn, after one start of each that fills the disk's cache."""
    programs = sys.argv[1:]
    with virtual_screen() as display:
        for name, start in (("--help", help_seconds), ("window", lambda each: window_seconds(each, display))):
            report(name, programs, start)


def report(name: str, programs: list[str], start: Callable[[str], float]) -> None:
    """Print the medians of ``ROUNDS`` turns."""
    turns = [[start(program) for program in programs] for _ in range(ROUNDS + 1)][1:]
    medians = [statistics.median(column) for column in zip(*turns, strict=True)]
    print(f"{name}: " + ", ".join(f"{seconds:.2f} s {each}" for each, seconds in zip(programs, medians, strict=True)))


def help_seconds(program: str) -> float:
    """Seconds of ``--help``."""
    began = time.perf_counter()
    subprocess.run([program, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def window_seconds(program: str, display: str) -> float:
    """Seconds until the window is on the screen."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "DISPLAY": display, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        began = time.perf_counter()
        process = subprocess.Popen([str(Path(program).absolute())], env=environment, text=True)
        wait_for("the window", lambda: find_window(process, display), every=0.02)
        seconds = time.perf_counter() - began
        process.kill()
        process.wait()
        return seconds


if __name__ == "__main__":
    main()
